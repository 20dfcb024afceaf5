use std::borrow::Cow;

/// Returns the median of samples in any order, or `None` without samples.
///
/// # Units
/// Nanoseconds; the mean of the middle two if their number is even.
pub fn median_ns(samples: &[u64]) -> Option<f64> {
    quantile_ns(&sorted(samples), 0.5)
}

/// Returns the `q` quantile of ascending samples, interpolated linearly between neighbours, or
/// `None` without samples.
///
/// # Units
/// Nanoseconds; `q` from 0 to 1, and what lies outside counts as the nearer end.
///
/// # Source
/// Hyndman and Fan 1996, definition 7.
pub fn quantile_ns(sorted: &[u64], q: f64) -> Option<f64> {
    interpolated(sorted.len(), q, |at| sorted[at] as f64)
}

/// Returns the `q` quantile of ascending numbers as [`quantile_ns`] does, or `None` of none.
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    interpolated(sorted.len(), q, |at| sorted[at])
}

/// Returns the `q` quantile of `count` ascending values, read by index.
pub(crate) fn interpolated(count: usize, q: f64, value: impl Fn(usize) -> f64) -> Option<f64> {
    let last = count.checked_sub(1)?;
    let place = q.clamp(0.0, 1.0) * last as f64;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let share = place - below as f64;
    Some(value(below) + share * (value(above) - value(below)))
}

/// Returns the `q` quantile of numbers in any order, which are put into another one: quicker than sorting them.
pub(crate) fn selected(values: &mut [f64], q: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let below = ((q.clamp(0.0, 1.0) * last as f64).floor() as usize).min(last);
    let (_, at_place, larger) = values.select_nth_unstable_by(below, f64::total_cmp);
    let next = larger.iter().copied().reduce(f64::min).unwrap_or(*at_place);
    let neighbours = [*at_place, next];
    interpolated(values.len(), q, |at| neighbours[usize::from(at > below)])
}

/// Returns the samples in ascending order, without a copy if they already are.
pub(crate) fn sorted(samples: &[u64]) -> Cow<'_, [u64]> {
    if samples.is_sorted() {
        return Cow::Borrowed(samples);
    }
    let mut copy = samples.to_vec();
    copy.sort_unstable();
    Cow::Owned(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_middle_two() {
        assert_eq!(median_ns(&[]), None);
        assert_eq!(median_ns(&[7]), Some(7.0));
        assert_eq!(median_ns(&[9, 1, 5]), Some(5.0));
        // 1 4 | 5 9: (4 + 5) / 2.
        assert_eq!(median_ns(&[9, 1, 5, 4]), Some(4.5));
    }

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        // Place 0.9 * 4 = 3.6: 40 + 0.6 * (50 - 40) = 46.
        assert_eq!(quantile_ns(&[10, 20, 30, 40, 50], 0.9), Some(46.0));
        assert_eq!(quantile_ns(&[10, 20], -1.0), Some(10.0));
        assert_eq!(quantile_ns(&[10, 20], 2.0), Some(20.0));
        assert_eq!(quantile_ns(&[], 0.5), None);
        // In any order the same.
        for q in [0.0, 0.3, 0.9, 1.0] {
            let of_sorted = quantile(&[10.0, 20.0, 30.0, 40.0, 50.0], q);
            assert_eq!(selected(&mut [40.0, 10.0, 50.0, 30.0, 20.0], q), of_sorted);
        }
        assert_eq!((selected(&mut [], 0.5), selected(&mut [7.0], 0.5)), (None, Some(7.0)));
        // Place 0.5 * 3 = 1.5: 2 + 0.5 * (4 - 2) = 3.
        assert_eq!(quantile(&[1.0, 2.0, 4.0, 9.0], 0.5), Some(3.0));
    }
}
