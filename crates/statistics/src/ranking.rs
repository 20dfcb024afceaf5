use std::collections::BTreeMap;

use crate::bootstrap::{Least, LogMean};
use crate::rounds::{Level, PairedRound, Rounds};
use crate::student::widening;
use crate::{Bootstrap, Estimate, TurnPair};

/// Groups of cells in competition: the geometric mean of each, and draws of it from the bootstrap.
pub struct Ranking {
    bootstrap: Bootstrap,
    /// One per group; the larger a value, the better.
    groups: Vec<LogMean>,
    /// Whether the values are inverted, as latencies are.
    is_inverse: bool,
    /// Whether every draw takes the same rounds of all groups.
    is_shared: bool,
}

/// What a cell has of each round, by number of the round.
pub type ByRound<T> = BTreeMap<u32, Vec<T>>;

impl Bootstrap {
    /// Returns groups of cells ranked by the geometric mean of their speed-ups, the largest first.
    /// `None` if there is no group, a group has no cell, or a cell has no speed-up.
    pub fn rank_speed_ups(&self, groups: &[Vec<Vec<PairedRound>>]) -> Option<Ranking> {
        let cells = |group: &Vec<Vec<PairedRound>>| {
            group.iter().map(|rounds| Rounds::paired(rounds)).collect::<Option<Vec<_>>>()
        };
        self.rank(groups.iter().map(cells).collect::<Option<Vec<_>>>()?)
    }

    /// Returns groups of cells ranked by the geometric mean of their latencies, the shortest first.
    /// A cell's latency here is the geometric mean over rounds of the median over a round's turns.
    /// `None` if there is no group, a group has no cell, or a cell has no latency.
    ///
    /// # Units
    /// Nanoseconds: the median latency of each turn of each round of each cell.
    pub fn rank_latencies(&self, groups: &[Vec<Vec<Vec<f64>>>]) -> Option<Ranking> {
        let cells = |group: &Vec<Vec<Vec<f64>>>| {
            group.iter().map(|rounds| Rounds::latencies(rounds)).collect::<Option<Vec<_>>>()
        };
        let ranking = self.rank(groups.iter().map(cells).collect::<Option<Vec<_>>>()?)?;
        Some(ranking.inverted())
    }

    /// Returns cells ranked by their speed-ups in the rounds that all of them have, the largest first. They
    /// took turns with each other, so that every draw takes the same rounds of all: what a round does to all
    /// of them alike decides nothing. `None` if there is no cell or no such round.
    pub fn rank_shared_speed_ups(&self, cells: &[ByRound<TurnPair>]) -> Option<Ranking> {
        self.rank_shared(cells, |rounds| Rounds::paired(&rounds))
    }

    /// Returns cells ranked by their latencies in the rounds that all of them have, the shortest first, as
    /// [`Bootstrap::rank_shared_speed_ups`] does.
    ///
    /// # Units
    /// Nanoseconds: the median latency of each turn of each round.
    pub fn rank_shared_latencies(&self, cells: &[ByRound<f64>]) -> Option<Ranking> {
        Some(self.rank_shared(cells, |rounds| Rounds::latencies(&rounds))?.inverted())
    }

    fn rank_shared<T: Clone>(
        &self,
        cells: &[ByRound<T>],
        rounds: impl Fn(Vec<Vec<T>>) -> Option<Rounds>,
    ) -> Option<Ranking> {
        let has_all = |round: &&u32| cells.iter().all(|cell| cell.contains_key(round));
        let shared: Vec<u32> = cells.first()?.keys().filter(has_all).copied().collect();
        let log_mean = |cell: &ByRound<T>| {
            let of_cell = shared.iter().map(|round| cell[round].clone()).collect();
            // The same draws for every cell.
            self.log_mean(&[rounds(of_cell)?], Level::Rounds, &mut self.rng())
        };
        let groups = cells.iter().map(log_mean).collect::<Option<Vec<_>>>()?;
        Some(Ranking { bootstrap: *self, groups, is_inverse: false, is_shared: true })
    }

    fn rank(&self, groups: Vec<Vec<Rounds>>) -> Option<Ranking> {
        let mut rng = self.rng();
        let mut log_mean = |cells: Vec<Rounds>| self.log_mean(&cells, Level::Rounds, &mut rng);
        let groups = groups.into_iter().map(&mut log_mean).collect::<Option<Vec<_>>>()?;
        let ranking = Ranking { bootstrap: *self, groups, is_inverse: false, is_shared: false };
        (!ranking.groups.is_empty()).then_some(ranking)
    }
}

impl Ranking {
    /// Returns the ranking in which the smallest is best.
    fn inverted(mut self) -> Self {
        self.is_inverse = true;
        for LogMean { value, deviations, .. } in &mut self.groups {
            *value = -*value;
            deviations.iter_mut().for_each(|deviation| *deviation = -*deviation);
        }
        self
    }

    /// Returns the groups by index, the best first; of equals, the one given first.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.groups.len()).collect();
        order.sort_by(|&a, &b| self.groups[b].value.total_cmp(&self.groups[a].value));
        order
    }

    /// Returns for each group the probability that it is really first: the share of draws in which
    /// it is first, where equals share a draw. Draws spread as widely as the intervals of the
    /// groups' means.
    pub fn first_probabilities(&self) -> Vec<f64> {
        let confidence = self.bootstrap.confidence;
        let widths: Vec<f64> =
            self.groups.iter().map(|group| widening(confidence, group.freedom)).collect();
        let mut shares = vec![0.0; self.groups.len()];
        let draws = self.bootstrap.resamples as usize;
        for draw in 0..draws {
            let drawn: Vec<f64> = (self.groups.iter().zip(&widths))
                .map(|(group, width)| group.value + width * group.deviations[draw])
                .collect();
            let best = drawn.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let equals = drawn.iter().filter(|value| **value == best).count();
            for (share, value) in shares.iter_mut().zip(&drawn) {
                *share += if *value == best { 1.0 / equals as f64 } else { 0.0 };
            }
        }
        shares.into_iter().map(|share| share / draws as f64).collect()
    }

    /// Returns a group's geometric mean, by index: a speed-up, or a latency in nanoseconds.
    ///
    /// # Panics
    /// If the index is not of a group.
    pub fn mean(&self, group: usize) -> Estimate {
        let LogMean { value, deviations, freedom, least } = &self.groups[group];
        let mean = (self.bootstrap).estimate(value.exp(), deviations.clone(), *freedom, *least);
        if self.is_inverse {
            Estimate { value: 1.0 / mean.value, low: 1.0 / mean.high, high: 1.0 / mean.low }
        } else {
            mean
        }
    }

    /// Returns how many times better one group is than another, by index.
    ///
    /// # Panics
    /// If an index is not of a group.
    pub fn lead(&self, one: usize, other: usize) -> Estimate {
        let (one, other) = (&self.groups[one], &self.groups[other]);
        let deviations = one.deviations.iter().zip(&other.deviations).map(|(a, b)| a - b);
        let ratio = (one.value - other.value).exp();
        let freedom = if self.is_shared { one.freedom } else { one.freedom + other.freedom };
        let least = Least {
            variance: one.least.variance + other.least.variance,
            freedom: one.least.freedom + other.least.freedom,
        };
        self.bootstrap.estimate(ratio, deviations.collect(), freedom, least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a cell whose rounds have these speed-ups.
    fn cell(speed_ups: &[f64]) -> Vec<PairedRound> {
        let pair = |&ratio: &f64| TurnPair {
            baseline_ns: 1e6 * ratio,
            accelerated_ns: 1e6,
            conditions: None,
        };
        speed_ups.iter().map(|ratio| vec![pair(ratio)]).collect()
    }

    fn first_probabilities(groups: &[&[f64]]) -> Vec<f64> {
        let groups: Vec<_> = groups.iter().map(|speed_ups| vec![cell(speed_ups)]).collect();
        Bootstrap::default().rank_speed_ups(&groups).unwrap().first_probabilities()
    }

    #[test]
    fn who_is_far_ahead_is_first() {
        let shares = first_probabilities(&[&[2.0, 2.1, 1.9], &[5.0, 5.2, 4.9], &[1.0, 1.1, 1.0]]);
        assert_eq!(shares, [0.0, 1.0, 0.0]);
    }

    #[test]
    fn equals_share_the_first_place() {
        // No spread at all: every draw is a tie of the first two.
        let shares = first_probabilities(&[&[3.0, 3.0], &[3.0, 3.0], &[1.0, 1.0]]);
        assert!((shares[0] - 0.5).abs() < 1e-9 && (shares[1] - 0.5).abs() < 1e-9, "{shares:?}");
        assert_eq!(shares[2], 0.0);
    }

    #[test]
    fn who_is_ahead_by_less_than_the_spread_is_only_probably_first() {
        let shares = first_probabilities(&[&[3.0, 3.6, 3.1, 3.4], &[3.1, 3.7, 3.2, 3.5]]);
        assert!(shares[1] > 0.5 && shares[1] < 0.95, "{shares:?}");
        assert!((shares[0] + shares[1] - 1.0).abs() < 1e-9, "{shares:?}");
    }

    #[test]
    fn a_lead_is_a_ratio_of_geometric_means() {
        // sqrt(2 × 8) = 4 against 2, without spread.
        let groups = [vec![cell(&[2.0, 2.0]), cell(&[8.0, 8.0])], vec![cell(&[2.0, 2.0])]];
        let ranking = Bootstrap::default().rank_speed_ups(&groups).unwrap();
        let lead = ranking.lead(0, 1);
        assert!((lead.value - 2.0).abs() < 1e-9, "{lead:?}");
        assert!((lead.high - lead.low).abs() < 1e-9, "{lead:?}");
        assert_eq!(ranking.order(), [0, 1]);
    }

    #[test]
    fn the_shortest_latency_is_first() {
        let groups = [vec![vec![vec![9e6], vec![9e6]]], vec![vec![vec![3e6], vec![3e6]]]];
        let ranking = Bootstrap::default().rank_latencies(&groups).unwrap();
        assert_eq!(ranking.order(), [1, 0]);
        assert_eq!(ranking.first_probabilities(), [0.0, 1.0]);
        assert!((ranking.lead(1, 0).value - 3.0).abs() < 1e-9);
        assert!((ranking.mean(1).value - 3e6).abs() < 1e-3);
    }

    /// Returns a cell whose rounds, numbered from 0, have these latencies in milliseconds; none where it is 0.
    fn latencies(ms: &[f64]) -> ByRound<f64> {
        let rounds = (0..).zip(ms).filter(|(_, ms)| **ms > 0.0);
        rounds.map(|(round, ms)| (round, vec![1e6 * ms])).collect()
    }

    #[test]
    fn what_a_round_does_to_all_alike_decides_nothing_in_a_final() {
        // Rounds differ twice, who is first by 2 % in each of them.
        let rounds = [10.0, 20.0, 15.0, 12.0, 18.0];
        let [first, second] =
            [1.0, 1.02].map(|times| rounds.iter().map(|ms| ms * times).collect::<Vec<f64>>());
        let bootstrap = Bootstrap::default();
        let shared =
            bootstrap.rank_shared_latencies(&[latencies(&second), latencies(&first)]).unwrap();
        assert_eq!(shared.order(), [1, 0]);
        assert_eq!(shared.first_probabilities(), [0.0, 1.0]);
        let lead = shared.lead(1, 0);
        assert!(
            (lead.value - 1.02).abs() < 1e-9 && (lead.high - lead.low).abs() < 1e-9,
            "{lead:?}"
        );
        // Measured apart, nobody could say.
        let apart = |ms: &[f64]| vec![ms.iter().map(|ms| vec![1e6 * ms]).collect()];
        let apart = bootstrap.rank_latencies(&[apart(&second), apart(&first)]).unwrap();
        assert!(apart.first_probabilities()[1] < 0.95);
    }

    #[test]
    fn a_final_is_of_the_rounds_that_all_have() {
        let cells = [latencies(&[9.0, 1.0, 9.0]), latencies(&[3.0, 0.0, 3.0])];
        let ranking = Bootstrap::default().rank_shared_latencies(&cells).unwrap();
        assert!((ranking.lead(1, 0).value - 3.0).abs() < 1e-9);
        let apart = [latencies(&[9.0, 0.0]), latencies(&[0.0, 3.0])];
        assert!(Bootstrap::default().rank_shared_latencies(&apart).is_none());
        assert!(Bootstrap::default().rank_shared_speed_ups(&[]).is_none());
    }

    #[test]
    fn what_is_missing_has_no_ranking() {
        let bootstrap = Bootstrap::default();
        assert!(bootstrap.rank_speed_ups(&[]).is_none());
        assert!(bootstrap.rank_speed_ups(&[vec![]]).is_none());
        assert!(bootstrap.rank_latencies(&[vec![vec![]]]).is_none());
    }
}
