//! Which pattern gains most where all patterns cost the same? One mark per pattern and engine at the
//! width that was chosen for a number of MACs, targets and depths apart: speed-up, 95 % interval.
//! Reads: cell, depth, width, matched, match_target, macs, latency_ns. Axis: ratio, logarithmic,
//! from 1.

use std::collections::BTreeMap;

use formbench_analysis::{
    FoundWidth, Row, Unit, View,
    absence::{absences_of_attributes, absences_of_comparisons},
    number::{counted, millions, percent},
    rows::sort_by_mean_of_best,
    series::SeriesIndex,
    speed_ups::{Mark, mean_speed_ups},
    view::{Comparison, Kinds, sides},
};
use formbench_protocol::{CostTarget, Width};

use super::FigureEntry;
use crate::canvas::Canvas;
use crate::caption::baselines;
use crate::content::Content;
use crate::plot::{ForestStyle, Scale, forest};
use crate::theme::pattern_colour;
use crate::{FigureTable, ReportError};

pub(super) const FIGURE: FigureEntry = FigureEntry {
    name: "speedup-at-equal-macs",
    also: &[],
    question: "Which pattern gains most where all patterns cost the same MACs?",
    table,
    draw,
};

/// A comparison of a pattern whose width was chosen for MACs.
struct Equal<'a> {
    pair: Comparison<'a>,
    /// MACs that one image was to take.
    target: u64,
    depth: u32,
    found: FoundWidth,
}

/// Everything the figure says: by target and depth, in each part in one order: the pattern that gains most over all
/// parts first, ties by name.
fn table(view: &View<'_>) -> FigureTable {
    let all = view.comparisons(Kinds::Patterns);
    let (_, unknown) = view.costs(&sides(&all));
    let mut equals: Vec<_> = all.iter().filter_map(|pair| equal(view, *pair)).collect();
    equals.sort_by_key(|equal| (equal.target, equal.depth));
    let comparisons: Vec<_> = equals.iter().map(|equal| equal.pair).collect();
    let baseline = baselines(comparisons.iter().map(|pair| pair.baseline));
    let absences =
        [absences_of_comparisons(view, &comparisons), absences_of_attributes(&unknown)].concat();
    let content = Content {
        statistic: statistic(&equals, all.len(), &baseline),
        unit: Unit::Ratio,
        against: Some(baseline),
        section: Some("cost"),
        group: "pattern",
        x: None,
        cells: sides(&comparisons),
        rows: rows(view, &equals),
        absences,
    };
    FigureTable::new(&FIGURE, view, content)
}

fn equal<'a>(view: &View<'a>, pair: Comparison<'a>) -> Option<Equal<'a>> {
    let cell = pair.accelerated;
    let [target @ CostTarget::Macs(macs), cost] = view.run.attributes_of(cell)?.matched()? else {
        return None;
    };
    let (depth, channels) = cell.form()?;
    let found = FoundWidth { channels, difference: target.difference(cost) };
    Some(Equal { pair, target: macs, depth, found })
}

fn rows(view: &View<'_>, equals: &[Equal<'_>]) -> Vec<Row> {
    let pairs = equals.iter().map(|equal| equal.pair);
    let index = SeriesIndex::new(pairs.map(|pair| (pair.accelerated, Some(pair.baseline))));
    let row = |equal: &Equal<'_>| {
        let Comparison { accelerated, baseline, .. } = equal.pair;
        let mark = Mark {
            section: Some(equal.section()),
            group: accelerated.name.clone(),
            series: index.of(accelerated, Some(baseline)),
            step: None,
        };
        let row = mean_speed_ups(view, &[(equal.pair, mark)]).pop()?;
        Some(Row { matched: Some(equal.found), ..row })
    };
    let mut rows: Vec<Row> = equals.iter().filter_map(row).collect();
    sort_by_mean_of_best(&mut rows);
    // The order of the groups stays within each section.
    rows.sort_by_key(|row| equals.iter().position(|equal| row.section == Some(equal.section())));
    rows
}

/// Returns the beginning of the caption: what is equal, at which widths, how exactly.
fn statistic(equals: &[Equal<'_>], comparisons: usize, baseline: &str) -> String {
    let left_out = match comparisons - equals.len() {
        0 => String::new(),
        count => {
            let pairs = counted(count, "pair");
            format!(" {pairs} of cells whose width was not chosen for MACs are not in this figure.")
        }
    };
    let mut sections: BTreeMap<(u64, u32), Vec<&Equal<'_>>> = BTreeMap::new();
    for equal in equals {
        sections.entry((equal.target, equal.depth)).or_default().push(equal);
    }
    let sentences: String = sections.values().map(|equals| sentence(equals)).collect();
    format!(
        "{sentences}With each name: its width, and by how much its MACs are off. Mark: speed-up over \
         {baseline}, the ratio of median latencies paired within rounds, geometric mean over \
         rounds.{left_out} MACs are those of one image"
    )
}

fn sentence(equals: &[&Equal<'_>]) -> String {
    let widths = equals.iter().map(|equal| equal.found.channels);
    let ends: [Option<Width>; 2] = [widths.clone().min(), widths.max()];
    let widths = match ends.map(|end| end.map_or_else(String::new, |width| width.to_string())) {
        [narrowest, widest] if narrowest == widest => format!("width {widest}"),
        [narrowest, widest] => format!("widths {narrowest} to {widest}"),
    };
    let off = equals.iter().map(|equal| equal.found.difference.abs()).fold(0.0, f64::max);
    let section = equals.first().map_or_else(String::new, |equal| equal.section());
    format!("{section}: {widths}; costs within {} of that. ", percent(off))
}

impl Equal<'_> {
    /// Returns the name of its part of the figure.
    fn section(&self) -> String {
        format!("{} MACs at depth {}", millions(self.target), self.depth)
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
