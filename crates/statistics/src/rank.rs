use crate::{Bootstrap, Estimate};

/// Returns Spearman's rank correlation of the pairs' two sides: Pearson's correlation of their
/// ranks, where ties share their mean rank. `None` if a side has fewer than two distinct values, or
/// one that is not a number.
///
/// # Source
/// Spearman 1904; Kendall 1945 for the ties.
pub fn rank_correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let side = |side: fn(&(f64, f64)) -> f64| ranks(&pairs.iter().map(side).collect::<Vec<_>>());
    let (x, y) = (side(|pair| pair.0)?, side(|pair| pair.1)?);
    // Ranks of n values sum up to n (n + 1) / 2, shared or not.
    let mean = (pairs.len() + 1) as f64 / 2.0;
    let product = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum()
    };
    let spread = (product(&x, &x) * product(&y, &y)).sqrt();
    (spread > 0.0).then(|| (product(&x, &y) / spread).clamp(-1.0, 1.0))
}

impl Bootstrap {
    /// Returns the rank correlation of the pairs' two sides, with a percentile interval. Each draw
    /// takes as many pairs with replacement: the interval shows what other pairs of the same kind
    /// could give. A draw in which a side has only one value has no correlation and is left out.
    /// `None` where [`rank_correlation`] is.
    pub fn rank_correlation(&self, pairs: &[(f64, f64)]) -> Option<Estimate> {
        self.over_pairs(pairs, rank_correlation)
    }
}

/// Returns each value's rank from 1, where ties share their mean rank; `None` if a value is not a
/// number.
fn ranks(values: &[f64]) -> Option<Vec<f64>> {
    if values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for ties in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let shared = below as f64 + (ties.len() + 1) as f64 / 2.0;
        ties.iter().for_each(|at| ranks[*at] = shared);
        below += ties.len();
    }
    Some(ranks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: Option<f64>, expected: f64) -> bool {
        got.is_some_and(|got| (got - expected).abs() < 1e-12)
    }

    #[test]
    fn ties_share_the_mean_of_their_ranks() {
        // Sorted: 10, 20, 20, 30. The twenties share ranks 2 and 3.
        assert_eq!(ranks(&[20.0, 30.0, 10.0, 20.0]).unwrap(), [2.5, 4.0, 1.0, 2.5]);
        assert_eq!(ranks(&[0.0, -0.0]).unwrap(), [1.5, 1.5]);
        assert_eq!(ranks(&[1.0, f64::NAN]), None);
    }

    #[test]
    fn a_rising_curve_is_1_and_a_falling_one_is_minus_1() {
        let rising: Vec<_> = (1..6).map(f64::from).map(|x| (x, x.powi(3))).collect();
        let falling: Vec<_> = rising.iter().map(|(x, y)| (*x, 1.0 / y)).collect();
        assert!(near(rank_correlation(&rising), 1.0));
        assert!(near(rank_correlation(&falling), -1.0));
    }

    #[test]
    fn without_ties_it_is_the_textbook_s_sum_of_squares() {
        // Ranks 1 2 3 4 5 against 2 1 4 3 5: d² sums up to 4, 1 - 6 · 4 / (5 · 24) = 0.8.
        let pairs = [(1.0, 20.0), (2.0, 10.0), (3.0, 40.0), (4.0, 30.0), (5.0, 50.0)];
        assert!(near(rank_correlation(&pairs), 0.8));
    }

    #[test]
    fn with_ties_it_is_pearson_s_of_the_shared_ranks() {
        // Ranks 1 2.5 2.5 4 against 1 3 2 4, less their mean 2.5: products 2.25 + 0 + 0 + 2.25 = 4.5,
        // squares 2.25 + 0 + 0 + 2.25 = 4.5 and 2.25 + 0.25 + 0.25 + 2.25 = 5: 4.5 / √22.5.
        let pairs = [(1.0, 1.0), (2.0, 3.0), (2.0, 2.0), (3.0, 4.0)];
        assert!(near(rank_correlation(&pairs), 4.5 / 22.5_f64.sqrt()));
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        let bootstrap = Bootstrap::default();
        for pairs in [&[][..], &[(1.0, 2.0)], &[(1.0, 2.0), (1.0, 3.0)], &[(1.0, f64::NAN); 3]] {
            assert_eq!(rank_correlation(pairs), None);
            assert_eq!(bootstrap.rank_correlation(pairs), None);
        }
    }

    #[test]
    fn the_interval_is_that_of_every_draw() {
        // Pairs (1, 1), (2, 3), (3, 2) correlate by 0.5. Of the 27 equally likely draws, 3 hold a
        // single pair and have no correlation. Of the other 24, 6 hold all three pairs and give
        // 0.5. The 12 with the first pair and one other give 1; the 6 with the second and third
        // give -1. So 95 % lie between -1 (6 of 24) and 1 (12 of 24).
        let pairs = [(1.0, 1.0), (2.0, 3.0), (3.0, 2.0)];
        let estimate = Bootstrap::default().rank_correlation(&pairs).unwrap();
        assert!(near(Some(estimate.value), 0.5));
        assert_eq!((estimate.low, estimate.high), (-1.0, 1.0));
        // Quantile 0.375 is in the middle of the share of 0.5, from 6 of 24 to 12 of 24.
        let narrow = Bootstrap { confidence: 0.25, ..Bootstrap::default() };
        let narrow = narrow.rank_correlation(&pairs).unwrap();
        assert!(near(Some(narrow.low), 0.5) && near(Some(narrow.high), 1.0), "{narrow:?}");
    }

    #[test]
    fn more_pairs_narrow_the_interval() {
        let noisy = |n: u32| -> Vec<(f64, f64)> {
            (0..n).map(|x| (f64::from(x), f64::from(x + 20 * (x * 7 % 5)))).collect()
        };
        let width = |n| {
            let estimate = Bootstrap::default().rank_correlation(&noisy(n)).unwrap();
            estimate.high - estimate.low
        };
        assert!(width(100) < width(12), "{} {}", width(100), width(12));
    }
}
