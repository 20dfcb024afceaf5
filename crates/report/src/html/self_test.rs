use formbench_store::CheckRow;
use maud::{Markup, html};

use super::Report;
use super::table::{Column, Field, Line, Table, table};

/// Returns what the harness found of itself, or how to ask it.
pub(super) fn body(report: &Report<'_>) -> Markup {
    let rows = &report.supplement.self_test;
    if rows.is_empty() {
        return html! {
            p {
                "Not asked for this report. " code { "formbench selftest" } " times engines whose \
                 latency is known: one that does nothing, which shows what the harness adds, and \
                 ones that wait for a known time, which it must recover."
            }
        };
    }
    let checks = Table {
        id: "self-test-table".to_string(),
        caption: "Engines of known latency, measured as any other".to_string(),
        columns: ["check", "expected", "measured", "passed"].map(Column::words).into(),
        lines: rows.iter().map(line).collect(),
    };
    html! { (table(&checks)) }
}

fn line(row: &CheckRow) -> Line {
    let texts = [row.check.as_str(), &row.expected, &row.measured, row.outcome()];
    Line { fields: texts.map(Field::text).into(), ..Line::default() }
}
