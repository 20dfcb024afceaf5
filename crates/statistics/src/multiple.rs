//! Many questions at once, some of which chance alone would answer with yes.

/// Returns each probability as one of all of them, in the order given: what is at most α of these is found with a
/// probability of at most α that anything found is chance alone, however the questions depend on each other.
///
/// # Source
/// Holm 1979, A simple sequentially rejective multiple test procedure.
pub fn holm(probabilities: &[f64]) -> Vec<f64> {
    let count = probabilities.len();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
    let mut adjusted = vec![1.0; count];
    let mut least = 0.0_f64;
    for (rank, &at) in order.iter().enumerate() {
        least = least.max((count - rank) as f64 * probabilities[at]).min(1.0);
        adjusted[at] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_counts_as_often_as_there_are_larger_ones() {
        // Ascending: 4 × 0.01, 3 × 0.015, 2 × 0.03, 1 × 0.04, of which the last is no less than the one before.
        let adjusted = holm(&[0.04, 0.01, 0.03, 0.015]);
        for (got, expected) in adjusted.iter().zip([0.06, 0.04, 0.06, 0.045]) {
            assert!((got - expected).abs() < 1e-12, "{adjusted:?}");
        }
    }

    #[test]
    fn one_question_stays_as_it_is_and_none_exceeds_1() {
        assert_eq!(holm(&[0.2]), [0.2]);
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert_eq!(holm(&[]), [0.0; 0]);
    }
}
