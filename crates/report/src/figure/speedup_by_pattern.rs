//! Which pattern gains most from acceleration? One mark per pattern and engine: geometric mean
//! speed-up over the pattern's depths and widths, 95 % interval.
//! Reads: cell, latency_ns. Axis: ratio, logarithmic, from 1.

use std::collections::BTreeSet;
use std::fmt::Display;

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
use crate::plot::{ForestStyle, Scale, forest};
use crate::theme::pattern_colour;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "speedup-by-pattern",
    also: &[],
    question: "Which pattern gains most from acceleration?",
    table,
    draw,
};

/// Everything the figure says: the pattern that gains most first, ties by name.
fn table(view: &View<'_>) -> FigureTable {
    let comparisons = view.comparisons(Kinds::Patterns);
    let rows = speed_ups(view, &comparisons);
    let absences = absences_of_comparisons(view, &comparisons);
    let baseline = baselines(comparisons.iter().map(|pair| pair.baseline));
    let forms = || comparisons.iter().filter_map(|pair| pair.accelerated.form());
    let statistic = format!(
        "Mark: geometric mean over a pattern's cells ({}, {}) of the speed-up over {baseline}, the ratio \
         of median latencies paired within rounds",
        each("depth", forms().map(|(depth, _)| depth)),
        each("width", forms().map(|(_, width)| width)),
    );
    let content = Content {
        statistic,
        unit: Unit::Ratio,
        against: Some(baseline),
        section: None,
        group: "pattern",
        x: None,
        cells: sides(&comparisons),
        rows,
        absences,
    };
    FigureTable::new(&FIGURE, view, content)
}

/// Returns the values of a parameter, such as `depths 8 and 20`, or its name without any.
fn each<T: Ord + Display>(parameter: &str, values: impl Iterator<Item = T>) -> String {
    let values: BTreeSet<T> = values.collect();
    let plural = if values.len() == 1 { "" } else { "s" };
    let values: Vec<String> = values.iter().map(T::to_string).collect();
    let name = format!("{parameter}{plural}");
    match values.split_last() {
        None => name,
        Some((only, [])) => format!("{name} {only}"),
        Some((last, others)) => format!("{name} {} and {last}", others.join(", ")),
    }
}

/// Draws the table as a forest plot, a line where nothing is gained.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    forest(
        table,
        &ForestStyle {
            subtitle: table.speed_up_axis(),
            scale: Scale::Log { reference: Some(1.0) },
            group_colour: |name| Some(pattern_colour(name)),
            crowded: false,
            greyed: |_| false,
            stepped: false,
        },
    )
}
