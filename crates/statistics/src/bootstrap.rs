use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::Estimate;
use crate::quantile::interpolated;
use crate::resample::MedianResampler;
use crate::student::widening;

/// A round's samples of the baseline and of the accelerated cell, in nanoseconds.
pub type Pair<'a> = (&'a [u64], &'a [u64]);

/// The hierarchical bootstrap: rounds are drawn with replacement, then samples within each.
///
/// Intervals are percentile intervals on the logarithm, corrected for few rounds: `n` rounds drawn
/// from `n` spread too little by `sqrt((n - 1) / n)`, and five processes do not tell their own
/// spread well, so distances from the estimate are stretched by `sqrt(n / (n - 1))` and by
/// Student's quantile over the normal one (Hesterberg 2015, section 5.3). Where every cell has
/// one round only, the interval knows the spread of samples but not that of processes. The spread
/// of samples is counted within rounds and again between their medians, so where processes do not
/// differ at all the interval is wider than need be, at five rounds twice. Latencies below 1 ns,
/// the clock's unit, count as 1 ns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// Resamples drawn.
    pub resamples: u32,
    /// Share of intervals that hold the truth, below 1.
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
    /// Returns the median over rounds of the rounds' median latencies, or `None` if there is no
    /// round or one of them is empty.
    ///
    /// # Units
    /// Nanoseconds.
    pub fn latency(&self, rounds: &[&[u64]]) -> Option<Estimate> {
        let rounds: Vec<_> =
            rounds.iter().map(|round| MedianResampler::new(round)).collect::<Option<_>>()?;
        let count = rounds.len();
        let value = middle(rounds.iter().map(MedianResampler::median_ns).collect())?;
        let mut rng = self.rng();
        let draw = |_| {
            let drawn = (0..count).map(|_| rounds[rng.random_range(0..count)].draw_ns(&mut rng));
            stretch(count) * (ln_ns(middle(drawn.collect()).unwrap_or(value)) - ln_ns(value))
        };
        let deviations = (0..self.resamples).map(draw).collect();
        Some(self.estimate(value, deviations, count as u32 - 1))
    }

    /// Returns how many times faster the accelerated cell is: the geometric mean over rounds of
    /// median baseline latency over median accelerated latency. `None` if there is no pair or a
    /// side of one is empty.
    pub fn speed_up(&self, pairs: &[Pair<'_>]) -> Option<Estimate> {
        self.geometric_mean(&[PairedRounds::new(pairs)?])
    }

    /// Returns the geometric mean over cells of their speed-ups. The cells are given, not drawn:
    /// the interval says how well these cells are measured, not how others would fare. `None` if
    /// there is no cell, or one of them has no speed-up.
    pub fn mean_speed_up(&self, cells: &[Vec<Pair<'_>>]) -> Option<Estimate> {
        let cells =
            cells.iter().map(|pairs| PairedRounds::new(pairs)).collect::<Option<Vec<_>>>()?;
        self.geometric_mean(&cells)
    }

    /// Returns the geometric mean over comparisons of their ratios, or `None` if there is none.
    pub(crate) fn geometric_mean(&self, cells: &[impl Rounds]) -> Option<Estimate> {
        if cells.is_empty() {
            return None;
        }
        let mut rng = self.rng();
        let mut log_mean = 0.0;
        let mut deviations = vec![0.0; self.resamples as usize];
        let mut freedom = 0;
        let share = 1.0 / cells.len() as f64;
        for rounds in cells {
            let log_ratio = mean_log_ratio(rounds);
            let scale = share * stretch(rounds.count());
            log_mean += share * log_ratio;
            for deviation in &mut deviations {
                *deviation += scale * (draw_mean_log_ratio(rounds, &mut rng) - log_ratio);
            }
            freedom += rounds.count() as u32 - 1;
        }
        Some(self.estimate(log_mean.exp(), deviations, freedom))
    }

    /// Returns `value` with the interval that `deviations` of its logarithm leave.
    fn estimate(&self, value: f64, mut deviations: Vec<f64>, freedom: u32) -> Estimate {
        deviations.sort_unstable_by(f64::total_cmp);
        let tail = (1.0 - self.confidence) / 2.0;
        let widening = widening(self.confidence, freedom);
        let at = |q| {
            let deviation = interpolated(deviations.len(), q, |at| deviations[at]).unwrap_or(0.0);
            value * (widening * deviation).exp()
        };
        Estimate { value, low: at(tail).min(value), high: at(1.0 - tail).max(value) }
    }

    pub(crate) fn rng(&self) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.seed)
    }
}

/// The rounds of one comparison, at least one, each with a ratio that can be drawn again.
pub(crate) trait Rounds {
    /// Returns how many there are.
    fn count(&self) -> usize;
    /// Returns the logarithm of a round's ratio.
    fn log_ratio(&self, round: usize) -> f64;
    /// Returns the logarithm of the ratio of a resample of a round.
    fn draw_log_ratio(&self, round: usize, rng: &mut ChaCha8Rng) -> f64;
}

fn mean_log_ratio(rounds: &impl Rounds) -> f64 {
    let count = rounds.count();
    (0..count).map(|round| rounds.log_ratio(round)).sum::<f64>() / count as f64
}

/// Returns the mean over as many rounds, drawn with replacement, of a resample of each.
fn draw_mean_log_ratio(rounds: &impl Rounds, rng: &mut ChaCha8Rng) -> f64 {
    let count = rounds.count();
    let mut sum = 0.0;
    for _ in 0..count {
        let round = rng.random_range(0..count);
        sum += rounds.draw_log_ratio(round, rng);
    }
    sum / count as f64
}

/// One cell's rounds, each with both sides ready to resample.
struct PairedRounds<'a>(Vec<(MedianResampler<'a>, MedianResampler<'a>)>);

impl<'a> PairedRounds<'a> {
    /// Returns the rounds, or `None` if there is none or a side of one is empty.
    fn new(pairs: &[Pair<'a>]) -> Option<Self> {
        let side = |samples| MedianResampler::new(samples);
        let rounds: Vec<_> = pairs
            .iter()
            .map(|&(baseline, accelerated)| side(baseline).zip(side(accelerated)))
            .collect::<Option<_>>()?;
        (!rounds.is_empty()).then_some(Self(rounds))
    }
}

impl Rounds for PairedRounds<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn log_ratio(&self, round: usize) -> f64 {
        let (baseline, accelerated) = &self.0[round];
        ln_ns(baseline.median_ns()) - ln_ns(accelerated.median_ns())
    }

    fn draw_log_ratio(&self, round: usize, rng: &mut ChaCha8Rng) -> f64 {
        let (baseline, accelerated) = &self.0[round];
        ln_ns(baseline.draw_ns(rng)) - ln_ns(accelerated.draw_ns(rng))
    }
}

/// Returns what makes the spread of `rounds` drawn from as many unbiased; 1 for a single round.
fn stretch(rounds: usize) -> f64 {
    if rounds < 2 { 1.0 } else { (rounds as f64 / (rounds - 1) as f64).sqrt() }
}

pub(crate) fn ln_ns(latency_ns: f64) -> f64 {
    latency_ns.max(1.0).ln()
}

/// Returns the median, or `None` without values.
pub(crate) fn middle(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    interpolated(values.len(), 0.5, |at| values[at])
}
