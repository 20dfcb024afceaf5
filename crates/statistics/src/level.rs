//! By how much a cell's time differs between runs: what one run says of it, how much runs of the same differ anyway,
//! and what changed from some runs to others.

use crate::Estimate;
use crate::rounds::{EXPECTED_FREEDOM, PairedRound, Rounds, mean};
use crate::student::{share_within, student_half_width};

/// Share of intervals that contain the true value.
const CONFIDENCE: f64 = 0.95;

/// What one run says of a cell's time: the mean over rounds of a logarithm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunLevel {
    /// The mean.
    pub log: f64,
    /// Variance of the mean, by the rounds of the run alone; 0 where nothing shows how they scatter.
    pub variance: f64,
    /// Degrees of freedom of that variance.
    pub freedom: u32,
    /// Rounds.
    pub rounds: u32,
}

impl RunLevel {
    /// Returns how long a cell takes for what its baseline does in a unit of time: the inverse of its speed-up. `None` if
    /// there is no round or one of them has no pair.
    pub fn relative_time(rounds: &[PairedRound]) -> Option<Self> {
        let speed_up = Self::of(&Rounds::paired(rounds)?);
        Some(Self { log: -speed_up.log, ..speed_up })
    }

    /// Returns how long a cell takes: the geometric mean over rounds of the median over a round's turns. `None` if there
    /// is no round or one of them is empty.
    ///
    /// # Units
    /// Nanoseconds; `rounds` holds the median latency of each turn.
    pub fn time(rounds: &[Vec<f64>]) -> Option<Self> {
        Some(Self::of(&Rounds::latencies(rounds)?))
    }

    /// Returns the mean of what rounds say. Its variance is theirs, or the least that few rounds may have, whichever
    /// makes the wider interval: as the bootstrap of a run's own numbers has it.
    fn of(rounds: &Rounds) -> Self {
        let values = rounds.medians();
        let log = mean(values);
        let rounds_count = values.len() as u32;
        let beyond_first = rounds_count - 1;
        let squares: f64 = values.iter().map(|value| (value - log).powi(2)).sum();
        let own = squares / f64::from(beyond_first).max(1.0) / f64::from(rounds_count);
        let level = |variance, freedom| Self { log, variance, freedom, rounds: rounds_count };
        let own = level(own, beyond_first);
        let least = level(rounds.least_variance(), beyond_first + EXPECTED_FREEDOM);
        if least.half_width() > own.half_width() { least } else { own }
    }

    /// Returns half the width of its interval on the logarithm; nothing where there is no variance.
    fn half_width(&self) -> f64 {
        if self.variance > 0.0 {
            student_half_width(CONFIDENCE, self.freedom.max(1)) * self.variance.sqrt()
        } else {
            0.0
        }
    }
}

/// By how much what runs say of the same differs, beyond what the rounds of each explain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunScatter {
    /// Standard deviation of a run's mean logarithm.
    pub sd: f64,
    /// Degrees of freedom of its square.
    pub freedom: u32,
}

impl RunScatter {
    /// Returns what is expected before anything is seen: as if three repeats more had been seen that differ so much.
    pub fn expected(sd: f64) -> Self {
        Self { sd, freedom: EXPECTED_FREEDOM }
    }

    /// Returns what repeats show: each of them holds what several runs say of one thing. Things of the same runs are
    /// disturbed alike, so that `freedom` says how many repeats are not of others. `None` where nothing was repeated.
    ///
    /// # Source
    /// The method of moments of DerSimonian and Laird 1986, unweighted.
    pub fn seen(repeats: &[Vec<RunLevel>], freedom: u32) -> Option<Self> {
        let (mut excess, mut beyond_first) = (0.0, 0);
        for levels in repeats.iter().filter(|levels| levels.len() > 1) {
            let logs: Vec<f64> = levels.iter().map(|level| level.log).collect();
            let centre = mean(&logs);
            let squares: f64 = logs.iter().map(|log| (log - centre).powi(2)).sum();
            let by_rounds: f64 = levels.iter().map(|level| level.variance).sum();
            excess += squares - by_rounds * (levels.len() - 1) as f64 / levels.len() as f64;
            beyond_first += levels.len() - 1;
        }
        let variance = (excess / beyond_first as f64).max(0.0);
        (beyond_first > 0).then_some(Self { sd: variance.sqrt(), freedom })
    }

    /// Returns what both say, each by its degrees of freedom: a moderated variance.
    ///
    /// # Source
    /// Smyth 2004, Linear models and empirical Bayes methods for assessing differential expression.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let freedom = self.freedom + other.freedom;
        let part = |one: Self| f64::from(one.freedom) * one.sd.powi(2);
        let variance = (part(self) + part(other)) / f64::from(freedom.max(1));
        Self { sd: variance.sqrt(), freedom }
    }
}

/// By how much a time changed from some runs to others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelChange {
    /// The later time over the earlier one.
    pub ratio: Estimate,
    /// Probability that as large a change, either way, is found where there is none; 1 where nothing says how numbers
    /// scatter.
    pub probability: f64,
}

/// A variance and its degrees of freedom.
type Part = (f64, u32);

impl LevelChange {
    /// Returns the change between what runs said before and what others said after, which scatter so much anyway. Runs of
    /// one side are pooled by how many rounds they have and how much runs scatter. How well each run itself seems to be known
    /// does not count: of few rounds, those that agree by luck would. The interval is Student's, of as many degrees of
    /// freedom as Satterthwaite's formula gives the sum of all variances. `None` where a side is empty.
    pub fn between(before: &[RunLevel], after: &[RunLevel], scatter: RunScatter) -> Option<Self> {
        let of_round = |level: &RunLevel| f64::from(level.rounds) * level.variance;
        let both: Vec<f64> = before.iter().chain(after).map(of_round).collect();
        let pooling = Pooling { of_round: mean(&both), between: scatter.sd.powi(2) };
        let (before, after) = (Side::of(before, &pooling)?, Side::of(after, &pooling)?);
        let log = after.log - before.log;
        let between = (before.between + after.between, scatter.freedom);
        let parts: Vec<Part> =
            before.within.into_iter().chain(after.within).chain([between]).collect();
        let variance: f64 = parts.iter().map(|(variance, _)| variance).sum();
        let value = log.exp();
        if variance <= 0.0 {
            let ratio = Estimate { value, low: value, high: value };
            return Some(Self { ratio, probability: 1.0 });
        }
        let freedom = satterthwaite(&parts, variance);
        let half = student_half_width(CONFIDENCE, freedom) * variance.sqrt();
        let ratio = Estimate { value, low: (log - half).exp(), high: (log + half).exp() };
        let probability = 1.0 - share_within(log.abs() / variance.sqrt(), freedom);
        Some(Self { ratio, probability: probability.max(0.0) })
    }
}

/// Variances that runs are pooled by: of a round, over all runs alike, and of a run.
struct Pooling {
    of_round: f64,
    between: f64,
}

impl Pooling {
    /// Returns how much a run counts.
    fn weight(&self, level: &RunLevel) -> f64 {
        let rounds = f64::from(level.rounds);
        let variance = self.of_round + rounds * self.between;
        if variance > 0.0 { rounds / variance } else { rounds }
    }
}

/// The pooled runs of one side.
struct Side {
    log: f64,
    /// What the rounds of each run add to the variance.
    within: Vec<Part>,
    /// What runs differ by adds.
    between: f64,
}

impl Side {
    fn of(levels: &[RunLevel], pooling: &Pooling) -> Option<Self> {
        let total: f64 = levels.iter().map(|level| pooling.weight(level)).sum();
        let shares: Vec<f64> = levels.iter().map(|level| pooling.weight(level) / total).collect();
        let of_each = || levels.iter().zip(&shares);
        let within =
            |(level, share): (&RunLevel, &f64)| (share * share * level.variance, level.freedom);
        (!levels.is_empty()).then(|| Self {
            log: of_each().map(|(level, share)| share * level.log).sum(),
            within: of_each().map(within).collect(),
            between: pooling.between * shares.iter().map(|share| share * share).sum::<f64>(),
        })
    }
}

/// Returns the degrees of freedom of a sum of variances, rounded down, one at least.
fn satterthwaite(parts: &[Part], sum: f64) -> u32 {
    let share = |&(variance, freedom): &Part| variance * variance / f64::from(freedom.max(1));
    let squares: f64 = parts.iter().map(share).sum();
    ((sum * sum / squares) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Normal};

    use super::*;

    fn level(log: f64, variance: f64, freedom: u32) -> RunLevel {
        RunLevel { log, variance, freedom, rounds: freedom + 1 }
    }

    const NONE: RunScatter = RunScatter { sd: 0.0, freedom: 0 };

    #[test]
    fn a_change_is_welch_s_where_runs_do_not_scatter() {
        // Variances of 0.01 and 0.03 with 4 and 9 degrees: 0.04² / (0.01² / 4 + 0.03² / 9) = 12.8; Student's 95 % point
        // of 12 degrees is 2.179, of a standard deviation of 0.2.
        let change =
            LevelChange::between(&[level(1.0, 0.01, 4)], &[level(1.5, 0.03, 9)], NONE).unwrap();
        assert!((change.ratio.value.ln() - 0.5).abs() < 1e-12);
        assert!((change.ratio.high.ln() - 0.5 - 2.179 * 0.2).abs() < 1e-3, "{change:?}");
        assert!((change.ratio.low.ln() - 0.5 + 2.179 * 0.2).abs() < 1e-3, "{change:?}");
        // 0.5 is 2.5 deviations: 2.8 % of Student's t of 12 degrees lie beyond.
        assert!((change.probability - 0.028).abs() < 5e-4, "{change:?}");
    }

    #[test]
    fn what_runs_differ_by_widens_the_interval_and_more_runs_narrow_it() {
        let scatter = RunScatter { sd: 0.1, freedom: 1000 };
        let runs = |count, log| vec![level(log, 1e-9, 1000); count];
        let half = |count| {
            let change = LevelChange::between(&runs(count, 0.0), &runs(count, 0.0), scatter);
            change.unwrap().ratio.high.ln()
        };
        // 1.96 × √(2 × 0.01 / count).
        assert!((half(1) - 1.962 * 0.02_f64.sqrt()).abs() < 1e-3, "{}", half(1));
        assert!((half(4) - 1.962 * 0.005_f64.sqrt()).abs() < 1e-3, "{}", half(4));
    }

    #[test]
    fn a_run_of_more_rounds_counts_more_and_less_so_where_runs_scatter() {
        // A round has a variance of 0.04 in all of them: four rounds count four times, (4 × 1 + 1 × 2) / 5.
        let sides = [level(1.0, 0.01, 3), level(2.0, 0.04, 0)];
        let before = [level(0.0, 0.01, 3)];
        let pooled =
            |scatter| LevelChange::between(&before, &sides, scatter).unwrap().ratio.value.ln();
        assert!((pooled(NONE) - 1.2).abs() < 1e-12, "{}", pooled(NONE));
        // Runs that differ by far more than their rounds count alike.
        let scatter = pooled(RunScatter { sd: 100.0, freedom: 9 });
        assert!((scatter - 1.5).abs() < 1e-4, "{scatter}");
        // However well a run seems to be known.
        let lucky = [level(1.0, 1e-9, 3), level(2.0, 0.04, 3)];
        let pooled = LevelChange::between(&before, &lucky, NONE).unwrap();
        assert!((pooled.ratio.value.ln() - 1.5).abs() < 1e-12, "{pooled:?}");
    }

    #[test]
    fn what_has_no_scatter_has_no_interval_and_changes_nothing() {
        let change =
            LevelChange::between(&[level(0.0, 0.0, 0)], &[level(0.7, 0.0, 0)], NONE).unwrap();
        assert!(!change.ratio.has_interval() && change.probability == 1.0, "{change:?}");
        assert_eq!(LevelChange::between(&[], &[level(0.0, 0.1, 3)], NONE), None);
    }

    #[test]
    fn repeats_show_what_their_rounds_do_not_explain() {
        // Two runs 0.2 apart: squares of 0.02 on one degree, of which rounds explain half of 0.005 twice.
        let repeat = vec![level(0.0, 0.005, 9), level(0.2, 0.005, 9)];
        let seen = RunScatter::seen(std::slice::from_ref(&repeat), 1).unwrap();
        assert!((seen.sd.powi(2) - 0.015).abs() < 1e-12, "{seen:?}");
        // As much as rounds explain is none.
        let alike = vec![level(0.0, 0.5, 9), level(0.2, 0.5, 9)];
        assert_eq!(RunScatter::seen(&[alike], 1), Some(RunScatter { sd: 0.0, freedom: 1 }));
        assert_eq!(RunScatter::seen(&[vec![level(0.0, 0.5, 9)]], 0), None);
        // Three degrees of 0.1 and one of √0.015: (3 × 0.01 + 0.015) / 4.
        let both = RunScatter::expected(0.1).with(seen);
        assert!((both.sd.powi(2) - 0.045 / 4.0).abs() < 1e-12 && both.freedom == 4, "{both:?}");
    }

    #[test]
    fn a_level_has_the_variance_of_its_rounds_or_the_least() {
        // Means of e and e³: 2 in the logarithm, squares of 2 on one degree, over two rounds.
        let rounds = [vec![1_f64.exp()], vec![3_f64.exp()]];
        assert_eq!(RunLevel::time(&rounds), Some(level(2.0, 1.0, 1)));
        // Rounds that agree, of turns that do not: four degrees, three of them expected.
        let turns = vec![1e6, 1.1e6, 0.9e6];
        let agreeing = RunLevel::time(&[turns.clone(), turns]).unwrap();
        assert!(agreeing.variance > 0.0 && agreeing.freedom == 4 && agreeing.rounds == 2);
        assert_eq!(RunLevel::time(&[]), None);
    }

    #[test]
    fn intervals_contain_the_truth_as_often_as_they_say() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let (turn, process) = (Normal::new(0.0, 0.03).unwrap(), Normal::new(0.0, 0.02).unwrap());
        let mut run = |rounds: usize| {
            let round = |_| {
                let of_process: f64 = process.sample(&mut rng);
                (0..10).map(|_| 1e7 * (of_process + turn.sample(&mut rng)).exp()).collect()
            };
            RunLevel::time(&(0..rounds).map(round).collect::<Vec<Vec<f64>>>()).unwrap()
        };
        let mut missed = |runs: usize, rounds| {
            let mut side = || (0..runs).map(|_| run(rounds)).collect::<Vec<_>>();
            let tries = (0..2000).map(|_| LevelChange::between(&side(), &side(), NONE).unwrap());
            tries.filter(|change| change.probability <= 0.05).count()
        };
        // 5 % of 2000 are 100, of which three deviations are 29. Few rounds are held against what is expected of them.
        for (runs, rounds) in [(1, 3), (1, 5), (1, 10), (3, 3), (3, 8)] {
            let count = missed(runs, rounds);
            assert!((30..=129).contains(&count), "{runs} runs of {rounds} rounds: {count}");
        }
    }
}
