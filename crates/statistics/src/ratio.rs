use crate::{Bootstrap, Estimate};

impl Bootstrap {
    /// Returns the sum of the pairs' first sides over that of their second ones, with a percentile interval. Each draw takes
    /// as many pairs with replacement: the interval shows what other pairs of the same kind could give. `None` without
    /// pairs, with one that is not a number, or where the second sides add up to nothing or less.
    pub fn ratio_of_sums(&self, pairs: &[(f64, f64)]) -> Option<Estimate> {
        if pairs.iter().any(|(part, whole)| !part.is_finite() || !whole.is_finite()) {
            return None;
        }
        self.over_pairs(pairs, ratio)
    }
}

fn ratio(pairs: &[(f64, f64)]) -> Option<f64> {
    let add = |(a, b), (part, whole): &(f64, f64)| (a + part, b + whole);
    let (parts, wholes) = pairs.iter().fold((0.0, 0.0), add);
    (wholes > 0.0).then(|| parts / wholes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_draws() {
        // Of (0, 1) and (1, 1), draws give 0, 1/2 and 1 with probabilities 1/4, 1/2 and 1/4.
        let pairs = [(0.0, 1.0), (1.0, 1.0)];
        let estimate = Bootstrap::default().ratio_of_sums(&pairs).unwrap();
        assert_eq!((estimate.value, estimate.low, estimate.high), (0.5, 0.0, 1.0));
        let narrow = Bootstrap { confidence: 0.3, ..Bootstrap::default() };
        let estimate = narrow.ratio_of_sums(&pairs).unwrap();
        assert_eq!((estimate.low, estimate.high), (0.5, 0.5));
    }

    #[test]
    fn a_pair_counts_as_much_as_its_second_side() {
        // A whole of nearly nothing decides nothing, whatever its part: 3 of 10.001.
        let pairs = [(2.0, 4.0), (0.5, 6.0), (0.5, 0.001)];
        let estimate = Bootstrap::default().ratio_of_sums(&pairs).unwrap();
        assert!((estimate.value - 3.0 / 10.001).abs() < 1e-12);
    }

    #[test]
    fn nothing_has_no_ratio() {
        let bootstrap = Bootstrap::default();
        for pairs in [&[][..], &[(1.0, 0.0)], &[(1.0, -2.0)], &[(1.0, f64::NAN)]] {
            assert_eq!(bootstrap.ratio_of_sums(pairs), None);
        }
    }
}
