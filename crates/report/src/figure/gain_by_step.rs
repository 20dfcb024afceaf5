//! How much does each rewriting gain, whatever the order? One mark per option that an engine's settings change, and architecture:
//! how many times as fast that step makes it in the geometric mean over all orders of the steps, 95 % interval.
//! Reads: cell, options, latency_ns. Axis: ratio, logarithmic, around 1.

use formbench_analysis::{
    Unit, View,
    absence::absences_of_comparisons,
    number::counted,
    rows::sort_by_best,
    steps::{StepGains, step_gains},
    view::sides,
};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::caption::baselines;
use crate::content::Content;
use crate::plot::{ForestStyle, Scale, forest};
use crate::theme::known_pattern_colour;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "gain-by-step",
    also: &[],
    question: "How much does each rewriting gain, whatever the order they come in?",
    table,
    draw,
};

/// Everything the figure says: what gains most by its best step first, ties by name.
fn table(view: &View<'_>) -> FigureTable {
    let gains = step_gains(view);
    let baseline = baselines(gains.comparisons.iter().map(|pair| pair.baseline));
    let statistic = statistic(&gains, &baseline);
    let StepGains { mut rows, comparisons, .. } = gains;
    sort_by_best(&mut rows, |row| -row.value);
    let content = Content {
        statistic,
        unit: Unit::Ratio,
        against: Some(baseline),
        section: None,
        group: "architecture",
        x: None,
        cells: sides(&comparisons),
        rows,
        absences: absences_of_comparisons(view, &comparisons),
    };
    FigureTable::new(&FIGURE, view, content)
}

fn statistic(gains: &StepGains<'_>, baseline: &str) -> String {
    let incomplete = match gains.incomplete {
        0 => String::new(),
        count => format!(" ({} without all combinations left out)", counted(count, "architecture")),
    };
    let dependent = gains.most_dependent.as_ref().map_or_else(String::new, |most| {
        let [least, largest] = most.gains;
        format!(
            ". The gain that depends most on what was changed before is that of {} on {}: {least:.2} \u{d7} to {largest:.2} \u{d7}",
            most.option, most.architecture
        )
    });
    format!(
        "{}Mark: how many times as fast a change of one option makes an architecture, in the geometric mean over all orders in which \
         the options can be changed from {baseline} (Shapley); the product of an architecture\u{2019}s marks is what all changes gain \
         together{incomplete}{dependent}",
        gains.images.sentence(),
    )
}

/// Draws the table as a forest plot around where nothing is gained.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    forest(
        table,
        &ForestStyle {
            subtitle: "Times as fast by this step, mean over all orders of the steps".to_owned(),
            scale: Scale::Log { reference: Some(1.0) },
            group_colour: known_pattern_colour,
            crowded: false,
            greyed: |_| false,
            stepped: false,
        },
    )
}
