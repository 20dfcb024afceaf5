//! Where does the time of an inference go, on the baseline and on each engine? One bar per architecture and engine, a piece
//! per kind of work, as a share of the baseline's latency.
//! Reads: cell, operators. Axis: percent, from 0.

use formbench_analysis::{
    Unit, View,
    anatomy::{anatomy, profiled},
    usual_inputs::UsualInputs,
    view::{Kinds, sides},
};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::caption::baselines;
use crate::content::Content;
use crate::plot::stack;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "speedup-anatomy",
    also: &["network-speedup", "speedup-by-pattern", "speedup-heatmap", "speedup-at-equal-macs"],
    question: "Where does the time of an inference go, and what does each engine save?",
    table,
    draw,
};

/// Everything the figure says: the architecture whose engines gain most first.
fn table(view: &View<'_>) -> FigureTable {
    let comparisons = profiled(view, &view.comparisons(Kinds::All));
    let images = UsualInputs::of(comparisons.iter().map(|pair| pair.accelerated));
    let baseline = baselines(comparisons.iter().map(|pair| pair.baseline));
    let content = Content {
        statistic: format!(
            "{}Piece: what operators of a kind take, in percent of the latency on {baseline}, one thread; an operator that \
             an engine made of several counts as its heaviest. Times are those of each engine\u{2019}s own profiler. Between \
             operators: what is left of the latency without the profiler",
            images.sentence()
        ),
        unit: Unit::Percent,
        against: Some(baseline),
        section: Some("architecture"),
        group: "work",
        x: None,
        cells: sides(&comparisons),
        rows: anatomy(view, &comparisons, &images),
        absences: Vec::new(),
    };
    FigureTable::new(&FIGURE, view, content).omitted_for(untimed(view))
}

/// Returns that no operators were timed, if so.
pub(super) fn untimed(view: &View<'_>) -> Option<String> {
    let why = "no operators were timed: `formbench profile RUN` does";
    view.run.operators.is_empty().then(|| why.to_string())
}

/// Draws the table as stacked bars.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    let against = table.against.as_deref().unwrap_or("the baseline");
    stack(table, &format!("Time of an inference in percent of that on {against}, by kind of work"))
}
