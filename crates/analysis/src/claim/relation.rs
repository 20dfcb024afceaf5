//! Whether properties of architectures go together as a pattern's depth and width grow.

use std::collections::BTreeMap;

use formbench_experiment::{Property, Sign};
use formbench_statistics::{Bootstrap, Estimate};
use formbench_store::{CacheRow, CellRow};

use super::finding::{Answer, Measure};
use super::selection::Selection;
use super::{Count, Outcome};
use crate::Unit;
use crate::efficacy::percent_served;
use crate::rounds::Rounds;

/// Architectures below which a correlation says nothing.
const LEAST_POINTS: usize = 4;

/// One architecture on one engine.
struct Point {
    pattern: String,
    engine: String,
    macs: Option<u64>,
    /// Share of accesses to the last-level cache that it answers, where somebody looked.
    efficacy: Option<f64>,
    latency_ns: f64,
}

/// Returns whether two properties go together in the way that `sign` says.
pub(super) fn related(
    selection: &Selection<'_>,
    between: [Property; 2],
    sign: Sign,
) -> Result<Answer, String> {
    let cells = selection.measured()?;
    let rounds: Vec<Rounds> = cells.iter().map(|cell| selection.view.rounds(cell)).collect();
    let points: Vec<Point> = points(selection, &cells, &rounds);
    let pairs = centred(&points, between);
    if pairs.is_empty() {
        return Err(absent(&points, between));
    }
    if pairs.len() < LEAST_POINTS {
        let got = pairs.len();
        return Err(format!("{got} sizes of patterns, expected at least {LEAST_POINTS}"));
    }
    let rank = Bootstrap::default().rank_correlation(&pairs);
    let rank = rank.ok_or_else(|| format!("{} or {} does not vary", between[0], between[1]))?;
    let count = Count { cells: pairs.len(), ..Count::of_rounds(rounds.iter()) };
    let what = format!("rank correlation of {} and {}", between[0], between[1]);
    Ok(Answer {
        outcome: outcome(rank, sign),
        measure: Some(Measure::new(what, Unit::RankCorrelation, rank)),
        first_probability: None,
        count,
        says: says(outcome(rank, sign), pairs.len()),
    })
}

fn outcome(rank: Estimate, sign: Sign) -> Outcome {
    let (is_above, is_below) = (rank.low > 0.0, rank.high < 0.0);
    match sign {
        Sign::Positive if is_above => Outcome::Holds,
        Sign::Negative if is_below => Outcome::Holds,
        Sign::Either if is_above || is_below => Outcome::Holds,
        Sign::Positive if is_below => Outcome::DoesNotHold,
        Sign::Negative if is_above => Outcome::DoesNotHold,
        Sign::Positive | Sign::Negative | Sign::Either => Outcome::Undecided,
    }
}

fn says(outcome: Outcome, sizes: usize) -> String {
    match outcome {
        Outcome::Undecided => {
            format!(
                "over {sizes} sizes of patterns; more depths and widths would decide, not more rounds"
            )
        }
        _ => format!("over {sizes} sizes of patterns, each counted from its pattern's mean"),
    }
}

/// Returns the measured cells as points.
fn points(selection: &Selection<'_>, cells: &[&CellRow], rounds: &[Rounds]) -> Vec<Point> {
    let point = |(cell, rounds): (&&CellRow, &Rounds)| {
        let attributes = selection.view.run.attributes_of(cell);
        Some(Point {
            pattern: cell.name.clone(),
            engine: cell.engine_label(),
            macs: attributes.map(|row| row.macs),
            efficacy: efficacy(selection, cell),
            latency_ns: Bootstrap::default().latency(&rounds.medians_ns)?.value,
        })
    };
    cells.iter().zip(rounds).filter_map(point).collect()
}

/// Returns the share of a cell's accesses to the last-level cache that it answers: of several caches,
/// the smallest that was simulated, which tells sizes of patterns apart best.
fn efficacy(selection: &Selection<'_>, cell: &CellRow) -> Option<f64> {
    let rows = selection.view.run.caches_of(cell);
    percent_served(rows.into_iter().find(|row| row.source == CacheRow::SIMULATION)?)
}

impl Point {
    fn value(&self, property: Property) -> Option<f64> {
        match property {
            Property::Macs => self.macs.map(|macs| (macs.max(1) as f64).ln()),
            Property::Efficacy => self.efficacy,
            Property::Latency => Some(self.latency_ns.max(1.0).ln()),
        }
    }
}

/// Returns both properties of each point less their means over its pattern, so that patterns which
/// differ from each other add nothing to the correlation. A pattern of one size says nothing.
fn centred(points: &[Point], between: [Property; 2]) -> Vec<(f64, f64)> {
    let mut patterns = BTreeMap::<(&str, &str), Vec<(f64, f64)>>::new();
    for point in points {
        let [one, other] = between.map(|property| point.value(property));
        if let Some(pair) = one.zip(other) {
            patterns.entry((&point.pattern, &point.engine)).or_default().push(pair);
        }
    }
    patterns.retain(|_, sizes| sizes.len() > 1);
    patterns.into_values().flat_map(less_their_means).collect()
}

fn less_their_means(sizes: Vec<(f64, f64)>) -> impl Iterator<Item = (f64, f64)> {
    let mean =
        |side: fn(&(f64, f64)) -> f64| sizes.iter().map(side).sum::<f64>() / sizes.len() as f64;
    let (x, y) = (mean(|pair| pair.0), mean(|pair| pair.1));
    sizes.into_iter().map(move |pair| (pair.0 - x, pair.1 - y))
}

fn absent(points: &[Point], between: [Property; 2]) -> String {
    let lacks = |property: &Property| points.iter().all(|point| point.value(*property).is_none());
    match between.iter().find(|property| lacks(property)) {
        Some(Property::Efficacy) => "no cache data in this run".to_string(),
        Some(_) => "the run does not say what the architectures cost".to_string(),
        None => "of no pattern both are known at two sizes".to_string(),
    }
}
