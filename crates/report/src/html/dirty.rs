use maud::{Markup, html};

use super::Report;
use super::supplement::DirtyRow;
use super::table::{Column, Field, Line, Table, table};
use crate::number::{grouped, percent};

/// Returns the blocks that were disturbed, by reason, if anybody judged them.
pub(super) fn body(report: &Report<'_>) -> Option<Markup> {
    let rows = report.supplement.dirty.as_ref()?;
    if rows.is_empty() {
        return Some(html! { p { "No block was disturbed." } });
    }
    let by_reason = Table {
        id: "dirty-table".to_string(),
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

fn line(row: &DirtyRow) -> Line {
    let share = Field::number(&percent(row.share), &[row.share]);
    let fields = vec![Field::text(&row.reason), Field::text(&grouped(row.blocks)), share];
    Line { fields, ..Line::default() }
}
