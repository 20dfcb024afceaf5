use std::collections::BTreeSet;

use formbench_statistics::{Bootstrap, quantile, rank_correlation};
use rayon::prelude::*;
use serde::Serialize;

use super::family::OfCells;

/// Hosts up to which each pair is looked at by itself; of more hosts some pairs stand for all.
pub const MOST_HOSTS_IN_PAIRS: usize = 20;
/// Hosts up to which a correlation has an interval, which takes two thousand times as long, and a table names each pair.
pub const MOST_HOSTS_WITH_INTERVALS: usize = 8;
/// Pairs that stand for all.
const MOST_PAIRS: usize = 10_000;
/// Fewest architectures in common from which a rank correlation means anything.
const LEAST_COMMON: usize = 5;

/// How far hosts agree on the order of architectures on one engine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostOrder {
    /// Label of the engine.
    pub engine: String,
    /// Pairs of hosts that have this engine.
    pub all_pairs: usize,
    /// Pairs that were looked at: all, or evenly spread ones of very many.
    pub looked_at: usize,
    /// Of these, those that have enough in common.
    pub pairs: Vec<HostPair>,
}

/// How far two hosts agree on the order of architectures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostPair {
    /// Places of the two among all hosts.
    pub hosts: [usize; 2],
    /// Architectures that both have.
    pub compared: usize,
    /// Spearman's rank correlation of their speed-ups on the two.
    pub correlation: f64,
    /// Ends of its 95 % interval: what other architectures of the same kind could give.
    pub interval: Option<[f64; 2]>,
}

impl HostOrder {
    /// Returns the median of the correlations, what a tenth does not reach and what nine tenths do not exceed; nothing of no
    /// pair.
    pub fn middle(&self) -> Option<[f64; 3]> {
        let mut sorted: Vec<f64> = self.pairs.iter().map(|pair| pair.correlation).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let [median, low, high] = [0.5, 0.1, 0.9].map(|q| quantile(&sorted, q));
        Some([median?, low?, high?])
    }

    /// Returns the lowest of the correlations; nothing of no pair.
    pub fn lowest(&self) -> Option<f64> {
        self.pairs.iter().map(|pair| pair.correlation).reduce(f64::min)
    }

    /// Returns the ends of as many bins as a figure shows from a correlation, below 1, to 1, and how many pairs are in each.
    pub fn bins(&self, from: f64) -> Vec<([f64; 2], usize)> {
        let width = (1.0 - from) / BINS as f64;
        let mut counts = [0; BINS];
        for pair in &self.pairs {
            let place = (pair.correlation - from) / width;
            counts[(place.max(0.0) as usize).min(BINS - 1)] += 1;
        }
        let ends = |bin: usize| [bin, bin + 1].map(|at| from + at as f64 * width);
        counts.into_iter().enumerate().map(|(bin, count)| (ends(bin), count)).collect()
    }
}

/// Bins of a figure of correlations.
const BINS: usize = 20;

/// Returns how far hosts agree, engine by engine, where two have one.
pub(super) fn orders(cells: &OfCells<'_>, engines: &[&str]) -> Vec<HostOrder> {
    engines.iter().filter_map(|engine| order(cells, engine)).collect()
}

fn order(cells: &OfCells<'_>, engine: &str) -> Option<HostOrder> {
    let of_engine = || cells.iter().filter(|((_, other), _)| *other == engine);
    let hosts: BTreeSet<usize> =
        of_engine().flat_map(|(_, of_hosts)| of_hosts.iter().map(|(host, _)| *host)).collect();
    let hosts: Vec<usize> = hosts.into_iter().collect();
    // A row per host, a column per architecture.
    let mut rows = vec![vec![None; of_engine().count()]; hosts.len()];
    for (column, (_, of_hosts)) in of_engine().enumerate() {
        for (host, speed_up) in of_hosts.iter() {
            let row = hosts.partition_point(|other| other < host);
            rows[row][column] = Some(speed_up.value);
        }
    }
    let all_pairs = hosts.len() * hosts.len().saturating_sub(1) / 2;
    let has_intervals = hosts.len() <= MOST_HOSTS_WITH_INTERVALS;
    let looked_at = pairs(hosts.len());
    let pair = |[one, other]: &[usize; 2]| {
        let pair = HostPair::of(&rows[*one], &rows[*other], has_intervals)?;
        Some(HostPair { hosts: [hosts[*one], hosts[*other]], ..pair })
    };
    let found: Vec<HostPair> = looked_at.par_iter().filter_map(pair).collect();
    let looked_at = looked_at.len();
    (all_pairs > 0).then(|| HostOrder {
        engine: engine.to_string(),
        all_pairs,
        looked_at,
        pairs: found,
    })
}

/// Returns all pairs of so many hosts, or as many of them as are looked at, evenly spread.
fn pairs(hosts: usize) -> Vec<[usize; 2]> {
    let all = hosts * hosts.saturating_sub(1) / 2;
    let most = if hosts <= MOST_HOSTS_IN_PAIRS { all } else { all.min(MOST_PAIRS) };
    (0..most).map(|at| unranked(at * all / most)).collect()
}

/// Returns the pair of a number: 0 and 1, then 0 and 2, 1 and 2, then 0 and 3, and so on.
fn unranked(number: usize) -> [usize; 2] {
    let mut other = ((2.0 * number as f64 + 0.25).sqrt() + 0.5) as usize;
    // A root may be off by one.
    while other * (other - 1) / 2 > number {
        other -= 1;
    }
    while (other + 1) * other / 2 <= number {
        other += 1;
    }
    [number - other * (other - 1) / 2, other]
}

impl HostPair {
    fn of(one: &[Option<f64>], other: &[Option<f64>], has_interval: bool) -> Option<Self> {
        let both = one.iter().zip(other).filter_map(|(one, other)| Some(((*one)?, (*other)?)));
        let both: Vec<(f64, f64)> = both.collect();
        if both.len() < LEAST_COMMON {
            return None;
        }
        let correlation = rank_correlation(&both)?;
        let estimate = has_interval.then(|| Bootstrap::default().rank_correlation(&both)).flatten();
        let interval = estimate.map(|estimate| [estimate.low, estimate.high]);
        Some(Self { hosts: [0; 2], compared: both.len(), correlation, interval })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_a_number() {
        let numbered: Vec<_> = (0..10).map(unranked).collect();
        let mut expected = Vec::new();
        for other in 1..5 {
            expected.extend((0..other).map(|one| [one, other]));
        }
        assert_eq!(numbered, expected);
        // The last of 5,000 hosts.
        assert_eq!(unranked(5000 * 4999 / 2 - 1), [4998, 4999]);
    }

    #[test]
    fn few_hosts_have_every_pair_and_many_as_many_as_are_looked_at() {
        assert_eq!(pairs(20).len(), 190);
        let of_many = pairs(5000);
        assert_eq!(of_many.len(), MOST_PAIRS);
        assert_eq!(of_many.iter().collect::<BTreeSet<_>>().len(), MOST_PAIRS);
        assert!(pairs(0).is_empty() && pairs(1).is_empty());
    }

    #[test]
    fn every_correlation_is_in_one_bin() {
        let pair =
            |correlation| HostPair { hosts: [0, 1], compared: 9, correlation, interval: None };
        let pairs = [1.0, 0.975, 0.865].map(pair).to_vec();
        let order = HostOrder { engine: String::new(), all_pairs: 3, looked_at: 3, pairs };
        assert_eq!(order.lowest(), Some(0.865));
        // Twenty of 0.01 from 0.8: 0.865 is in the seventh, 0.975 in the eighteenth, 1 in the last.
        let counts: Vec<usize> = order.bins(0.8).iter().map(|(_, count)| *count).collect();
        let mut expected = vec![0; 20];
        [6, 17, 19].into_iter().for_each(|bin| expected[bin] = 1);
        assert_eq!(counts, expected);
        let [low, high] = order.bins(0.8)[6].0;
        assert!((low - 0.86).abs() < 1e-9 && (high - 0.87).abs() < 1e-9, "{low} {high}");
        // Places 0.2 and 1.8 of 0.865, 0.975, 1.0.
        let [median, low, high] = order.middle().unwrap();
        assert!((median - 0.975).abs() < 1e-9 && (low - 0.887).abs() < 1e-9, "{median} {low}");
        assert!((high - 0.995).abs() < 1e-9, "{high}");
    }

    #[test]
    fn a_pair_is_of_what_both_have() {
        let row = |values: &[i32]| -> Vec<Option<f64>> {
            values.iter().map(|value| (*value > 0).then_some(f64::from(*value))).collect()
        };
        let [one, other] = [row(&[1, 2, 3, 4, 5, 6, 0]), row(&[2, 1, 4, 3, 5, 0, 7])];
        let pair = HostPair::of(&one, &other, true).unwrap();
        // Five in both: ranks 1 2 3 4 5 against 2 1 4 3 5, 1 - 6 · 4 / (5 · 24) = 0.8.
        assert_eq!(pair.compared, 5);
        assert!((pair.correlation - 0.8).abs() < 1e-12);
        assert!(pair.interval.is_some_and(|[low, high]| low < 0.8 && high > 0.8));
        assert_eq!(HostPair::of(&one[..5], &row(&[1, 2, 3, 4]), false), None);
    }
}
