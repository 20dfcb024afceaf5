use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::Estimate;
use crate::quantile::{interpolated, selected};
use crate::rounds::{EXPECTED_FREEDOM, Level, PairedRound, Rounds, mean, middle};
use crate::student::{normal_half_width, widening};

/// The bootstrap over rounds, which are drawn with replacement. A round is a set of fresh
/// processes, so what differs between rounds is what another run would see differ.
///
/// A round's value is the median over its turns. A turn's value is its median latency, so one slow
/// inference changes nothing. The spread of turns is part of the spread of rounds: drawing turns as
/// well would count it twice.
///
/// Intervals are percentile intervals on the logarithm, corrected for few rounds. `n` rounds drawn
/// from `n` spread too little, by `sqrt((n - 1) / n)`, and five processes estimate their own spread
/// poorly. So distances from the estimate are stretched by `sqrt(n / (n - 1))` and by Student's
/// quantile over the normal one (Hesterberg 2015, section 5.3). A single round has its turns drawn
/// instead, and its interval knows of the spread of processes what is expected of it alone.
///
/// Few rounds may agree by luck. No interval is narrower than the scatter of the turns allows: the
/// standard error that the medians of the rounds would have if rounds did not differ at all. And none
/// is narrower than if three more rounds had been seen that differ, beyond what their turns make them, by 0.8 of
/// what turns do and by 2.5 % at most, as rounds are found to, whatever these few show (a moderated variance, Smyth 2004).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// Resamples drawn.
    pub resamples: u32,
    /// Share of intervals that contain the true value, below 1.
    pub confidence: f64,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { resamples: 2000, confidence: 0.95, seed: 1 }
    }
}

impl Bootstrap {
    /// Returns the median over rounds of the medians over a round's turns, or `None` if there is no
    /// round or one of them is empty.
    ///
    /// # Units
    /// Nanoseconds; `rounds` holds the median latency of each turn.
    pub fn latency(&self, rounds: &[Vec<f64>]) -> Option<Estimate> {
        let rounds = Rounds::latencies(rounds)?;
        let log_latency = middle(rounds.medians().to_vec());
        let mut rng = self.rng();
        let scale = stretch(rounds.count());
        let draw = |_| scale * (middle(rounds.draw(Level::Rounds, &mut rng)) - log_latency);
        let deviations = (0..self.resamples).map(draw).collect();
        let (freedom, least) = (rounds.count() as u32 - 1, rounds.least_variance());
        Some(self.estimate(log_latency.exp(), deviations, freedom, Least::of_mean([least])))
    }

    /// Returns the same without an interval, which takes a thousandth of the time.
    pub fn latency_alone(rounds: &[Vec<f64>]) -> Option<f64> {
        Some(middle(Rounds::latencies(rounds)?.medians().to_vec()).exp())
    }

    /// Returns how many times faster the accelerated cell is: the geometric mean over rounds of the
    /// median over a round's pairs. Each pair gives its baseline latency divided by its accelerated
    /// latency. `None` if there is no round or one of them has no pair.
    pub fn speed_up(&self, rounds: &[PairedRound]) -> Option<Estimate> {
        self.geometric_mean(&[Rounds::paired(rounds)?], Level::Rounds)
    }

    /// Returns the geometric mean over cells of their speed-ups. The cells are given, not drawn:
    /// the interval shows how well these cells are measured, not how other cells would perform.
    /// `None` if there is no cell, or one of them has no speed-up.
    pub fn mean_speed_up(&self, cells: &[Vec<PairedRound>]) -> Option<Estimate> {
        let cells = cells.iter().map(|rounds| Rounds::paired(rounds));
        self.geometric_mean(&cells.collect::<Option<Vec<_>>>()?, Level::Rounds)
    }

    /// Returns a statistic of pairs with its percentile interval: each draw takes as many pairs with
    /// replacement, and one without the statistic is left out. `None` if the pairs have none.
    pub(crate) fn over_pairs(
        &self,
        pairs: &[(f64, f64)],
        statistic: fn(&[(f64, f64)]) -> Option<f64>,
    ) -> Option<Estimate> {
        let value = statistic(pairs)?;
        let mut rng = self.rng();
        let mut draw =
            || pairs.iter().map(|_| pairs[rng.random_range(0..pairs.len())]).collect::<Vec<_>>();
        let draws = (0..self.resamples).filter_map(|_| statistic(&draw()));
        let mut drawn: Vec<f64> = draws.collect();
        drawn.sort_unstable_by(f64::total_cmp);
        let tail = (1.0 - self.confidence) / 2.0;
        let at = |q| interpolated(drawn.len(), q, |at| drawn[at]).unwrap_or(value);
        Some(Estimate { value, low: at(tail).min(value), high: at(1.0 - tail).max(value) })
    }

    /// Returns the geometric mean over comparisons of their ratios, or `None` if there is none.
    pub(crate) fn geometric_mean(&self, cells: &[Rounds], level: Level) -> Option<Estimate> {
        let LogMean { value, deviations, freedom, least } =
            self.log_mean(cells, level, &mut self.rng())?;
        Some(self.estimate(value.exp(), deviations, freedom, least))
    }

    /// Returns the mean over cells of their rounds' mean logarithms, and its draws; `None` without
    /// cells.
    pub(crate) fn log_mean(
        &self,
        cells: &[Rounds],
        level: Level,
        rng: &mut ChaCha8Rng,
    ) -> Option<LogMean> {
        if cells.is_empty() {
            return None;
        }
        let mut value = 0.0;
        let mut deviations = vec![0.0; self.resamples as usize];
        let mut freedom = 0;
        let share = 1.0 / cells.len() as f64;
        for rounds in cells {
            let log_ratio = mean(rounds.medians());
            let scale = share * stretch(rounds.count());
            value += share * log_ratio;
            for deviation in &mut deviations {
                *deviation += scale * (rounds.draw_mean(level, rng) - log_ratio);
            }
            freedom += rounds.count() as u32 - 1;
        }
        let least = Least::of_mean(cells.iter().map(Rounds::least_variance));
        Some(LogMean { value, deviations, freedom, least })
    }

    /// Returns `value` with the interval that the `deviations` of its logarithm give, or the least one.
    pub(crate) fn estimate(
        &self,
        value: f64,
        mut deviations: Vec<f64>,
        freedom: u32,
        least: Least,
    ) -> Estimate {
        let tail = (1.0 - self.confidence) / 2.0;
        let widening = widening(self.confidence, freedom);
        let mut at = |q| {
            let deviation = selected(&mut deviations, q).unwrap_or(0.0);
            value * (widening * deviation).exp()
        };
        let least = self.least_half_width(freedom, least).exp();
        let (low, high) = (at(tail).min(value / least), at(1.0 - tail).max(value * least));
        Estimate { value, low, high }
    }

    /// Returns the least half-width of an interval on a logarithm.
    fn least_half_width(&self, freedom: u32, least: Least) -> f64 {
        let student = widening(self.confidence, freedom + least.freedom);
        student * normal_half_width(self.confidence) * least.variance.sqrt()
    }

    pub(crate) fn rng(&self) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.seed)
    }
}

/// The mean of cells' logarithms, and how far each draw deviates from that mean.
pub(crate) struct LogMean {
    pub(crate) value: f64,
    pub(crate) deviations: Vec<f64>,
    /// Rounds beyond the first of each cell.
    pub(crate) freedom: u32,
    /// What an interval on the mean may not be narrower than.
    pub(crate) least: Least,
}

/// What an interval may not be narrower than.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Least {
    /// Variance of the logarithm.
    pub(crate) variance: f64,
    /// Degrees of freedom that it has beyond those of the rounds.
    pub(crate) freedom: u32,
}

impl Least {
    /// Returns what the interval of a mean over cells may not be narrower than, given the least variance of each
    /// cell's own mean.
    pub(crate) fn of_mean(variances: impl IntoIterator<Item = f64>) -> Self {
        let variances: Vec<f64> = variances.into_iter().collect();
        let count = variances.len().max(1) as f64;
        Self {
            variance: variances.iter().sum::<f64>() / (count * count),
            freedom: EXPECTED_FREEDOM * variances.len() as u32,
        }
    }
}

/// Returns the factor that makes the spread of `rounds` rounds drawn from as many unbiased; 1 for a
/// single round.
pub(crate) fn stretch(rounds: usize) -> f64 {
    if rounds < 2 { 1.0 } else { (rounds as f64 / (rounds - 1) as f64).sqrt() }
}
