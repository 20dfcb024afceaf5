//! How long does a network take? One mark per network and engine: median latency, 95 % interval.
//! Reads: cell, latency_ns. Axis: milliseconds, logarithmic.

use formbench_analysis::{Unit, View, absence::absences, rows::latencies, view::Kinds};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::caption::MEDIAN_LATENCY;
use crate::content::Content;
use crate::plot::{ForestStyle, Scale, forest};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "skeleton",
    also: &[],
    question: "How long does a network take?",
    table,
    draw,
};

/// Everything the figure says; draws nothing.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells(Kinds::Networks);
    let content = Content {
        statistic: MEDIAN_LATENCY.to_string(),
        unit: Unit::Ms,
        against: None,
        section: None,
        group: "network",
        x: None,
        rows: latencies(view, &cells, |_| None),
        absences: absences(view, &cells),
        cells,
    };
    FigureTable::new(&FIGURE, view, content)
}

/// Draws the table; computes nothing.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    let subtitle = "Median latency in ms, logarithmic axis".to_string();
    let scale = Scale::Log { reference: None };
    let style = ForestStyle {
        subtitle,
        scale,
        group_colour: |_| None,
        crowded: false,
        greyed: |_| false,
        stepped: false,
    };
    forest(table, &style)
}
