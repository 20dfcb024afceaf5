//! How much does each engine speed up each pattern? One row per pattern, one column per engine: geometric mean
//! speed-up over targets of cost and depths, where all patterns cost the same.
//! Reads: cell, matched, latency_ns. Cells: ratio, shaded by its logarithm.

use formbench_analysis::{
    Unit, View,
    absence::absences_of_comparisons,
    speed_ups::speed_ups,
    view::{Kinds, sides},
};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::caption::baselines;
use crate::content::Content;
use crate::plot::heatmap;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "speedup-heatmap",
    also: &["speedup-at-equal-macs"],
    question: "How much does each engine speed up each pattern?",
    table,
    draw,
};

/// Everything the figure says: the pattern that gains most first, ties by name.
fn table(view: &View<'_>) -> FigureTable {
    let mut comparisons = view.comparisons(Kinds::Patterns);
    let is_matched = |pair: &formbench_analysis::view::Comparison<'_>| {
        let attributes = view.run.attributes_of(pair.accelerated);
        attributes.is_some_and(|attributes| attributes.matched().is_some())
    };
    if comparisons.iter().any(is_matched) {
        comparisons.retain(is_matched);
    }
    let baseline = baselines(comparisons.iter().map(|pair| pair.baseline));
    let content = Content {
        statistic: format!(
            "Number: geometric mean over a pattern\u{2019}s cells of the speed-up over {baseline}, the ratio of median \
             latencies paired within rounds, and its interval below; where some cells were matched to a \
             number of MACs, these alone"
        ),
        unit: Unit::Ratio,
        against: Some(baseline),
        section: None,
        group: "pattern",
        x: None,
        cells: sides(&comparisons),
        rows: speed_ups(view, &comparisons),
        absences: absences_of_comparisons(view, &comparisons),
    };
    FigureTable::new(&FIGURE, view, content)
}

/// Draws the table as a heat map.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    let shade = "darker blue: gains more; darker orange: loses more";
    let subtitle = format!("{}; {shade}", formbench_analysis::text::capital(&table.speed_up()));
    heatmap(table, &subtitle, |row| row.value)
}
