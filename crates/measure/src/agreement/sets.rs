//! Sets: outputs whose rows have no order of their own.

use formbench_protocol::{Output, Values};

/// Numbers of a row of a batch's sets, at most: a box with its score and class.
const WIDEST_BOX: usize = 8;
/// Numbers that rows are compared by, at most: more take too long, and are compared as they are.
const MOST_STEPS: usize = 1 << 28;

/// How the numbers of an output are rows of sets.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rows {
    /// Numbers of one set; those of the next inference, or image, are another.
    set: usize,
    /// Numbers of one row.
    width: usize,
}

/// Returns an output whose rows are in the order of another's: each row of the other takes the nearest that is left.
///
/// Axes of size one aside, rows lie along the first axis, and of `[batch, boxes, 4]` along the second; what has one axis is a
/// set of numbers. Outputs are sets of their own: that a box has the right score is not seen where scores are another
/// output.
pub(super) fn in_order_of(reference: &Output, got: &Output) -> Output {
    let [expected, found] = [reference, got].map(|output| numbers(&output.values));
    let Rows { set, width } = rows(&reference.shape, expected.len());
    // Numbers are sorted; each row looks at all others.
    let steps = if width > 1 { expected.len().saturating_mul(set / width) } else { 0 };
    if expected.len() != found.len() || expected.is_empty() || steps > MOST_STEPS {
        return got.clone();
    }
    let sets = expected.chunks(set).zip(found.chunks(set)).enumerate();
    let places: Vec<usize> = sets
        .flat_map(|(at, (expected, found))| {
            let order =
                if width == 1 { sorted(expected, found) } else { nearest(expected, found, width) };
            let first = at * set;
            order
                .into_iter()
                .flat_map(move |row| (0..width).map(move |at| first + row * width + at))
        })
        .collect();
    let values = match &got.values {
        Values::Floats(floats) => Values::Floats(places.iter().map(|at| floats[*at]).collect()),
        Values::Whole(numbers) => Values::Whole(places.iter().map(|at| numbers[*at]).collect()),
    };
    Output { values, ..got.clone() }
}

/// Returns how so many numbers, of one or several inferences of this shape, are rows; what does not fit is one set of numbers.
fn rows(shape: &[usize], count: usize) -> Rows {
    let axes: Vec<usize> = shape.iter().copied().filter(|size| *size != 1).collect();
    let whole: usize = axes.iter().product();
    let found = match axes.as_slice() {
        [_, boxes, width] if *width <= WIDEST_BOX => Rows { set: boxes * width, width: *width },
        [_, rest @ ..] if !rest.is_empty() => Rows { set: whole, width: rest.iter().product() },
        _ => Rows { set: whole, width: 1 },
    };
    let fits = found.set > 0 && count.is_multiple_of(found.set);
    // Several inferences may have chosen different numbers of rows.
    let is_ragged = found.width > 0 && count.is_multiple_of(found.width);
    match (fits, is_ragged) {
        (true, _) => found,
        (false, true) => Rows { set: count, ..found },
        (false, false) => Rows { set: count, width: 1 },
    }
}

/// Returns for each number the place of the other side's that has the same rank.
fn sorted(expected: &[f64], found: &[f64]) -> Vec<usize> {
    let ranked = |numbers: &[f64]| {
        let mut places: Vec<usize> = (0..numbers.len()).collect();
        places.sort_by(|one, other| numbers[*one].total_cmp(&numbers[*other]));
        places
    };
    let mut order = vec![0; expected.len()];
    for (place, other) in ranked(expected).into_iter().zip(ranked(found)) {
        order[place] = other;
    }
    order
}

/// Returns for each row the nearest of the other side's that is left.
fn nearest(expected: &[f64], found: &[f64], width: usize) -> Vec<usize> {
    let mut left: Vec<usize> = (0..found.len() / width).collect();
    let mut order = Vec::with_capacity(left.len());
    for row in expected.chunks_exact(width) {
        let distance = |index: usize| -> f64 {
            let other = &found[index * width..][..width];
            row.iter().zip(other).map(|(one, other)| (one - other).abs()).sum()
        };
        let mut distances: Vec<(f64, usize)> =
            left.iter().enumerate().map(|(at, index)| (distance(*index), at)).collect();
        distances.sort_by(|one, other| one.0.total_cmp(&other.0));
        // As many rows are left as are looked for.
        order.extend(distances.first().map(|(_, at)| left.remove(*at)));
    }
    order
}

fn numbers(values: &Values) -> Vec<f64> {
    match values {
        Values::Floats(floats) => floats.iter().copied().map(f64::from).collect(),
        Values::Whole(numbers) => numbers.iter().map(|number| *number as f64).collect(),
    }
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
    fn rows_stay_within_their_inference_and_their_image() {
        // Two inferences of two boxes: those of the second are not looked for among those of the first.
        let reference = floats(&[1, 2, 1], &[1.0, 2.0, 3.0, 4.0]);
        let swapped = floats(&[1, 2, 1], &[3.0, 4.0, 1.0, 2.0]);
        assert_eq!(in_order_of(&reference, &swapped), swapped);
        let images = floats(&[2, 2, 2], &[1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0]);
        let turned = floats(&[2, 2, 2], &[2.0, 2.0, 1.0, 1.0, 4.0, 4.0, 3.0, 3.0]);
        assert_eq!(in_order_of(&images, &turned), images);
        let across = floats(&[2, 2, 2], &[3.0, 3.0, 2.0, 2.0, 1.0, 1.0, 4.0, 4.0]);
        assert_ne!(in_order_of(&images, &across), images);
    }

    #[test]
    fn numbers_are_taken_once_each_and_long_rows_stay_whole() {
        let reference = floats(&[3], &[1.0, 1.0, 2.0]);
        let values = in_order_of(&reference, &floats(&[3], &[2.0, 1.0, 2.0])).values;
        assert_eq!(values, Values::Floats(vec![1.0, 2.0, 2.0]));
        let scores: Vec<f32> = (0..9).map(|at| at as f32).collect();
        let turned: Vec<f32> = scores.iter().rev().copied().collect();
        // Nine scores of one image; two images' nine.
        let of = |shape: &[usize], values: &[f32]| floats(shape, values);
        assert_eq!(in_order_of(&of(&[1, 9], &scores), &of(&[1, 9], &turned)), of(&[1, 9], &scores));
        let two = [scores.clone(), scores.clone()].concat();
        let one_turned = [scores, turned].concat();
        assert_ne!(in_order_of(&of(&[2, 9], &two), &of(&[2, 9], &one_turned)), of(&[2, 9], &two));
    }

    #[test]
    fn other_sizes_stay_as_they_are() {
        let longer = floats(&[2], &[2.0, 1.0]);
        assert_eq!(in_order_of(&floats(&[1], &[1.0]), &longer), longer);
        assert_eq!(in_order_of(&floats(&[0, 3], &[]), &floats(&[0, 3], &[])), floats(&[0, 3], &[]));
        // Two inferences that chose one row and two: a set of three.
        assert_eq!(rows(&[2, 3], 9), Rows { set: 9, width: 3 });
    }
}
