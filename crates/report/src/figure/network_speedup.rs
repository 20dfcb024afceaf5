//! Which network gains most from acceleration? One mark per network and engine, in one order: speed-up, 95 %
//! interval; with each name whether people designed it or a search found it, and last the geometric mean of each.
//! Reads: cell, origin, latency_ns. Axis: ratio, logarithmic, from 1.

use formbench_analysis::{
    Unit, View,
    absence::absences_of_comparisons,
    speed_ups::network_speed_ups,
    usual_inputs::UsualInputs,
    view::{Kinds, sides},
};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::caption::baselines;
use crate::content::Content;
use crate::plot::{ForestStyle, Scale, forest};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "network-speedup",
    also: &[],
    question: "Which network gains most from acceleration?",
    table,
    draw,
};

/// Everything the figure says: the network that gains most first, ties by name; last the means.
fn table(view: &View<'_>) -> FigureTable {
    let comparisons = view.comparisons(Kinds::Networks);
    let images = UsualInputs::of(comparisons.iter().map(|pair| pair.accelerated));
    let baseline = baselines(comparisons.iter().map(|pair| pair.baseline));
    let statistic = format!(
        "{}Mark: speed-up over {baseline} on as many threads, the ratio of median latencies paired \
         within rounds, geometric mean over rounds; last, the geometric mean over the networks of \
         each origin",
        images.sentence()
    );
    let content = Content {
        statistic,
        unit: Unit::Ratio,
        against: Some(baseline),
        section: None,
        group: "network",
        x: None,
        cells: sides(&comparisons),
        rows: network_speed_ups(view, &comparisons, &images),
        absences: absences_of_comparisons(view, &comparisons),
    };
    FigureTable::new(&FIGURE, view, content)
}

/// Draws the table as a forest plot, a line where nothing is gained.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    forest(
        table,
        &ForestStyle {
            subtitle: table.speed_up_axis(),
            scale: Scale::Log { reference: Some(1.0) },
            group_colour: |_| None,
            crowded: false,
            greyed: |_| false,
            stepped: false,
        },
    )
}
