//! How does the hit rate of the last-level cache change with width? One row of panels per cache,
//! one panel per pattern, one line per engine: share of references that the cache serves, over
//! width at one depth.
//! Reads: cell, depth, width, caches. Axes: channels, logarithmic; percent, from 0 to 100.

use formbench_analysis::{
    AxisValue, Unit, View,
    absence::absences_of_caches,
    hit_rate::{hit_rates, sources},
    slice::{slice, width},
    view::Kinds,
};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::caption::PERCENT_SERVED;
use crate::content::Content;
use crate::plot::{PanelStyle, YScale, panels};
use crate::theme::pattern_colour;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "l3-efficacy-by-width",
    question: "How does the efficacy of the last-level cache change with width?",
    table,
    draw,
};

/// Everything the figure says, by cache, pattern, engine and width.
fn table(view: &View<'_>) -> FigureTable {
    let slice = slice(view.cells(Kinds::Patterns), width, |cell| cell.depth);
    let rows = hit_rates(view, &slice.cells, |cell| width(cell).map(AxisValue::Channels));
    let (at, sources) = (slice.at("depth"), sources(view, &slice.cells));
    let statistic = format!("{PERCENT_SERVED}{at}. {sources}").trim_end().to_string();
    let content = Content {
        statistic,
        unit: Unit::Percent,
        against: None,
        section: Some("cache"),
        group: "pattern",
        x: Some("width"),
        absences: absences_of_caches(view, &slice.cells),
        cells: slice.cells,
        rows,
    };
    FigureTable::new(&FIGURE, view, content)
}

/// Draws the table as small multiples, a row of them for each cache.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    panels(
        table,
        &PanelStyle {
            subtitle: "References to the last-level cache that it serves itself, in percent"
                .to_string(),
            x_title: "width (channels out of the first stage)",
            log_x: true,
            y: YScale::Percent,
            group_colour: pattern_colour,
        },
    )
}
