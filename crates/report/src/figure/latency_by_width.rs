//! How does latency grow with width? One panel per pattern, one line per engine: median latency
//! over width at one depth, 95 % intervals.
//! Reads: cell, depth, width, latency_ns. Axes: channels, logarithmic; milliseconds, logarithmic.

use formbench_analysis::{
    AxisValue, Unit, View,
    absence::absences,
    rows::latencies,
    slice::{slice, width},
    view::Kinds,
};

use super::{FigureEntry, too_few_places};
use crate::canvas::Canvas;
use crate::caption::MEDIAN_LATENCY;
use crate::content::Content;
use crate::plot::{PanelStyle, panels};
use crate::theme::pattern_colour;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "latency-by-width",
    also: &[],
    question: "How does latency grow with width?",
    table,
    draw,
};

/// Everything the figure says, by pattern, engine and width.
fn table(view: &View<'_>) -> FigureTable {
    let slice = slice(view.cells(Kinds::Patterns), width, |cell| cell.depth);
    let rows = latencies(view, &slice.cells, |cell| width(cell).map(AxisValue::Channels));
    let absences = absences(view, &slice.cells);
    let statistic = format!("{MEDIAN_LATENCY}{}", slice.at("depth"));
    let content = Content {
        statistic,
        unit: Unit::Ms,
        against: None,
        section: None,
        group: "pattern",
        x: Some("width"),
        cells: slice.cells,
        rows,
        absences,
    };
    let table = FigureTable::new(&FIGURE, view, content);
    let too_few = too_few_places(&table.rows, "widths");
    table.omitted_if(too_few)
}

/// Draws the table as small multiples.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    panels(
        table,
        &PanelStyle {
            subtitle: "Median latency of one inference in ms, both axes logarithmic".to_string(),
            x_title: "width (channels out of the first stage)",
            log_x: true,
            group_colour: pattern_colour,
        },
    )
}
