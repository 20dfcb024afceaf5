//! How do MACs, the hit rate of the last-level cache and latency correlate? One part per pair of
//! the three and cache, one line per pattern and one of all: Spearman's rank correlation over
//! architectures, one mark per engine, 95 % interval.
//! Reads: cell, macs, caches, latency_ns. Axis: correlation, from -1 to 1.

use formbench_analysis::{
    Unit, View, absence::absences, correlation::macs_cache_latency, hit_rate::sources, view::Kinds,
};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::content::Content;
use crate::plot::{ForestStyle, Scale, forest};
use crate::theme::known_pattern_colour;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "macs-l3-latency",
    also: &[],
    question: "How are MACs, the efficacy (hit rate) of the last-level cache and latency related?",
    table,
    draw,
};

/// Everything the figure says, by relation, pattern and engine.
fn table(view: &View<'_>) -> FigureTable {
    let cells = view.cells(Kinds::All);
    let (rows, uncorrelated) = macs_cache_latency(view, &cells);
    let statistic = format!(
        "{} Mark: Spearman\u{2019}s rank correlation over architectures of MACs of one inference, share of \
         references to the last-level cache that it serves, and median latency: 1 where more of one \
         always comes with more of the other",
        sources(view, &cells)
    );
    let content = Content {
        statistic: statistic.trim_start().to_string(),
        unit: Unit::RankCorrelation,
        against: None,
        section: Some("relation"),
        group: "pattern",
        x: None,
        absences: [absences(view, &cells), uncorrelated].concat(),
        cells,
        rows,
    };
    FigureTable::new(&FIGURE, view, content)
}

/// Draws the table as a forest plot, a line at no correlation.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    forest(
        table,
        &ForestStyle {
            subtitle: "Rank correlation over architectures, by engine".to_string(),
            scale: Scale::Linear { range: (-1.0, 1.0), reference: 0.0 },
            group_colour: known_pattern_colour,
            crowded: false,
            greyed: |row| row.low <= 0.0 && row.high >= 0.0,
            stepped: false,
        },
    )
}
