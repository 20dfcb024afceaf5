//! On what does each engine save its time? One row per kind of work, one column per engine: the share of all that the engine
//! saves over its baseline.
//! Reads: cell, operators. Cells: percent, shaded.

use formbench_analysis::{
    Unit, View,
    anatomy::{LEAST_SAVED, profiled, saving_rows},
    view::{Kinds, sides},
};

use super::{FigureEntry, speedup_anatomy::untimed};
use crate::canvas::Canvas;
use crate::caption::baselines;
use crate::content::Content;
use crate::plot::heatmap;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "saved-by-kind",
    also: &[
        "speedup-anatomy",
        "network-speedup",
        "speedup-by-pattern",
        "speedup-heatmap",
        "speedup-at-equal-macs",
    ],
    question: "On what kind of work does each engine save its time?",
    table,
    draw,
};

/// Everything the figure says: the kind on which most is saved first.
fn table(view: &View<'_>) -> FigureTable {
    let comparisons = profiled(view, &view.comparisons(Kinds::All));
    let baseline = baselines(comparisons.iter().map(|pair| pair.baseline));
    let (rows, left_out) = saving_rows(view, &comparisons);
    let few = match left_out.as_slice() {
        [] => String::new(),
        engines => format!(
            ". Left out, since so little is saved that its shares say nothing (less than {:.0} %): {}",
            100.0 * LEAST_SAVED,
            engines.join(", ")
        ),
    };
    let why = format!("no engine saves {:.0} % of the latency on {baseline}", 100.0 * LEAST_SAVED);
    let nothing = (rows.is_empty() && !left_out.is_empty()).then_some(why);
    let content = Content {
        statistic: format!(
            "Number: what operators of a kind take less than on {baseline}, in percent of all that the engine saves; an \
             architecture counts by the share of its latency that is saved; below 0 where the engine takes longer. Interval: \
             95 % of a bootstrap over architectures, one profile each. An operator that an engine made of several counts as \
             its heaviest{few}"
        ),
        unit: Unit::Percent,
        against: Some(baseline),
        section: None,
        group: "work",
        x: None,
        cells: sides(&comparisons),
        rows,
        absences: Vec::new(),
    };
    FigureTable::new(&FIGURE, view, content).omitted_for(nothing).omitted_for(untimed(view))
}

/// Draws the table as a heat map.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    let against = table.against.as_deref().unwrap_or("the baseline");
    heatmap(
        table,
        &format!(
            "Percent of the time that an engine saves over {against}; blue: saved, orange: lost"
        ),
        // Half of all is about as dark as can be, and so is as much lost.
        |row| (row.value / 30.0).exp(),
    )
}
