use formbench_analysis::{
    ReasonCount,
    number::{grouped, percent},
};
use maud::{Markup, html};

use super::Report;
use super::table::{Column, Field, Line, Table, table};

/// Returns the blocks that were disturbed, by reason, if there are any blocks.
pub(super) fn body(report: &Report<'_>) -> Option<Markup> {
    let rows = report.supplement.disturbed.as_ref()?;
    if rows.is_empty() {
        return Some(html! { p { "No block was disturbed." } });
    }
    let by_reason = Table {
        id: "disturbed-table".to_string(),
        caption: "Disturbed blocks by reason; a block may have several".to_string(),
        columns: vec![
            Column::words("reason"),
            Column::number("blocks"),
            Column::number("share of all"),
        ],
        lines: rows.iter().map(line).collect(),
    };
    Some(html! {
        p { "Something else than the engine was at work while these were taken. They stay in the data." }
        (table(&by_reason))
    })
}

fn line(row: &ReasonCount) -> Line {
    let share = Field::number(&percent(row.share), &[row.share]);
    let fields = vec![Field::text(&row.meaning), Field::text(&grouped(row.blocks)), share];
    Line { fields, ..Line::default() }
}
