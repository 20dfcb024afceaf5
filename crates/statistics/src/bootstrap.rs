use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::Estimate;
use crate::quantile::interpolated;
use crate::rounds::{Level, PairedRound, Rounds, mean, middle};
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
/// instead, and its interval leaves out the spread of processes.
///
/// Few rounds may agree by luck. No interval is narrower than the scatter of the turns allows: the
/// standard error that the medians of the rounds would have if rounds did not differ at all.
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
        let least = rounds.least_variance();
        Some(self.estimate(log_latency.exp(), deviations, rounds.count() as u32 - 1, least))
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

    /// Returns the geometric mean over comparisons of their ratios, or `None` if there is none.
    pub(crate) fn geometric_mean(&self, cells: &[Rounds], level: Level) -> Option<Estimate> {
        let LogMean { value, deviations, freedom, least_variance } =
            self.log_mean(cells, level, &mut self.rng())?;
        Some(self.estimate(value.exp(), deviations, freedom, least_variance))
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
        let (mut freedom, mut least_variance) = (0, 0.0);
        let share = 1.0 / cells.len() as f64;
        for rounds in cells {
            let log_ratio = mean(rounds.medians());
            let scale = share * stretch(rounds.count());
            value += share * log_ratio;
            for deviation in &mut deviations {
                *deviation += scale * (mean(&rounds.draw(level, rng)) - log_ratio);
            }
            freedom += rounds.count() as u32 - 1;
            least_variance += share * share * rounds.least_variance();
        }
        Some(LogMean { value, deviations, freedom, least_variance })
    }

    /// Returns `value` with the interval that the `deviations` of its logarithm give, at least as wide
    /// as a variance of the logarithm allows.
    pub(crate) fn estimate(
        &self,
        value: f64,
        mut deviations: Vec<f64>,
        freedom: u32,
        least_variance: f64,
    ) -> Estimate {
        deviations.sort_unstable_by(f64::total_cmp);
        let tail = (1.0 - self.confidence) / 2.0;
        let widening = widening(self.confidence, freedom);
        let at = |q| {
            let deviation = interpolated(deviations.len(), q, |at| deviations[at]).unwrap_or(0.0);
            value * (widening * deviation).exp()
        };
        let least = (normal_half_width(self.confidence) * least_variance.sqrt()).exp();
        let (low, high) = (at(tail).min(value / least), at(1.0 - tail).max(value * least));
        Estimate { value, low, high }
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
    /// The variance of the mean if rounds differed only by the scatter of their turns.
    pub(crate) least_variance: f64,
}

/// Returns the factor that makes the spread of `rounds` rounds drawn from as many unbiased; 1 for a
/// single round.
pub(crate) fn stretch(rounds: usize) -> f64 {
    if rounds < 2 { 1.0 } else { (rounds as f64 / (rounds - 1) as f64).sqrt() }
}
