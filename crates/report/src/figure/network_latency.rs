//! How long does one inference of each network take? One mark per network and engine: median
//! latency, 95 % interval.
//! Reads: cell, latency_ns. Axis: milliseconds, logarithmic.

use formbench_analysis::{
    Unit, View, absence::absences, choice::beside_published, rows::network_latencies,
    usual_inputs::UsualInputs, view::Kinds,
};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::caption::MEDIAN_LATENCY;
use crate::content::Content;
use crate::plot::{ForestStyle, Scale, forest};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "network-latency",
    also: &[],
    question: "How long does one inference of each network take?",
    table,
    draw,
};

/// Everything the figure says: the fastest network first, ties by name.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells(Kinds::Networks);
    let images = UsualInputs::of(cells.iter().copied());
    let rows = network_latencies(view, &cells, &images);
    let absences = absences(view, &cells);
    let beside =
        beside_published(view, &cells).map_or_else(String::new, |said| format!("{said}. "));
    let content = Content {
        statistic: format!("{}{beside}{MEDIAN_LATENCY}", images.sentence()),
        unit: Unit::Ms,
        against: None,
        section: None,
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
        &ForestStyle {
            subtitle,
            scale: Scale::Log { reference: None },
            group_colour: |_| None,
            crowded: false,
            greyed: |_| false,
            stepped: false,
        },
    )
}
