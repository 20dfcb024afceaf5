//! Shapes, and where their elements lie; how axes of size 1 are repeated until two shapes fit.

/// Returns how many elements a shape has, unless there is no such number.
pub(super) fn elements(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |elements, size| elements.checked_mul(*size))
}

/// Returns the shape to which two are broadcast, if they can be.
pub(super) fn broadcast(left: &[usize], right: &[usize]) -> Option<Vec<usize>> {
    let rank = left.len().max(right.len());
    let size = |shape: &[usize], axis: usize| {
        let missing = rank - shape.len();
        if axis < missing { 1 } else { shape[axis - missing] }
    };
    let both = |axis| match (size(left, axis), size(right, axis)) {
        (1, size) | (size, 1) => Some(size),
        (left, right) => (left == right).then_some(left),
    };
    (0..rank).map(both).collect()
}

/// Returns how far apart the elements along each axis of a shape lie, which is broadcast from
/// another: 0 along an axis that repeats.
pub(super) fn steps(from: &[usize], to: &[usize]) -> Vec<i64> {
    let own = contiguous(from);
    let missing = to.len() - from.len();
    let step = |axis: usize| match axis.checked_sub(missing) {
        Some(axis) if from[axis] != 1 => own[axis],
        _ => 0,
    };
    (0..to.len()).map(step).collect()
}

/// Returns how far apart the elements along each axis lie, row by row.
pub(super) fn contiguous(shape: &[usize]) -> Vec<i64> {
    (0..shape.len()).map(|axis| shape[axis + 1..].iter().product::<usize>() as i64).collect()
}

/// Returns where each element of a shape lies, row by row, if the first lies at `start` and
/// neighbours along each axis are `steps` apart.
pub(super) fn places<'s>(
    shape: &'s [usize],
    steps: &'s [i64],
    start: i64,
) -> impl Iterator<Item = usize> + 's {
    (0..shape.iter().product()).map(move |mut flat: usize| {
        let mut place = start;
        for (size, step) in shape.iter().zip(steps).rev() {
            place += (flat % size) as i64 * step;
            flat /= size;
        }
        place as usize
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_of_one_repeat_and_others_must_be_equal() {
        assert_eq!(broadcast(&[4, 1, 3], &[2, 1]), Some(vec![4, 2, 3]));
        assert_eq!(broadcast(&[4], &[3]), None);
        assert_eq!(broadcast(&[], &[3]), Some(vec![3]));
    }

    #[test]
    fn a_column_is_read_again_for_each_column_of_what_it_becomes() {
        // `[2, 1]` becomes `[2, 3]`: the first element three times, then the second.
        let steps = steps(&[2, 1], &[2, 3]);
        assert_eq!(places(&[2, 3], &steps, 0).collect::<Vec<_>>(), [0, 0, 0, 1, 1, 1]);
    }
}
