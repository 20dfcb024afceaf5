//! Whether properties of architectures correlate as a pattern's depth and width grow.

use std::collections::{BTreeMap, BTreeSet};

use formbench_experiment::{Property, Sign};
use formbench_statistics::{Bootstrap, Estimate};
use formbench_store::{CacheSource, CellRow};

use super::finding::{Answer, Measure};
use super::selection::Selection;
use super::{Count, Outcome};
use crate::Unit;
use crate::hit_rate::{LastLevelCache, percent_served};
use crate::rounds::Rounds;

/// Fewest architectures from which a correlation means anything.
const LEAST_POINTS: usize = 4;

/// One architecture on one engine.
struct Point<'r> {
    rounds: &'r Rounds,
    pattern: String,
    engine: String,
    macs: Option<u64>,
    /// Hit rate in percent of each last-level cache that was simulated.
    hit_rates: BTreeMap<LastLevelCache, f64>,
    latency_ns: f64,
}

/// Returns whether two properties correlate with the sign that is expected. Of several simulated
/// caches the smallest is judged, which tells sizes of patterns apart best; the others are
/// reported.
pub(super) fn related(
    selection: &Selection<'_>,
    between: [Property; 2],
    sign: Sign,
) -> Result<Answer, String> {
    let cells = selection.measured()?;
    let rounds: Vec<Rounds> = cells.iter().map(|cell| selection.view.rounds(cell)).collect();
    let points = points(selection, &cells, &rounds);
    let caches: BTreeSet<LastLevelCache> =
        points.iter().flat_map(|point| point.hit_rates.keys().copied()).collect();
    let judged = caches.first().copied();
    let known = known(&points, between, judged);
    let pairs = centred(&known);
    if pairs.is_empty() {
        return Err(absent(&points, between));
    }
    if pairs.len() < LEAST_POINTS {
        let got = pairs.len();
        return Err(format!("{got} sizes of patterns, expected at least {LEAST_POINTS}"));
    }
    let rank = Bootstrap::default().rank_correlation(&pairs);
    let rank = rank.ok_or_else(|| format!("{} or {} does not vary", between[0], between[1]))?;
    let counted = known.values().flatten().map(|(point, _)| point.rounds);
    let count = Count { cells_asked: cells.len(), ..Count::of_rounds(counted) };
    let what = format!("rank correlation of {} and {} within patterns", between[0], between[1]);
    Ok(Answer {
        outcome: of_sign(rank, sign),
        measure: Some(Measure::new(what, Unit::RankCorrelation, rank)),
        first_probability: None,
        count,
        says: says(of_sign(rank, sign), pairs.len()) + &of_caches(&points, between, &caches),
    })
}

/// Returns which cache is judged, and the correlation in each other one; nothing where no hit rate is asked.
fn of_caches(
    points: &[Point<'_>],
    between: [Property; 2],
    caches: &BTreeSet<LastLevelCache>,
) -> String {
    if !between.contains(&Property::HitRate) {
        return String::new();
    }
    let told = |(at, cache): (usize, &LastLevelCache)| {
        if at == 0 {
            return Some(format!("; judged in {}", cache.label()));
        }
        let pairs = centred(&known(points, between, Some(*cache)));
        let rank = Bootstrap::default().rank_correlation(&pairs)?;
        let rank = Measure::new("", Unit::RankCorrelation, rank).text();
        Some(format!("; in {}: {rank}", cache.label()))
    };
    caches.iter().enumerate().filter_map(told).collect()
}

/// Returns whether a correlation has the sign that is expected.
pub(super) fn of_sign(rank: Estimate, sign: Sign) -> Outcome {
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
fn points<'r>(
    selection: &Selection<'_>,
    cells: &[&CellRow],
    rounds: &'r [Rounds],
) -> Vec<Point<'r>> {
    let point = |(cell, rounds): (&&CellRow, &'r Rounds)| {
        let attributes = selection.view.run.attributes_of(cell);
        Some(Point {
            rounds,
            pattern: cell.name.clone(),
            engine: cell.engine_label(),
            macs: attributes.map(|row| row.macs),
            hit_rates: hit_rates(selection, cell),
            latency_ns: Bootstrap::default().latency(&rounds.medians_ns)?.value,
        })
    };
    cells.iter().zip(rounds).filter_map(point).collect()
}

/// Returns a cell's hit rate in each last-level cache that was simulated, in percent.
fn hit_rates(selection: &Selection<'_>, cell: &CellRow) -> BTreeMap<LastLevelCache, f64> {
    let rows = selection.view.run.caches_of(cell).into_iter();
    let simulated = rows.filter(|row| row.source == CacheSource::Simulation);
    simulated.filter_map(|row| Some((LastLevelCache::of(row), percent_served(row)?))).collect()
}

impl Point<'_> {
    fn value(&self, property: Property, cache: Option<LastLevelCache>) -> Option<f64> {
        match property {
            Property::Macs => self.macs.map(|macs| (macs.max(1) as f64).ln()),
            Property::HitRate => self.hit_rates.get(&cache?).copied(),
            Property::Latency => Some(self.latency_ns.max(1.0).ln()),
            // Asked of gains alone.
            Property::Parameters
            | Property::Parallelism
            | Property::DepthwiseShare
            | Property::SpeedUp => None,
        }
    }
}

/// Points of each pattern on each engine, with two of their properties.
type Known<'p> = BTreeMap<(&'p str, &'p str), Vec<(&'p Point<'p>, (f64, f64))>>;

/// Returns the points of which both properties are known. A pattern of one size adds nothing.
fn known<'p>(
    points: &'p [Point<'_>],
    between: [Property; 2],
    cache: Option<LastLevelCache>,
) -> Known<'p> {
    let mut patterns = Known::new();
    for point in points {
        let [one, other] = between.map(|property| point.value(property, cache));
        if let Some(pair) = one.zip(other) {
            patterns.entry((&point.pattern, &point.engine)).or_default().push((point, pair));
        }
    }
    patterns.retain(|_, sizes| sizes.len() > 1);
    patterns
}

/// Returns both properties of each point less their means over its pattern, so that patterns which
/// differ from each other add nothing to the correlation.
fn centred(known: &Known<'_>) -> Vec<(f64, f64)> {
    let pairs = |sizes: &Vec<(_, (f64, f64))>| sizes.iter().map(|(_, pair)| *pair).collect();
    known.values().map(pairs).flat_map(less_their_means).collect()
}

fn less_their_means(sizes: Vec<(f64, f64)>) -> impl Iterator<Item = (f64, f64)> {
    let mean =
        |side: fn(&(f64, f64)) -> f64| sizes.iter().map(side).sum::<f64>() / sizes.len() as f64;
    let (x, y) = (mean(|pair| pair.0), mean(|pair| pair.1));
    sizes.into_iter().map(move |pair| (pair.0 - x, pair.1 - y))
}

fn absent(points: &[Point<'_>], between: [Property; 2]) -> String {
    let lacks = |property: &Property| match property {
        Property::HitRate => points.iter().all(|point| point.hit_rates.is_empty()),
        _ => points.iter().all(|point| point.value(*property, None).is_none()),
    };
    match between.iter().find(|property| lacks(property)) {
        Some(Property::HitRate) => "no cache data in this run".to_string(),
        Some(_) => "the run does not say what the architectures cost".to_string(),
        None => "of no pattern both are known at two sizes".to_string(),
    }
}
