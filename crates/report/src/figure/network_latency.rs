//! How long does one inference of each network take? One mark per network and engine: median
//! latency, 95 % interval.
//! Reads: cell, latency_ns. Axis: milliseconds, logarithmic.

use super::FigureEntry;
use crate::absence::absences;
use crate::canvas::Canvas;
use crate::caption::MEDIAN_LATENCY;
use crate::figure_table::Content;
use crate::plot::{ForestStyle, forest};
use crate::rows::{latencies, sort_by_best};
use crate::{FigureTable, ReportError, Unit, View};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "network-latency",
    question: "How long does one inference of each network take?",
    table,
    draw,
};

/// Everything the figure says: the fastest network first, ties by name.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells("network");
    let mut rows = latencies(view, &cells, |_| None);
    sort_by_best(&mut rows, |row| row.value);
    let absences = absences(view, &cells);
    let content = Content {
        statistic: MEDIAN_LATENCY.to_string(),
        unit: Unit::Ms,
        against: None,
        group: "network",
        x: None,
        cells,
        rows,
        absences,
    };
    FigureTable::new(&FIGURE, view, content)
}

/// Draws the table as a forest plot.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    let subtitle = "Median latency of one inference in ms, logarithmic axis".to_string();
    forest(
        table,
        &ForestStyle { subtitle, reference: None, group_colour: |_| None, stepped: false },
    )
}
