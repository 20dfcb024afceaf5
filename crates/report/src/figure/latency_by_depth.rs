//! How does latency grow with depth? One panel per pattern, one line per engine: median latency
//! over depth at one width, 95 % intervals.
//! Reads: cell, depth, width, latency_ns. Axes: blocks; milliseconds, logarithmic.

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
    name: "latency-by-depth",
    also: &[],
    question: "How does latency grow with depth?",
    table,
    draw,
};

/// Everything the figure says, by pattern, engine and depth.
fn table(view: &View<'_>) -> FigureTable {
    let slice = slice(view.cells(Kinds::Patterns), |cell| cell.depth, width);
    let rows = latencies(view, &slice.cells, |cell| Some(AxisValue::Count(cell.depth?.into())));
    let absences = absences(view, &slice.cells);
    let statistic = format!("{MEDIAN_LATENCY}{}", slice.at("width"));
    let content = Content {
        statistic,
        unit: Unit::Ms,
        against: None,
        section: None,
        group: "pattern",
        x: Some("depth"),
        cells: slice.cells,
        rows,
        absences,
    };
    let table = FigureTable::new(&FIGURE, view, content);
    let too_few = too_few_places(&table.rows, "depths");
    table.omitted_if(too_few)
}

/// Draws the table as small multiples.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    panels(
        table,
        &PanelStyle {
            subtitle: "Median latency of one inference in ms, logarithmic axis".to_string(),
            x_title: "depth (blocks)",
            log_x: false,
            group_colour: pattern_colour,
        },
    )
}
