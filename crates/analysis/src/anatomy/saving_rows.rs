use std::collections::BTreeMap;

use formbench_protocol::InferencePart;
use formbench_statistics::{Bootstrap, Estimate};

use super::{SavedPart, Saving, name};
use crate::correlation::LEAST_ARCHITECTURES;
use crate::rounds::POINT;
use crate::series::SeriesIndex;
use crate::view::Comparison;
use crate::{Row, Series, View};

/// Share of the baseline's latency that an engine saves at least, so that shares of what is saved mean anything. Where gains and
/// losses nearly cancel, such shares are large and of both signs.
pub const LEAST_SAVED: f64 = 0.1;

/// A part has rows where it is so much of what some engine saves, in percent, or of what it loses.
const LEAST_PERCENT: f64 = 0.5;

/// Returns on what each engine saves time, in percent of all that it saves: one row per part of an inference as group, and
/// engine; the part that is most of what engines save first. An architecture counts by the share of its baseline's latency that
/// is saved. Intervals are of a bootstrap over architectures, as many as a claim needs. Engines that save less than
/// [`LEAST_SAVED`] in the mean are left out, and their labels returned.
pub fn saving_rows(view: &View<'_>, comparisons: &[Comparison<'_>]) -> (Vec<Row>, Vec<String>) {
    let savings = comparisons.iter().filter_map(|pair| Some((pair, Saving::of(view.run, *pair)?)));
    let savings: Vec<_> = savings.collect();
    let index = SeriesIndex::of_engines(
        savings.iter().map(|(pair, _)| (pair.accelerated, Some(pair.baseline))),
    );
    let mut of_engines: BTreeMap<Series, Vec<&Saving>> = BTreeMap::new();
    for (pair, saving) in &savings {
        let series = index.of_engine(pair.accelerated, Some(pair.baseline));
        of_engines.entry(series).or_default().push(saving);
    }
    let (mut rows, mut left_out) = (Vec::new(), Vec::new());
    for (series, savings) in of_engines {
        let all: f64 = savings.iter().map(|saving| saving.saved).sum();
        if all < LEAST_SAVED * savings.len() as f64 {
            left_out.push(series.label);
            continue;
        }
        let row = |part| row(part, &series, &savings);
        rows.extend(InferencePart::ALL.into_iter().map(name).filter_map(row));
    }
    let mut saved: BTreeMap<String, f64> = BTreeMap::new();
    let mut most: BTreeMap<String, f64> = BTreeMap::new();
    for row in &rows {
        *saved.entry(row.group.clone()).or_default() += row.value;
        let most = most.entry(row.group.clone()).or_default();
        *most = most.max(row.value.abs());
    }
    rows.retain(|row| most[&row.group] >= LEAST_PERCENT);
    rows.sort_by(|a, b| {
        let by_part = saved[&b.group].total_cmp(&saved[&a.group]);
        by_part.then_with(|| a.group.cmp(&b.group)).then_with(|| a.series.cmp(&b.series))
    });
    (rows, left_out)
}

/// Returns how much of what an engine saves is saved on a part.
fn row(part: &str, series: &Series, savings: &[&Saving]) -> Option<Row> {
    let on_part = |saving: &&Saving| {
        let of_part = saving.parts.iter().find(|one| one.part == part);
        (of_part.map_or(0.0, SavedPart::saved), saving.saved)
    };
    let shares: Vec<(f64, f64)> = savings.iter().map(on_part).collect();
    let has_interval = savings.len() >= LEAST_ARCHITECTURES;
    let bootstrap = if has_interval { Bootstrap::default() } else { POINT };
    let share = bootstrap.ratio_of_sums(&shares)?;
    let [value, low, high] = [share.value, share.low, share.high].map(|share| 100.0 * share);
    let row = Row::new(part, series.clone(), Estimate { value, low, high });
    let cells = savings.len();
    Some(Row { cells, cells_asked: cells, ..row })
}
