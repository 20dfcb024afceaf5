//! Sets: outputs whose rows have no order of their own.

use formbench_protocol::{Output, Values};

/// Numbers of a row, at most: a box with its score and class.
const WIDEST_ROW: usize = 8;
/// Rows that are brought into another's order, at most: more take too long, and are compared as they are.
const MOST_ROWS: usize = 1 << 13;

/// Returns an output whose rows are in the order of another's: each row of the other takes the nearest that is left.
///
/// A row is the last axis where that is short, as of `[boxes, 4]`, else a single number.
pub(super) fn in_order_of(reference: &Output, got: &Output) -> Output {
    let width = row_width(&reference.shape);
    let [expected, found] = [reference, got].map(|output| numbers(&output.values));
    let rows = expected.len() / width;
    if expected.len() != found.len() || !expected.len().is_multiple_of(width) || rows > MOST_ROWS {
        return got.clone();
    }
    let mut left: Vec<usize> = (0..rows).collect();
    let mut order = Vec::with_capacity(rows);
    for row in expected.chunks_exact(width) {
        let of = |index: &usize| distance(row, &found[index * width..][..width]);
        let nearest =
            left.iter().enumerate().min_by(|(_, one), (_, other)| of(one).total_cmp(&of(other)));
        // As many rows are left as are looked for.
        order.extend(nearest.map(|(at, _)| at).map(|at| left.remove(at)));
    }
    let places = || order.iter().flat_map(|row| row * width..(row + 1) * width);
    let values = match &got.values {
        Values::Floats(floats) => Values::Floats(places().map(|at| floats[at]).collect()),
        Values::Whole(numbers) => Values::Whole(places().map(|at| numbers[at]).collect()),
    };
    Output { values, ..got.clone() }
}

fn row_width(shape: &[usize]) -> usize {
    match shape {
        [_, .., last] if (1..=WIDEST_ROW).contains(last) => *last,
        _ => 1,
    }
}

fn numbers(values: &Values) -> Vec<f64> {
    match values {
        Values::Floats(floats) => floats.iter().copied().map(f64::from).collect(),
        Values::Whole(numbers) => numbers.iter().map(|number| *number as f64).collect(),
    }
}

fn distance(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).sum()
}

#[cfg(test)]
mod tests {
    use formbench_protocol::ElementType;

    use super::*;

    fn floats(shape: &[usize], values: &[f32]) -> Output {
        let (shape, element_type) = (shape.to_vec(), ElementType::F32);
        Output { shape, element_type, values: Values::Floats(values.to_vec()) }
    }

    #[test]
    fn rows_are_brought_into_the_other_s_order_and_stay_whole() {
        let reference = floats(&[3, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let got = floats(&[3, 2], &[5.0, 6.0, 1.001, 2.0, 3.0, 4.0]);
        let expected = floats(&[3, 2], &[1.001, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(in_order_of(&reference, &got), expected);
        // The same numbers in other rows are another set.
        let mixed = floats(&[3, 2], &[1.0, 4.0, 3.0, 2.0, 5.0, 6.0]);
        assert_ne!(in_order_of(&reference, &mixed), reference);
    }

    #[test]
    fn each_row_is_taken_once() {
        let reference = floats(&[3], &[1.0, 1.0, 2.0]);
        assert_eq!(
            in_order_of(&reference, &floats(&[3], &[2.0, 1.0, 2.0])).values,
            Values::Floats(vec![1.0, 2.0, 2.0])
        );
    }

    #[test]
    fn long_rows_are_numbers_and_other_sizes_stay_as_they_are() {
        let scores: Vec<f32> = (0..9).map(|at| at as f32).collect();
        let turned: Vec<f32> = scores.iter().rev().copied().collect();
        assert_eq!(
            in_order_of(&floats(&[1, 9], &scores), &floats(&[1, 9], &turned)),
            floats(&[1, 9], &scores)
        );
        let longer = floats(&[2], &[2.0, 1.0]);
        assert_eq!(in_order_of(&floats(&[1], &[1.0]), &longer), longer);
        assert_eq!(in_order_of(&floats(&[0, 3], &[]), &floats(&[0, 3], &[])), floats(&[0, 3], &[]));
    }
}
