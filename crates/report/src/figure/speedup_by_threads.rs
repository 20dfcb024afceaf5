//! Does an engine gain as much on all threads as on one? One panel per engine, one mark per architecture: speed-up on
//! the most threads over that on the fewest, a line where both are the same.
//! Reads: cell, threads, latency_ns. Axes: ratio, logarithmic.

use formbench_analysis::{
    Unit, View,
    absence::absences_of_comparisons,
    speed_ups::by_threads,
    usual_inputs::UsualInputs,
    view::{Kinds, sides},
};

use super::FigureEntry;
use super::latency_by_macs::{architecture_legend, architecture_marker};
use crate::canvas::Canvas;
use crate::caption::baselines;
use crate::content::Content;
use crate::plot::{Course, Guide, ScatterStyle, YScale, scatter};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "speedup-by-threads",
    also: &[],
    question: "Does an engine gain as much on all threads as on one?",
    table,
    draw,
};

/// Everything the figure says, by engine and architecture.
fn table(view: &View<'_>) -> FigureTable {
    let comparisons = view.comparisons(Kinds::All);
    let images = UsualInputs::of(comparisons.iter().map(|pair| pair.accelerated));
    let baseline = baselines(comparisons.iter().map(|pair| pair.baseline));
    let rows = by_threads(view, &comparisons, &images);
    let missing = rows
        .is_empty()
        .then(|| "no architecture was measured on one thread and on several".to_string());
    let content = Content {
        statistic: format!(
            "{}Mark: an architecture measured on both; y: speed-up over {baseline} on the most threads, x: on the \
             fewest, each the ratio of median latencies paired within rounds, geometric mean over rounds",
            images.sentence()
        ),
        unit: Unit::Ratio,
        against: Some(baseline),
        section: None,
        group: "architecture",
        x: Some("on fewest threads"),
        cells: sides(&comparisons),
        rows,
        absences: absences_of_comparisons(view, &comparisons),
    };
    FigureTable::new(&FIGURE, view, content).omitted_if(missing)
}

/// Draws the table as a scatter for each engine.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    let same = Guide { label: "the same".to_string(), course: Course::Ratio(1.0) };
    scatter(
        table,
        &ScatterStyle {
            subtitle: format!(
                "{} on the most threads, both axes logarithmic",
                formbench_analysis::text::capital(&table.speed_up())
            ),
            x_title: "speed-up on the fewest threads",
            x_unit: 1.0,
            y: YScale::Log,
            panels: table.series().into_iter().map(|series| (series.label, None)).collect(),
            panel: |row| &row.series.label,
            legend: architecture_legend(table),
            look: architecture_marker,
            rank: |row| Some((row.value / row.x.map_or(row.value, |x| x.value())).ln()),
            guides: vec![same],
            square: true,
        },
    )
}
