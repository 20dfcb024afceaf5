//! Which attribute of an architecture correlates with its speed-up? One mark per attribute and
//! engine: Spearman's rank correlation over all architectures, networks and patterns, 95 %
//! interval.
//! Reads: cell, attributes, latency_ns. Axis: correlation, from -1 to 1.

use formbench_analysis::{
    Unit, View,
    absence::absences_of_comparisons,
    correlation::attributes_speed_up,
    view::{Kinds, sides},
};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::caption::baselines;
use crate::content::Content;
use crate::plot::{ForestStyle, Scale, forest};
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "speedup-by-attribute",
    also: &[],
    question: "Which attribute of an architecture correlates with its speed-up?",
    table,
    draw,
};

/// Everything the figure says: the attribute with the strongest correlation of either sign first.
fn table(view: &View<'_>) -> FigureTable {
    let comparisons = view.comparisons(Kinds::All);
    let baseline = baselines(comparisons.iter().map(|pair| pair.baseline));
    let (rows, uncorrelated) = attributes_speed_up(view, &comparisons);
    let statistic = format!(
        "Mark: Spearman's rank correlation over architectures, each at its images, of an attribute \
         with the speed-up over {baseline} (ratio of median latencies paired within rounds): 1 where \
         more of it always comes with a larger speed-up. Operators are those of the exported graph, \
         the longest path counts them from input to output, parallelism is operators for each one \
         on it"
    );
    let content = Content {
        statistic,
        unit: Unit::RankCorrelation,
        against: Some(baseline),
        section: None,
        group: "attribute",
        x: None,
        cells: sides(&comparisons),
        rows,
        absences: [absences_of_comparisons(view, &comparisons), uncorrelated].concat(),
    };
    FigureTable::new(&FIGURE, view, content)
}

/// Draws the table as a forest plot, a line at no correlation.
fn draw(table: &FigureTable) -> Result<Canvas, ReportError> {
    forest(
        table,
        &ForestStyle {
            subtitle: format!("Rank correlation of an attribute with the {}", table.speed_up()),
            scale: Scale::Linear { range: (-1.0, 1.0), reference: 0.0 },
            group_colour: |_| None,
            crowded: false,
            greyed: |row| row.low <= 0.0 && row.high >= 0.0,
            stepped: false,
        },
    )
}
