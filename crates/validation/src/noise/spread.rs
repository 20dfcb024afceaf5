//! How much the times of equal work differ.

use formbench_statistics::{median_ns, quantile_ns};

use super::work::WorkUnit;

/// Spread of the times of equal work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Median in nanoseconds.
    pub p50_ns: f64,
    /// What one unit in a hundred exceeds, in nanoseconds.
    pub p99_ns: f64,
    /// Distance of the quartiles in nanoseconds.
    pub iqr_ns: f64,
    /// By how much the median of the slowest window exceeds that of the fastest, as a share.
    pub drift: f64,
}

impl Spread {
    /// Returns the spread of units, or nothing without any; windows last `window_ns`, and one that
    /// is cut short by the end does not count.
    pub fn of(units: &[WorkUnit], window_ns: u64) -> Option<Self> {
        let mut sorted: Vec<u64> = units.iter().map(|unit| unit.ns).collect();
        sorted.sort_unstable();
        let quantile = |q| quantile_ns(&sorted, q);
        Some(Self {
            p50_ns: quantile(0.5)?,
            p99_ns: quantile(0.99)?,
            iqr_ns: quantile(0.75)? - quantile(0.25)?,
            drift: excess(&window_medians_ns(units, window_ns)).unwrap_or(0.0),
        })
    }
}

/// Returns the median of each whole window, in the order of time.
fn window_medians_ns(units: &[WorkUnit], window_ns: u64) -> Vec<f64> {
    let window = |unit: &WorkUnit| unit.end_ns / window_ns.max(1);
    let whole = units.last().map_or(0, window);
    let in_windows = units.chunk_by(|a, b| window(a) == window(b));
    let in_whole = in_windows.filter(|units| units.iter().all(|unit| window(unit) < whole));
    in_whole
        .filter_map(|units| median_ns(&units.iter().map(|unit| unit.ns).collect::<Vec<_>>()))
        .collect()
}

/// Returns by how much the largest exceeds the smallest, as a share of that.
pub fn excess(values: &[f64]) -> Option<f64> {
    let smallest = values.iter().copied().reduce(f64::min).filter(|&smallest| smallest > 0.0)?;
    let largest = values.iter().copied().reduce(f64::max)?;
    Some(largest / smallest - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(ns: &[u64]) -> Vec<WorkUnit> {
        let mut end_ns = 0;
        let unit = |&ns: &u64| {
            end_ns += ns;
            WorkUnit { end_ns, ns }
        };
        ns.iter().map(unit).collect()
    }

    #[test]
    fn equal_times_have_no_spread() {
        let spread = Spread::of(&units(&[10; 50]), 100).unwrap();
        assert_eq!(spread, Spread { p50_ns: 10.0, p99_ns: 10.0, iqr_ns: 0.0, drift: 0.0 });
        assert_eq!(Spread::of(&[], 100), None);
    }

    #[test]
    fn quantiles_are_those_of_all_units() {
        // Places 50, 99, 75 and 25 of 1 to 101.
        let all: Vec<u64> = (1..=101).rev().collect();
        let spread = Spread::of(&units(&all), u64::MAX).unwrap();
        assert_eq!((spread.p50_ns, spread.p99_ns, spread.iqr_ns), (51.0, 100.0, 50.0));
    }

    #[test]
    fn drift_compares_windows_and_leaves_out_the_last() {
        // Ends at 40, 80 | 130, 180 | 260; windows of 100: medians 40, 50, and 80 that is cut short.
        let spread = Spread::of(&units(&[40, 40, 50, 50, 80]), 100).unwrap();
        assert!((spread.drift - 0.25).abs() < 1e-12, "{spread:?}");
    }

    #[test]
    fn one_late_unit_is_no_drift() {
        let mut ns = [10; 60];
        ns[3] = 50;
        assert_eq!(Spread::of(&units(&ns), 200).unwrap().drift, 0.0);
    }
}
