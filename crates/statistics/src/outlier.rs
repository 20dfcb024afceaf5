//! Samples far from the rest by Tukey's fences: labelled and counted, never dropped.

use crate::quantile_ns;

/// Distance of the inner fences from the quartiles, in interquartile ranges.
const MILD: f64 = 1.5;
/// Distance of the outer fences from the quartiles, in interquartile ranges.
const SEVERE: f64 = 3.0;

/// How many samples lie beyond the fences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outliers {
    /// Beyond 1.5 but within 3 interquartile ranges of the quartiles.
    pub mild: usize,
    /// Beyond 3 interquartile ranges of the quartiles.
    pub severe: usize,
}

/// Returns the numbers of mild and severe outliers among ascending samples.
///
/// # Source
/// Tukey 1977, Exploratory Data Analysis, section 2D.
pub fn outliers(sorted: &[u64]) -> Outliers {
    let quartiles = quantile_ns(sorted, 0.25).zip(quantile_ns(sorted, 0.75));
    let Some((lower, upper)) = quartiles else {
        return Outliers::default();
    };
    let beyond = |fence: f64| {
        let reach = fence * (upper - lower);
        let below = sorted.partition_point(|&sample| (sample as f64) < lower - reach);
        let within = sorted.partition_point(|&sample| (sample as f64) <= upper + reach);
        below + sorted.len() - within
    };
    let severe = beyond(SEVERE);
    Outliers { mild: beyond(MILD) - severe, severe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_inclusive_on_both_sides() {
        // Quartiles of these nine are 20 and 40, range 20: inner fences -10 and 70, outer 100.
        let mut samples = [10, 15, 20, 25, 30, 35, 40, 70, 100];
        assert_eq!(outliers(&samples), Outliers { mild: 1, severe: 0 });
        samples[8] = 101;
        assert_eq!(outliers(&samples), Outliers { mild: 0, severe: 1 });
    }

    #[test]
    fn low_outliers_count_too() {
        // Quartiles 100 and 100, range 0: whatever differs is beyond both fences.
        assert_eq!(outliers(&[1, 100, 100, 100, 100]), Outliers { mild: 0, severe: 1 });
    }

    #[test]
    fn no_samples_have_no_outliers() {
        assert_eq!(outliers(&[]), Outliers::default());
    }
}
