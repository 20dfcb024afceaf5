//! How much of a speed-up is graph optimisation and how much is kernels? One step per value of the
//! option in which an engine's settings differ: geometric mean speed-up of each pattern or network
//! over the baseline's value, in the order of the experiment, 95 % interval.
//! Reads: cell, options, latency_ns. Axis: ratio, logarithmic, from 1.

use formbench_analysis::{
    Unit, View,
    absence::absences_of_comparisons,
    ladder::{Ladder, ladder},
    number::counted,
    rows::sort_by_best,
    speed_ups::mean_speed_ups,
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
    name: "speedup-ladder",
    also: &[],
    question: "How much of a speed-up is graph optimisation and how much is kernels?",
    table,
    draw,
};

/// Everything the figure says: what gains most first, ties by name; steps as the experiment lists
/// them.
fn table(view: &View<'_>) -> FigureTable {
    let ladder = ladder(view);
    let steps: Vec<_> = ladder.steps.iter().map(|(pair, _)| *pair).collect();
    let baseline = baselines(steps.iter().map(|pair| pair.baseline));
    let mut rows = mean_speed_ups(view, &ladder.steps);
    sort_by_best(&mut rows, |row| -row.value);
    let content = Content {
        statistic: statistic(&ladder, &baseline),
        unit: Unit::Ratio,
        against: Some(baseline),
        section: None,
        group: "architecture",
        x: Some("step"),
        cells: sides(&steps),
        rows,
        absences: absences_of_comparisons(view, &steps),
    };
    FigureTable::new(&FIGURE, view, content)
}

fn statistic(ladder: &Ladder<'_>, baseline: &str) -> String {
    let options: Vec<&str> = ladder.options.iter().map(String::as_str).collect();
    let left_out = match ladder.left_out {
        0 => String::new(),
        count => {
            let cells = counted(count, "cell");
            format!(" ({cells} that differ from the baseline in more are not in this figure)")
        }
    };
    format!(
        "{}Steps: values of {} in the order of the experiment, all else alike{left_out}. Mark: \
         geometric mean over an architecture's cells (its depths and widths) of the speed-up over \
         {baseline}, the ratio of median latencies paired within rounds",
        ladder.images.sentence(),
        options.join(", ")
    )
}

/// Draws the table as a forest plot whose rows are steps from a line where nothing is gained.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    forest(
        table,
        &ForestStyle {
            subtitle: table.speed_up_axis(),
            scale: Scale::Log { reference: Some(1.0) },
            group_colour: known_pattern_colour,
            crowded: false,
            greyed: |_| false,
            stepped: true,
        },
    )
}
