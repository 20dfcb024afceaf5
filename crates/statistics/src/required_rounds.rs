use crate::Estimate;
use crate::student::normal_half_width;

/// Largest growth in rounds that anybody would wait for.
const MOST_GROWTH: f64 = 1000.0;

/// Returns the factor by which rounds must grow to move every bound out of an estimate's interval.
/// The estimate is assumed to stay where it is, and intervals to shrink with the square root of the
/// number of rounds. 1 where no bound is inside, `None` where a bound is so near that nobody would
/// wait.
pub fn rounds_factor_to_exclude(estimate: Estimate, bounds: &[f64]) -> Option<f64> {
    let Estimate { value, low, high } = estimate;
    let inside = bounds.iter().filter(|bound| low < **bound && **bound < high);
    let growth = inside.map(|&bound| {
        let end = if bound < value { low } else { high };
        ((end - value) / (bound - value)).powi(2)
    });
    let growth = growth.fold(1.0, f64::max);
    (growth <= MOST_GROWTH).then_some(growth)
}

/// Returns the factor by which rounds must grow to make an interval as narrow as is enough, if intervals shrink with the square
/// root of the number of rounds: 1 where it is.
pub fn rounds_factor_to_narrow(half_width: f64, enough: f64) -> f64 {
    (half_width / enough).powi(2).max(1.0)
}

/// Returns the factor by which rounds must grow to bring the probability of a first place to
/// `decided` or to `1 - decided`. Estimates are assumed to stay where they are; only one competitor
/// is assumed to matter, with a normally distributed lead. `None` where the probability is so near
/// a half that nobody would wait.
pub fn rounds_factor_to_rank(probability: f64, decided: f64) -> Option<f64> {
    let distance = |probability: f64| normal_half_width((2.0 * probability - 1.0).abs());
    let growth = (distance(decided) / distance(probability)).powi(2).max(1.0);
    (growth <= MOST_GROWTH).then_some(growth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_half_way_to_the_end_takes_four_times_the_rounds() {
        let estimate = Estimate { value: 1.0, low: 0.6, high: 1.4 };
        assert!((rounds_factor_to_exclude(estimate, &[1.2, 2.0]).unwrap() - 4.0).abs() < 1e-9);
        assert!((rounds_factor_to_exclude(estimate, &[1.2, 0.9]).unwrap() - 16.0).abs() < 1e-9);
    }

    #[test]
    fn half_the_width_takes_four_times_the_rounds_and_a_narrow_interval_none_more() {
        assert!((rounds_factor_to_narrow(0.04, 0.02) - 4.0).abs() < 1e-12);
        assert!((rounds_factor_to_narrow(0.01, 0.02) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_decided_needs_no_more_and_what_is_on_the_bound_never_ends() {
        let estimate = Estimate { value: 1.0, low: 0.9, high: 1.1 };
        assert_eq!(rounds_factor_to_exclude(estimate, &[1.2]), Some(1.0));
        assert_eq!(rounds_factor_to_exclude(estimate, &[1.0]), None);
    }

    #[test]
    fn a_probability_far_from_both_ends_takes_longer() {
        // Normal quantiles: 0.8 is at 0.8416 and 0.95 at 1.6449, so (1.6449 / 0.8416)² = 3.82.
        for probability in [0.8, 0.2] {
            let growth = rounds_factor_to_rank(probability, 0.95).unwrap();
            assert!((growth - 3.82).abs() < 0.01, "{growth}");
        }
        assert_eq!(rounds_factor_to_rank(0.5, 0.95), None);
        assert_eq!(rounds_factor_to_rank(0.99, 0.95), Some(1.0));
    }
}
