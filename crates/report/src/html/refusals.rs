use std::collections::{BTreeMap, BTreeSet};

use formbench_analysis::{Refused, Run, number::counted};
use formbench_store::CellRow;
use maud::{Markup, html};

use super::Report;
use super::table::{Column, Field, Keys, Line, Table, table};

/// Architectures that a row names before it folds them.
const MOST_NAMES: usize = 4;

/// The cells of each reason.
pub(super) struct Refusals<'a>(BTreeMap<Refused, BTreeMap<&'a str, &'a CellRow>>);

impl<'a> Refusals<'a> {
    /// Returns the refusals of those cells that are asked for.
    pub(super) fn of(run: &'a Run, asked: &BTreeSet<&str>) -> Self {
        let mut of_reason: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for refusal in run.refusals.iter().filter(|row| asked.contains(row.cell.as_str())) {
            if let Some(cell) = run.cells.get(&refusal.cell) {
                let cells = of_reason.entry(Refused::from(refusal)).or_default();
                cells.insert(cell.cell.as_str(), cell);
            }
        }
        Self(of_reason)
    }

    /// Returns the `id` of a reason's row.
    pub(super) fn id(&self, refused: &Refused) -> Option<String> {
        self.0.keys().position(|other| other == refused).map(|at| format!("refusal-{}", at + 1))
    }

    /// Returns the number of cells that were refused in some round.
    pub(super) fn cells(&self) -> usize {
        self.0.values().flat_map(BTreeMap::keys).collect::<BTreeSet<_>>().len()
    }
}

/// Returns why cells have no samples, or no more of them.
pub(super) fn body(report: &Report<'_>) -> Markup {
    let Refusals(of_reason) = &report.refusals;
    if of_reason.is_empty() {
        return html! { p { "No cell was refused." } };
    }
    let [kind, engine, architectures] = ["kind", "engine", "architectures"].map(Column::words);
    let [reason, remedy] = ["what happened", "remedy"].map(Column::sentences);
    let lines = of_reason.iter().map(|(refused, cells)| {
        let cells: Vec<&CellRow> = cells.values().copied().collect();
        line(report.refusals.id(refused), refused, &cells)
    });
    let by_reason = Table {
        id: "refusals-table".to_string(),
        caption: "Refusals by reason".to_string(),
        columns: vec![kind, Column::number("cells"), reason, remedy, engine, architectures],
        lines: lines.collect(),
    };
    html! {
        p { (counted(report.refusals.cells(), "cell")) " have no samples, or not in every round." }
        (table(&by_reason))
    }
}

fn line(id: Option<String>, refused: &Refused, cells: &[&CellRow]) -> Line {
    let names = |name: fn(&CellRow) -> String| -> Vec<String> {
        cells.iter().map(|cell| name(cell)).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let architectures = names(CellRow::architecture);
    let threads: BTreeSet<u32> = cells.iter().map(|cell| cell.threads).collect();
    let fields = vec![
        Field::text(refused.kind.label()),
        Field::text(&cells.len().to_string()),
        Field::text(&refused.reason),
        Field::text(refused.remedy.as_deref().unwrap_or("none known")),
        Field::text(&names(CellRow::engine_label).join(", ")),
        Field::markup(which(&architectures)),
    ];
    let engines = names(|cell| cell.engine.clone());
    let keys = Keys { engines, architectures, threads: threads.into_iter().collect() };
    Line { id, keys, fields }
}

fn which(architectures: &[String]) -> Markup {
    let names = architectures.join(", ");
    html! {
        @if architectures.len() > MOST_NAMES {
            details { summary { (counted(architectures.len(), "architecture")) } (names) }
        } @else {
            (names)
        }
    }
}
