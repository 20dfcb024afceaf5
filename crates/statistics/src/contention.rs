//! What a speed-up would be on a quiet host, from how it moves with contention on a busy one.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::bootstrap::{Least, stretch};
use crate::rounds::{PairedRound, TurnPair, least_variance, mean, middle};
use crate::{Bootstrap, Estimate};

/// Deviations from a round's median that count in full, in median absolute deviations of the round; larger
/// ones count as if they were as large.
const FULL_COUNT: f64 = 4.0;

/// How much slopes differ from none, as a standard deviation: before anything is measured, engines are believed to
/// bear contention alike, give or take a fifth of it. So much do comparisons of the committed runs differ, on three hosts
/// (METHODOLOGY, "Quiet turns").
const PRIOR_SD: f64 = 0.2;

/// What one round tells: its medians, and what the slope is made of.
struct Summary {
    log_ratio: f64,
    contention: f64,
    /// Pairs.
    count: usize,
    /// Sums of the squares of both deviations from the medians, and of their products.
    by_contention: f64,
    by_ratio: f64,
    products: f64,
}

impl Summary {
    /// Returns what a round tells, or `None` if nobody looked what the host was like.
    fn of(round: &[TurnPair]) -> Option<Self> {
        let contentions: Option<Vec<f64>> =
            round.iter().map(|pair| Some(pair.conditions?.contention)).collect();
        let contentions = contentions.filter(|values| !values.is_empty())?;
        let log_ratios: Vec<f64> = round.iter().map(TurnPair::log_ratio).collect();
        let (contention, log_ratio) = (middle(contentions.clone()), middle(log_ratios.clone()));
        let (xs, ys) = (deviations(&contentions, contention), deviations(&log_ratios, log_ratio));
        let sum = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(x, y)| x * y).sum();
        Some(Self {
            log_ratio,
            contention,
            count: round.len(),
            by_contention: sum(&xs, &xs),
            by_ratio: sum(&ys, &ys),
            products: sum(&xs, &ys),
        })
    }
}

/// Returns the deviations from a centre, large ones cut.
fn deviations(values: &[f64], centre: f64) -> Vec<f64> {
    let all: Vec<f64> = values.iter().map(|value| value - centre).collect();
    let limit = FULL_COUNT * middle(all.iter().map(|one| one.abs()).collect());
    all.into_iter().map(|one| one.clamp(-limit, limit)).collect()
}

/// By how much the logarithm of a comparison's ratio grows with contention, by its turns alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioSlope {
    /// The slope.
    pub value: f64,
    /// Its standard error.
    pub sd: f64,
}

impl RatioSlope {
    /// Returns the slope that all rounds have in common; `None` where nobody looked what the host was like, or the turns do
    /// not tell.
    pub fn of(rounds: &[PairedRound]) -> Option<Self> {
        let summaries: Vec<Summary> =
            rounds.iter().map(|round| Summary::of(round)).collect::<Option<_>>()?;
        let Slope { value, sd, .. } = Slope::with_prior(&summaries, f64::INFINITY);
        (sd.is_finite() && sd > 0.0).then_some(Self { value, sd })
    }
}

/// By how much the logarithm of a ratio grows with contention.
#[derive(Clone, Copy, Debug)]
struct Slope {
    value: f64,
    sd: f64,
    /// Variance of a turn beside the line.
    variance: f64,
}

impl Slope {
    /// Returns the slope that rounds have in common. Few turns, or turns that differ little in contention, say
    /// little: then it stays near none, and its deviation near that of the prior.
    fn of(rounds: &[Summary]) -> Self {
        Self::with_prior(rounds, PRIOR_SD)
    }

    fn with_prior(rounds: &[Summary], prior_sd: f64) -> Self {
        let sum = |of: fn(&Summary) -> f64| rounds.iter().map(of).sum::<f64>();
        let (squares, products) = (sum(|of| of.by_contention), sum(|of| of.products));
        // Each round has its own median, and all have one slope.
        let freedom: usize = rounds.iter().map(|of| of.count - 1).sum();
        let Some(freedom) = freedom.checked_sub(1).filter(|freedom| *freedom > 0) else {
            return Self { value: 0.0, sd: prior_sd, variance: 0.0 };
        };
        let explained = if squares > 0.0 { products * products / squares } else { 0.0 };
        let variance = (sum(|of| of.by_ratio) - explained).max(0.0) / freedom as f64;
        let precision = squares + variance / prior_sd.powi(2);
        if precision == 0.0 {
            return Self { value: 0.0, sd: 0.0, variance };
        }
        Self { value: products / precision, sd: (variance / precision).sqrt(), variance }
    }
}

impl Bootstrap {
    /// Returns what the geometric mean over cells of their speed-ups would be without contention, by a line
    /// through the turns of each round: the logarithm of their ratio over the logarithm of how much longer
    /// the probe took from memory than on the quiet host. All rounds of a cell have one slope, with a prior
    /// around none. Rounds are drawn, and the slope from what is known of it. `None` if there is no cell,
    /// one of them has no round, or nobody looked what the host was like.
    pub fn without_contention(&self, cells: &[Vec<PairedRound>]) -> Option<Estimate> {
        let summaries = |rounds: &Vec<PairedRound>| {
            let rounds: Option<Vec<Summary>> =
                rounds.iter().map(|round| Summary::of(round)).collect();
            rounds.filter(|rounds| !rounds.is_empty())
        };
        let cells: Vec<Vec<Summary>> = cells.iter().map(summaries).collect::<Option<_>>()?;
        let share = 1.0 / cells.len() as f64;
        let (mut value, mut freedom, mut rng) = (0.0, 0, self.rng());
        let mut least = Vec::with_capacity(cells.len());
        let mut deviations = vec![0.0; self.resamples as usize];
        for rounds in &cells {
            let slope = Slope::of(rounds);
            let moved = |round: &Summary, by: f64| round.log_ratio - by * round.contention;
            let all: Vec<f64> = rounds.iter().map(|round| moved(round, slope.value)).collect();
            let of_cell = mean(&all);
            let contention = mean(&rounds.iter().map(|of| of.contention).collect::<Vec<_>>());
            value += share * of_cell;
            freedom += rounds.len() as u32 - 1;
            let turns = rounds.iter().map(|round| round.count);
            least.push(least_variance(slope.variance, turns, &all));
            for deviation in &mut deviations {
                let drawn: Vec<f64> = if all.len() > 1 {
                    all.iter().map(|_| all[rng.random_range(0..all.len())]).collect()
                } else {
                    all.clone()
                };
                let by_rounds = stretch(rounds.len()) * (mean(&drawn) - of_cell);
                let drawn_slope: f64 = StandardNormal.sample(&mut rng);
                let by_slope = slope.sd * drawn_slope * contention;
                *deviation += share * (by_rounds - by_slope);
            }
        }
        (!cells.is_empty())
            .then(|| self.estimate(value.exp(), deviations, freedom, Least::of_mean(least)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Conditions, QuietLimit};

    /// Pairs whose ratio is 2 on a quiet host and grows with contention by a slope of a third.
    fn round(contentions: &[f64]) -> PairedRound {
        let pair = |&contention: &f64| TurnPair {
            baseline_ns: 2e6 * (contention / 3.0).exp(),
            accelerated_ns: 1e6,
            conditions: Some(Conditions {
                was_interrupted: false,
                contention,
                limit: QuietLimit::default(),
            }),
        };
        contentions.iter().map(pair).collect()
    }

    #[test]
    fn a_line_leads_back_to_the_quiet_host() {
        let rounds =
            vec![round(&[0.2, 0.5, 0.3]), round(&[0.4, 0.9, 0.7]), round(&[0.3, 0.5, 0.4])];
        let found = Bootstrap::default().speed_up(&rounds).unwrap();
        let without =
            Bootstrap::default().without_contention(std::slice::from_ref(&rounds)).unwrap();
        assert!(found.value > 2.2 && (without.value - 2.0).abs() < 1e-9, "{found:?} {without:?}");
    }

    #[test]
    fn one_turn_that_was_hit_moves_the_slope_little() {
        let mut rounds = vec![round(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]); 3];
        rounds[1][2].baseline_ns *= 3.0;
        let slope = RatioSlope::of(&rounds).unwrap();
        // Uncut, it would make the slope 0.20 instead of a third.
        assert!((slope.value - 1.0 / 3.0).abs() < 0.05, "{slope:?}");
    }

    #[test]
    fn few_turns_say_little_of_a_slope_and_the_interval_says_so() {
        let single = Bootstrap::default().without_contention(&[vec![round(&[0.5])]]).unwrap();
        let found = 2.0 * (0.5_f64 / 3.0).exp();
        // A slope of none, give or take a fifth: at a contention of a half, ±20 %.
        assert!((single.value - found).abs() < 1e-12, "{single:?}");
        let half = 1.96 * PRIOR_SD * 0.5;
        assert!((single.high / found).ln() > 0.85 * half, "{single:?}");
        assert!((found / single.low).ln() > 0.85 * half, "{single:?}");
    }

    #[test]
    fn the_slope_of_turns_alone_has_no_prior() {
        // Contentions of −3, 0 and 3 around their median, logarithms of 0, −0.2 and 0.2 around theirs: products of 0.6 over
        // squares of 18, and squares of 0.08 less what the line explains, of one degree of freedom.
        let mut rounds = vec![round(&[0.0, 3.0, 6.0])];
        for (pair, log_ratio) in rounds[0].iter_mut().zip([0.0_f64, -0.2, 0.2]) {
            pair.baseline_ns = 2e6 * log_ratio.exp();
        }
        let slope = RatioSlope::of(&rounds).unwrap();
        assert!((slope.value - 0.6 / 18.0).abs() < 1e-12, "{slope:?}");
        let beside: f64 = 0.08 - 0.6 * 0.6 / 18.0;
        assert!((slope.sd - (beside / 18.0).sqrt()).abs() < 1e-12, "{slope:?}");
        // A single turn tells nothing.
        assert_eq!(RatioSlope::of(&[round(&[0.5])]), None);
        assert_eq!(RatioSlope::of(&[]), None);
    }

    #[test]
    fn without_a_slope_nothing_moves_and_without_a_probe_there_is_nothing() {
        let alike = vec![round(&[0.0, 0.0]); 3];
        let without = Bootstrap::default().without_contention(&[alike]).unwrap();
        assert!((without.value - 2.0).abs() < 1e-12, "{without:?}");
        let pair = TurnPair { baseline_ns: 2.0, accelerated_ns: 1.0, conditions: None };
        assert_eq!(Bootstrap::default().without_contention(&[vec![vec![pair]]]), None);
        assert_eq!(Bootstrap::default().without_contention(&[vec![]]), None);
        assert_eq!(Bootstrap::default().without_contention(&[]), None);
    }
}
