use std::f64::consts::FRAC_PI_2;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::quantile::interpolated;
use crate::{Conditions, TurnMedian};

/// The bursts of a baseline and of the cell that is compared with it, in one turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TurnPair {
    /// Median latency of the baseline's burst, in nanoseconds.
    pub baseline_ns: f64,
    /// Median latency of the accelerated cell's burst, in nanoseconds.
    pub accelerated_ns: f64,
    /// What the host was like during both; `None` if nobody looked.
    pub conditions: Option<Conditions>,
}

impl TurnPair {
    /// Returns the pair of what both cells took.
    pub fn of(baseline: TurnMedian, accelerated: TurnMedian) -> Self {
        let both = baseline.conditions.zip(accelerated.conditions);
        Self {
            baseline_ns: baseline.median_ns,
            accelerated_ns: accelerated.median_ns,
            conditions: both.map(|(one, other)| one.both(other)),
        }
    }

    /// Returns the logarithm of the baseline's latency over the accelerated cell's.
    pub(crate) fn log_ratio(&self) -> f64 {
        ln_ns(self.baseline_ns) - ln_ns(self.accelerated_ns)
    }
}

/// The turns of one round: fresh processes of both sides.
pub type PairedRound = Vec<TurnPair>;

/// Returns the standard deviation of the logarithms of a round's ratios: the relative spread of the
/// ratio of two bursts of one turn. `None` for fewer than two pairs.
pub fn log_ratio_sd(round: &[TurnPair]) -> Option<f64> {
    let log_ratios: Vec<f64> = round.iter().map(TurnPair::log_ratio).collect();
    let freedom = log_ratios.len().checked_sub(1).filter(|freedom| *freedom > 0)?;
    Some((squares(&log_ratios) / freedom as f64).sqrt())
}

/// Returns the variance of the logarithm of a speed-up for the error of measuring: of the mean of several rounds by how far
/// these differ, which is right on average however few they are; of a single round, by the scatter of its turns and by how rounds
/// are expected to differ. `None` if there is no round or one of them has no pair.
pub fn log_speed_up_variance(rounds: &[PairedRound]) -> Option<f64> {
    let rounds = Rounds::paired(rounds)?;
    let values = rounds.medians();
    let Some(freedom) = values.len().checked_sub(1).filter(|freedom| *freedom > 0) else {
        return Some(rounds.least_variance());
    };
    Some(squares(values) / (freedom * values.len()) as f64)
}

/// How far the rounds of one comparison differ, beside how much its turns scatter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoundSpread {
    /// Variance of the rounds' medians, of the logarithm of a ratio.
    pub variance: f64,
    /// Rounds beyond the first.
    pub freedom: u32,
    /// Variance of a turn within its round.
    pub turn_variance: f64,
    /// The variance that the scatter of turns alone gives a round's median.
    pub by_turns: f64,
}

impl RoundSpread {
    /// Returns how far the rounds of a comparison differ. `None` for fewer than two rounds, for one without a pair, or where turns
    /// do not scatter or no round has two.
    pub fn of(rounds: &[PairedRound]) -> Option<Self> {
        let rounds = Rounds::paired(rounds)?;
        let (turn_variance, values) = (rounds.turn_variance(), rounds.medians());
        let freedom = values.len() as u32 - 1;
        (freedom > 0 && turn_variance > 0.0).then(|| Self {
            variance: squares(values) / f64::from(freedom),
            freedom,
            turn_variance,
            by_turns: variance_by_turns(turn_variance, rounds.turns.iter().map(Vec::len)),
        })
    }
}

/// Standard deviation over median absolute deviation, of values that are normally distributed.
const MAD_TO_SD: f64 = 1.4826;

/// By what share of the scatter of turns rounds are expected to differ beyond what that gives them: that of the quietest runs
/// (`cargo run --release --example round_spread`; METHODOLOGY, "What a round is").
const ROUNDS_TO_TURNS: f64 = 0.8;

/// By how much at most: what they differ by grows far less than the scatter of turns. It is 1.3 to 3 % on one thread, and 3 to
/// 5 % on two, where few rounds have to show themselves that they differ by more than this.
const MOST_EXPECTED: f64 = 0.025;

/// For how many rounds' worth of freedom that counts beside what the rounds themselves show.
pub(crate) const EXPECTED_FREEDOM: u32 = 3;

/// The rounds of one comparison or cell, at least one and none empty, each with the median over its
/// turns.
pub(crate) struct Rounds {
    turns: Vec<Vec<f64>>,
    /// The value of each round: the median over its turns.
    medians: Vec<f64>,
}

/// What the bootstrap draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Rounds; the turns if there is a single round.
    Rounds,
    /// Rounds, and turns within each: the spread of turns counts twice.
    RoundsAndTurns,
}

impl Rounds {
    /// Returns the rounds, or `None` if there is none or one of them is empty.
    pub(crate) fn new(rounds: Vec<Vec<f64>>) -> Option<Self> {
        let is_there = !rounds.is_empty() && !rounds.iter().any(Vec::is_empty);
        is_there.then(|| {
            let medians = rounds.iter().map(|round| middle(round.clone())).collect();
            Self { turns: rounds, medians }
        })
    }

    /// Returns the logarithms of the ratios of paired rounds.
    pub(crate) fn paired(rounds: &[PairedRound]) -> Option<Self> {
        let log_ratios = |round: &PairedRound| round.iter().map(TurnPair::log_ratio).collect();
        Self::new(rounds.iter().map(log_ratios).collect())
    }

    /// Returns the logarithms of turns' latencies.
    pub(crate) fn latencies(rounds: &[Vec<f64>]) -> Option<Self> {
        let logs = |round: &Vec<f64>| round.iter().map(|&ns| ln_ns(ns)).collect();
        Self::new(rounds.iter().map(logs).collect())
    }

    /// Returns the number of rounds.
    pub(crate) fn count(&self) -> usize {
        self.medians.len()
    }

    /// Returns the value of each round.
    pub(crate) fn medians(&self) -> &[f64] {
        &self.medians
    }

    /// Returns the least variance of the mean of the rounds' medians: what the scatter of turns alone gives it,
    /// or what the rounds would give it if, in a few more of them, they had differed as rounds do: beyond what the scatter of
    /// their turns gives them.
    /// 0 where no round has two turns.
    pub(crate) fn least_variance(&self) -> f64 {
        let counts = self.turns.iter().map(Vec::len);
        least_variance(self.turn_variance(), counts, &self.medians)
    }

    /// Returns the variance of a turn within its round. It is pooled over rounds, by the median absolute
    /// deviation, so that a disturbed turn does not make it. 0 where no round has two turns.
    fn turn_variance(&self) -> f64 {
        let several = self.turns.iter().zip(&self.medians).filter(|(turns, _)| turns.len() > 1);
        let deviations = several.flat_map(|(turns, median)| {
            // Turns lie nearer to their own median than to the true one.
            let stretch = (turns.len() as f64 / (turns.len() - 1) as f64).sqrt();
            turns.iter().map(move |value| stretch * (value - median).abs())
        });
        let deviations: Vec<f64> = deviations.collect();
        if deviations.is_empty() {
            return 0.0;
        }
        (MAD_TO_SD * middle(deviations)).powi(2)
    }

    /// Returns the values of as many rounds, drawn with replacement.
    pub(crate) fn draw(&self, level: Level, rng: &mut ChaCha8Rng) -> Vec<f64> {
        self.draws(level, rng).collect()
    }

    /// Returns the mean of as many rounds' values, drawn with replacement.
    pub(crate) fn draw_mean(&self, level: Level, rng: &mut ChaCha8Rng) -> f64 {
        self.draws(level, rng).sum::<f64>() / self.count() as f64
    }

    fn draws(&self, level: Level, rng: &mut ChaCha8Rng) -> impl Iterator<Item = f64> {
        let count = self.count();
        (0..count).map(move |_| {
            let round = rng.random_range(0..count);
            match level {
                Level::Rounds if count > 1 => self.medians[round],
                Level::Rounds | Level::RoundsAndTurns => self.draw_turns(round, rng),
            }
        })
    }

    /// Returns the median of as many of a round's turns, drawn with replacement.
    fn draw_turns(&self, round: usize, rng: &mut ChaCha8Rng) -> f64 {
        let turns = &self.turns[round];
        middle(turns.iter().map(|_| turns[rng.random_range(0..turns.len())]).collect())
    }
}

/// Returns the least variance of the mean of rounds' values, each the median of so many turns that have this
/// variance; see [`Rounds::least_variance`].
pub(crate) fn least_variance(
    turn_variance: f64,
    turns: impl Iterator<Item = usize>,
    values: &[f64],
) -> f64 {
    let count = values.len() as f64;
    let by_turns = variance_by_turns(turn_variance, turns);
    let expected = f64::from(EXPECTED_FREEDOM);
    let between = (ROUNDS_TO_TURNS * turn_variance.sqrt()).min(MOST_EXPECTED);
    let of_expected = expected * (between.powi(2) + by_turns);
    let by_rounds = (of_expected + squares(values)) / (expected + count - 1.0);
    // Without any scatter of turns nothing says how rounds would differ.
    let of_round = if turn_variance > 0.0 { by_turns.max(by_rounds) } else { by_turns };
    of_round / count
}

/// Returns the variance that the scatter of turns gives the median of a round, in the mean over rounds of so many turns.
fn variance_by_turns(turn_variance: f64, turns: impl Iterator<Item = usize>) -> f64 {
    // The variance of a median is π/2 times that of a mean, for values that are normally distributed.
    let of_medians: Vec<f64> = turns.map(|turns| 1.0 / turns as f64).collect();
    FRAC_PI_2 * turn_variance * mean(&of_medians)
}

/// Returns the median of at least one value.
pub(crate) fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    interpolated(values.len(), 0.5, |at| values[at]).unwrap_or_default()
}

/// Returns the mean of at least one value.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Returns the sum of the squares of the distances from their mean, of at least one value.
fn squares(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|value| (value - centre).powi(2)).sum()
}

/// Returns the logarithm of a latency; latencies below 1 ns, the clock's unit, count as 1 ns.
pub(crate) fn ln_ns(latency_ns: f64) -> f64 {
    latency_ns.max(1.0).ln()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::SeedableRng;

    use super::*;

    fn pair(log_ratio: f64) -> TurnPair {
        TurnPair { baseline_ns: 1e6 * log_ratio.exp(), accelerated_ns: 1e6, conditions: None }
    }

    #[test]
    fn a_round_says_the_median_of_its_turns() {
        let rounds = Rounds::new(vec![vec![1.0, 90.0, 2.0], vec![4.0]]).unwrap();
        assert_eq!(rounds.medians(), [2.0, 4.0]);
    }

    #[test]
    fn turns_that_scatter_leave_a_variance_however_well_rounds_agree() {
        // Each turn lies 1 from its round's median, √2 by that of two turns: a variance of 2 · 1.4826² a
        // turn, half of it a mean of two, and half of that the mean of two rounds.
        let rounds = Rounds::new(vec![vec![1.0, 3.0], vec![1.0, 3.0]]).unwrap();
        let expected = FRAC_PI_2 * 0.5 * MAD_TO_SD * MAD_TO_SD;
        assert!((rounds.least_variance() - expected).abs() < 1e-12);
        assert_eq!(Rounds::new(vec![vec![1.0], vec![9.0]]).unwrap().least_variance(), 0.0);
    }

    #[test]
    fn few_rounds_that_agree_are_held_against_how_rounds_differ() {
        // A hundred turns of 0.1 from their median: rounds are expected to differ by 2.5 %, the most that is, beyond what that
        // gives the median of a hundred.
        let turns: Vec<f64> = (0..100).map(|at| if at % 2 == 0 { 0.1 } else { -0.1 }).collect();
        let agreeing = Rounds::new(vec![turns.clone(); 3]).unwrap();
        let of_turn = (MAD_TO_SD * 0.1).powi(2) * 100.0 / 99.0;
        let of_round = 0.025 * 0.025 + FRAC_PI_2 * of_turn / 100.0;
        // Three expected deviations and two of none, of a mean of three rounds.
        let expected = 3.0 * of_round / 5.0 / 3.0;
        assert!((agreeing.least_variance() - expected).abs() < 1e-9);
        // Those that differ more by themselves: by 0.2 and 0.
        let apart: Vec<f64> = turns.iter().map(|value| value + 0.2).collect();
        let apart = Rounds::new(vec![turns.clone(), turns, apart]).unwrap();
        let squares = 0.2 * 0.2 * 2.0 / 3.0;
        let expected = (3.0 * of_round + squares) / 5.0 / 3.0;
        assert!((apart.least_variance() - expected).abs() < 1e-9, "{}", apart.least_variance());
    }

    #[test]
    fn a_draw_is_of_what_rounds_say() {
        let rounds = Rounds::new(vec![vec![0.0, 1.0, 9.0], vec![2.0], vec![3.0; 3]]).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let drawn: Vec<f64> = (0..300).flat_map(|_| rounds.draw(Level::Rounds, &mut rng)).collect();
        assert_eq!(drawn.len(), 900);
        for value in [1.0, 2.0, 3.0] {
            // A third of 900 draws is 300; five standard deviations are 71.
            let count = drawn.iter().filter(|&&one| one == value).count();
            assert!((229..=371).contains(&count), "{value}: {count}");
        }
    }

    #[test]
    fn turns_of_a_single_round_are_drawn_and_of_others_where_both_levels_are() {
        let drawn = |rounds: &Rounds, level| -> BTreeSet<u64> {
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            let draws = (0..100).flat_map(|_| rounds.draw(level, &mut rng));
            draws.map(|value| value as u64).collect()
        };
        let single = Rounds::new(vec![vec![1.0, 2.0, 3.0]]).unwrap();
        assert_eq!(drawn(&single, Level::Rounds), [1, 2, 3].into());
        let two = Rounds::new(vec![vec![1.0, 2.0, 3.0], vec![2.0]]).unwrap();
        assert_eq!(drawn(&two, Level::Rounds), [2].into());
        assert_eq!(drawn(&two, Level::RoundsAndTurns), [1, 2, 3].into());
    }

    #[test]
    fn the_variance_of_a_speed_up_is_that_of_its_mean_of_rounds() {
        // Logarithms of 0.1, 0.2 and 0.6: squares of 0.04, 0.01 and 0.09 over two degrees of freedom and three rounds.
        let rounds = [0.1, 0.2, 0.6].map(|log_ratio| vec![pair(log_ratio)]);
        assert!((log_speed_up_variance(&rounds).unwrap() - 0.14 / 6.0).abs() < 1e-9);
        // Of one round by its turns, π/2 times a variance of 2 · 1.4826² · 0.1² over two turns, and by how rounds are expected
        // to differ: by 2.5 % where turns scatter so much.
        let single = log_speed_up_variance(&[vec![pair(0.1), pair(0.3)]]).unwrap();
        let expected = FRAC_PI_2 * (MAD_TO_SD * 0.1).powi(2) + 0.025 * 0.025;
        assert!((single - expected).abs() < 1e-9, "{single} {expected}");
        assert_eq!(log_speed_up_variance(&[]), None);
    }

    #[test]
    fn rounds_differ_beside_what_their_turns_give_them() {
        let round = |log_ratios: [f64; 2]| log_ratios.map(pair).to_vec();
        // Turns 0.1 from their medians of 0.1 and 0.5: half of 0.4² between two rounds.
        let spread = RoundSpread::of(&[round([0.0, 0.2]), round([0.4, 0.6])]).unwrap();
        let turn_variance = 2.0 * (MAD_TO_SD * 0.1).powi(2);
        assert!((spread.variance - 0.08).abs() < 1e-9, "{spread:?}");
        assert_eq!(spread.freedom, 1);
        assert!((spread.turn_variance - turn_variance).abs() < 1e-9, "{spread:?}");
        assert!((spread.by_turns - FRAC_PI_2 * turn_variance / 2.0).abs() < 1e-9, "{spread:?}");
        assert_eq!(RoundSpread::of(&[round([0.0, 0.2])]), None);
        assert_eq!(RoundSpread::of(&[vec![pair(0.0)], vec![pair(0.1)]]), None);
    }

    #[test]
    fn an_empty_round_is_no_round() {
        assert!(Rounds::new(vec![]).is_none());
        assert!(Rounds::new(vec![vec![1.0], vec![]]).is_none());
    }

    #[test]
    fn turns_scatter_by_the_deviation_of_their_log_ratios() {
        // Logarithms of -0.1, 0 and 0.1: squares of 0.02 over two degrees of freedom.
        let round = [-0.1, 0.0, 0.1].map(pair);
        assert!((log_ratio_sd(&round).unwrap() - 0.1).abs() < 1e-12);
        assert_eq!(log_ratio_sd(&round[..1]), None);
        assert_eq!(log_ratio_sd(&[]), None);
    }
}
