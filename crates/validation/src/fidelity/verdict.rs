//! What a ratio and its interval show.

use std::ops::RangeInclusive;

use formbench_statistics::Estimate;
use serde::Serialize;

/// Ratios that count as no difference.
pub const FAITHFUL: RangeInclusive<f64> = 0.97..=1.03;
/// Shorter inferences are shown and not judged, in nanoseconds.
pub const JUDGED_FROM_NS: f64 = 5e6;
/// More turns than anybody would wait for.
const MOST_TURNS: f64 = 1e6;

/// What a ratio shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FidelityVerdict {
    /// The whole interval counts as no difference.
    Faithful,
    /// The whole interval counts as a difference.
    Differs,
    /// The interval holds both.
    Undecided,
    /// Latencies are too short to be judged.
    Short,
}

impl FidelityVerdict {
    /// Returns what a ratio shows for inferences that take `latency_ns`.
    pub fn of(latency_ns: f64, ratio: Estimate) -> Self {
        let (from, to) = FAITHFUL.into_inner();
        if latency_ns < JUDGED_FROM_NS {
            Self::Short
        } else if from <= ratio.low && ratio.high <= to {
            Self::Faithful
        } else if ratio.high < from || to < ratio.low {
            Self::Differs
        } else {
            Self::Undecided
        }
    }

    /// Returns the word that the table prints.
    pub fn label(self) -> &'static str {
        match self {
            Self::Faithful => "faithful",
            Self::Differs => "differs",
            Self::Undecided => "undecided",
            Self::Short => "too short to judge",
        }
    }
}

/// Returns about how many more turns would decide a ratio that stays where it is after so many
/// turns: intervals shrink with the square root of their number. `None` if nobody would wait for
/// them, as where the ratio lies on a bound.
pub fn missing_turns(ratio: Estimate, turns: usize) -> Option<u64> {
    let [value, low, high] = [ratio.value, ratio.low, ratio.high].map(f64::ln);
    let (from, to) = FAITHFUL.into_inner();
    let [from, to] = [from, to].map(f64::ln);
    // How many times nearer each end has to come.
    let below = |bound: f64| (value - low) / (value - bound);
    let above = |bound: f64| (high - value) / (bound - value);
    let nearer = if value > to {
        below(to)
    } else if value < from {
        above(from)
    } else {
        below(from).max(above(to))
    };
    let missing = turns as f64 * (nearer * nearer - 1.0);
    (missing <= MOST_TURNS).then(|| two_digits(missing.round().max(1.0) as u64))
}

/// Returns the number, rounded to two digits that count.
fn two_digits(number: u64) -> u64 {
    let unit = 10_u64.pow(number.checked_ilog10().unwrap_or(0).saturating_sub(1));
    (number + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(value: f64, low: f64, high: f64) -> Estimate {
        Estimate { value, low, high }
    }

    #[test]
    fn a_verdict_needs_the_whole_interval() {
        let verdict = |value, low, high| FidelityVerdict::of(1e7, ratio(value, low, high));
        assert_eq!(verdict(1.0, 0.98, 1.02), FidelityVerdict::Faithful);
        assert_eq!(verdict(1.0, 0.96, 1.02), FidelityVerdict::Undecided);
        assert_eq!(verdict(1.0, 0.706, 1.306), FidelityVerdict::Undecided);
        assert_eq!(verdict(1.05, 1.02, 1.1), FidelityVerdict::Undecided);
        assert_eq!(verdict(1.05, 1.04, 1.1), FidelityVerdict::Differs);
        assert_eq!(verdict(0.95, 0.94, 0.96), FidelityVerdict::Differs);
        assert_eq!(FidelityVerdict::of(4.9e6, ratio(2.0, 2.0, 2.0)), FidelityVerdict::Short);
    }

    #[test]
    fn an_interval_four_times_too_wide_takes_sixteen_times_the_turns() {
        // The ends of exp(±4 ln 1.03) have to come four times nearer above: 16 × 100 turns in all.
        // Below, ln 0.97 = -0.03046 is farther away than ln 1.03 = 0.02956.
        let (low, high) = (1.03_f64.powi(-4), 1.03_f64.powi(4));
        assert_eq!(missing_turns(ratio(1.0, low, high), 100), Some(1500));
        // 1.03³ lies twice as far outside as 1.03² would: its lower end at 1.03⁻¹ has to come twice
        // as near.
        let outside = ratio(1.03_f64.powi(3), 1.03_f64.powi(-1), 1.03_f64.powi(7));
        assert_eq!(missing_turns(outside, 100), Some(300));
    }

    #[test]
    fn an_estimate_has_two_digits() {
        assert_eq!([0, 7, 72, 104, 38_467].map(two_digits), [0, 7, 72, 100, 38_000]);
    }

    #[test]
    fn a_ratio_on_a_bound_is_never_decided() {
        assert_eq!(missing_turns(ratio(1.03, 1.0, 1.06), 100), None);
        assert_eq!(missing_turns(ratio(1.029_999, 1.0, 1.06), 100), None);
    }
}
