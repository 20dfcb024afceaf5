use rand_distr::{Distribution, StandardNormal};

use crate::bootstrap::{Least, LogMean};
use crate::rounds::{Level, PairedRound, Rounds, ln_ns};
use crate::student::widening;
use crate::{Bootstrap, Estimate};

/// Groups of cells in competition: the geometric mean of each, and draws of it from the bootstrap.
pub struct Ranking {
    bootstrap: Bootstrap,
    /// One per group; the larger a value, the better.
    groups: Vec<LogMean>,
    /// Whether the values are inverted, as latencies are.
    is_inverse: bool,
    /// By round and turn, a logarithm of each group, the larger the better, if they took turns together.
    shared: Option<Vec<Vec<Vec<f64>>>>,
}

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

    /// Returns competitors ranked by their speed-ups in turns that they took together, the largest first.
    /// Every draw takes the same rounds of all: what a round does to all of them alike decides nothing. `None`
    /// if there is no round, or a round without turns.
    ///
    /// # Shapes
    /// - `rounds`: by round and turn, a speed-up of each competitor
    pub fn rank_shared_speed_ups(&self, rounds: &[Vec<Vec<f64>>]) -> Option<Ranking> {
        self.rank_shared(rounds, f64::ln)
    }

    /// Returns competitors ranked by their latencies in turns that they took together, the shortest first, as
    /// [`Bootstrap::rank_shared_speed_ups`] does.
    ///
    /// # Units
    /// Nanoseconds.
    pub fn rank_shared_latencies(&self, rounds: &[Vec<Vec<f64>>]) -> Option<Ranking> {
        let ranking = self.rank_shared(rounds, |ns| -ln_ns(ns))?;
        Some(Ranking { is_inverse: true, ..ranking })
    }

    fn rank_shared(&self, rounds: &[Vec<Vec<f64>>], value: impl Fn(f64) -> f64) -> Option<Ranking> {
        let value = |values: &Vec<f64>| values.iter().map(|one| value(*one)).collect();
        let shared: Vec<Vec<Vec<f64>>> =
            rounds.iter().map(|turns| turns.iter().map(value).collect()).collect();
        let competitors = shared.first()?.first()?.len();
        let log_mean = |one| {
            // The same draws for all.
            self.log_mean(&[of_turns(&shared, |turn| turn[one])?], Level::Rounds, &mut self.rng())
        };
        let groups = (0..competitors).map(log_mean).collect::<Option<Vec<_>>>()?;
        Some(Ranking { bootstrap: *self, groups, is_inverse: false, shared: Some(shared) })
    }

    fn rank(&self, groups: Vec<Vec<Rounds>>) -> Option<Ranking> {
        let mut rng = self.rng();
        let mut log_mean = |cells: Vec<Rounds>| self.log_mean(&cells, Level::Rounds, &mut rng);
        let groups = groups.into_iter().map(&mut log_mean).collect::<Option<Vec<_>>>()?;
        let ranking = Ranking { bootstrap: *self, groups, is_inverse: false, shared: None };
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
    /// groups' means, and of their differences where they took turns together.
    pub fn first_probabilities(&self) -> Vec<f64> {
        let confidence = self.bootstrap.confidence;
        let widths: Vec<f64> =
            self.groups.iter().map(|group| widening(confidence, group.freedom)).collect();
        let lacking: Vec<f64> =
            (0..self.groups.len()).map(|at| self.lacking_variance(at).sqrt()).collect();
        let mut rng = self.bootstrap.rng();
        let mut shares = vec![0.0; self.groups.len()];
        let draws = self.bootstrap.resamples as usize;
        for draw in 0..draws {
            let drawn: Vec<f64> = (self.groups.iter().zip(widths.iter().zip(&lacking)))
                .map(|(group, (width, lacking))| {
                    let normal: f64 = StandardNormal.sample(&mut rng);
                    group.value + width * group.deviations[draw] + lacking * normal
                })
                .collect();
            let best = drawn.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let equals = drawn.iter().filter(|value| **value == best).count();
            for (share, value) in shares.iter_mut().zip(&drawn) {
                *share += if *value == best { 1.0 / equals as f64 } else { 0.0 };
            }
        }
        shares.into_iter().map(|share| share / draws as f64).collect()
    }

    /// Returns the variance that a group's draws lack of the least that its interval has, or half of what
    /// its difference from another one lacks where they took turns together.
    fn lacking_variance(&self, group: usize) -> f64 {
        let confidence = self.bootstrap.confidence;
        let of = &self.groups[group];
        let lacking = |deviations: &mut dyn Iterator<Item = f64>, least: Least| {
            let squares: f64 = deviations.map(|deviation| deviation.powi(2)).sum();
            let drawn = squares / f64::from(self.bootstrap.resamples.max(1));
            let least_width = widening(confidence, of.freedom + least.freedom);
            let drawn_width = widening(confidence, of.freedom);
            (least_width.powi(2) * least.variance - drawn_width.powi(2) * drawn).max(0.0)
        };
        let Some(shared) = &self.shared else {
            return lacking(&mut of.deviations.iter().copied(), of.least);
        };
        let others = (0..self.groups.len()).filter(|other| *other != group);
        let of_others = others.filter_map(|other| {
            let differences = of_turns(shared, |turn| turn[group] - turn[other])?;
            let least = Least::of_mean([differences.least_variance()]);
            let both = of.deviations.iter().zip(&self.groups[other].deviations);
            Some(lacking(&mut both.map(|(one, other)| one - other), least) / 2.0)
        });
        of_others.fold(0.0, f64::max)
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
        let together = self.shared.as_ref().and_then(|shared| {
            let differences = of_turns(shared, |turn| turn[one] - turn[other])?;
            self.bootstrap.geometric_mean(&[differences], Level::Rounds)
        });
        together.unwrap_or_else(|| self.lead_apart(&self.groups[one], &self.groups[other]))
    }

    fn lead_apart(&self, one: &LogMean, other: &LogMean) -> Estimate {
        let deviations = one.deviations.iter().zip(&other.deviations).map(|(a, b)| a - b);
        let least = Least {
            variance: one.least.variance + other.least.variance,
            freedom: one.least.freedom + other.least.freedom,
        };
        let ratio = (one.value - other.value).exp();
        let freedom = one.freedom + other.freedom;
        self.bootstrap.estimate(ratio, deviations.collect(), freedom, least)
    }
}

/// Returns the rounds of something that each turn says.
fn of_turns(shared: &[Vec<Vec<f64>>], value: impl Fn(&[f64]) -> f64) -> Option<Rounds> {
    let round = |turns: &Vec<Vec<f64>>| turns.iter().map(|turn| value(turn)).collect();
    Rounds::new(shared.iter().map(round).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TurnPair;

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

    /// Returns rounds of five turns each, of competitors that take so many milliseconds in a quiet turn; rounds
    /// differ up to twofold, and turns by a few per cent, for all alike; each turn scatters by `scatter` besides.
    fn together(ms: [f64; 2], scatter: f64) -> Vec<Vec<Vec<f64>>> {
        let mut rng = Bootstrap::default().rng();
        let mut turn = |round: f64| -> Vec<f64> {
            let common: f64 = StandardNormal.sample(&mut rng);
            let mut latency = |ms: f64| {
                let own: f64 = StandardNormal.sample(&mut rng);
                1e6 * ms * round * (0.05 * common + scatter * own).exp()
            };
            ms.map(&mut latency).to_vec()
        };
        let rounds = [1.0, 2.0, 1.5, 1.2, 1.8];
        rounds.map(|round| (0..5).map(|_| turn(round)).collect()).to_vec()
    }

    #[test]
    fn what_a_round_does_to_all_alike_decides_nothing_in_a_final() {
        let bootstrap = Bootstrap::default();
        let rounds = together([10.2, 10.0], 0.002);
        let shared = bootstrap.rank_shared_latencies(&rounds).unwrap();
        assert_eq!(shared.order(), [1, 0]);
        assert!(shared.first_probabilities()[1] > 0.99, "{:?}", shared.first_probabilities());
        let lead = shared.lead(1, 0);
        assert!(lead.low > 1.015 && lead.high < 1.025, "{lead:?}");
        // Measured apart, nobody could say.
        let of = |at: usize| -> Vec<Vec<f64>> {
            rounds.iter().map(|round| round.iter().map(|turn| turn[at]).collect()).collect()
        };
        let apart = bootstrap.rank_latencies(&[vec![of(0)], vec![of(1)]]);
        assert!(apart.unwrap().first_probabilities()[1] < 0.95);
        // Nor where turns scatter much more than they differ.
        let restless = bootstrap.rank_shared_latencies(&together([10.02, 10.0], 0.05)).unwrap();
        assert!(restless.first_probabilities()[1] < 0.95, "{:?}", restless.first_probabilities());
    }

    #[test]
    fn equals_win_a_final_by_luck_no_more_often_than_they_may() {
        let mut rng = Bootstrap::default().rng();
        let bootstrap = Bootstrap { resamples: 500, ..Bootstrap::default() };
        let mut decided = 0;
        for _ in 0..400 {
            // Processes differ by half of what turns do.
            let mut rounds = Vec::new();
            for _ in 0..5 {
                let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
                let process = [0.02 * normal(), 0.02 * normal()];
                let turn = |_| process.map(|of| (of + 0.04 * normal()).exp()).to_vec();
                rounds.push((0..10).map(turn).collect::<Vec<_>>());
            }
            let ranking = bootstrap.rank_shared_speed_ups(&rounds).unwrap();
            let first = ranking.first_probabilities()[0];
            decided += u32::from(!(0.05..=0.95).contains(&first));
        }
        // A tenth of 400 by right: two sides of 5 % each.
        assert!(decided <= 52, "{decided}");
    }

    #[test]
    fn nobody_wins_a_final_without_turns() {
        let bootstrap = Bootstrap::default();
        assert!(bootstrap.rank_shared_latencies(&[]).is_none());
        assert!(bootstrap.rank_shared_latencies(&[vec![]]).is_none());
        assert!(bootstrap.rank_shared_speed_ups(&[vec![vec![1.0, 2.0]], vec![]]).is_none());
    }

    #[test]
    fn what_is_missing_has_no_ranking() {
        let bootstrap = Bootstrap::default();
        assert!(bootstrap.rank_speed_ups(&[]).is_none());
        assert!(bootstrap.rank_speed_ups(&[vec![]]).is_none());
        assert!(bootstrap.rank_latencies(&[vec![vec![]]]).is_none());
    }
}
