use std::ops::Range;

use burn::tensor::Slice;
use burn_ir::SliceOpIr;

use super::lowering::{Lowered, Lowering};
use crate::Operator;

/// Adds a slice; of everything it is none.
pub(super) fn lower(to: &mut Lowering<'_>, of: &SliceOpIr) -> Lowered {
    let input = to.value(&of.tensor)?;
    let shape = &of.tensor.shape;
    let ranges = ranges(&of.ranges, shape);
    if ranges.iter().zip(shape.iter()).all(|(range, size)| *range == (0..*size, 1)) {
        to.alias(&of.out, input);
        return Ok(());
    }
    to.emit(operator(shape, &ranges), vec![input], &of.out)
}

/// Returns indices and step of each axis; axes without a slice are whole.
pub(super) fn ranges(slices: &[Slice], shape: &[usize]) -> Vec<(Range<usize>, isize)> {
    let slices = slices.iter().copied().chain(std::iter::repeat(Slice::full()));
    slices.zip(shape).map(|(slice, size)| slice.to_range_and_step(*size)).collect()
}

/// Returns the operator that takes indices of each axis, in steps.
///
/// Burn goes backwards through a range from its last index. ONNX names first the index at which it
/// begins, then the one before which it ends. ONNX counts the index before 0 as −size − 1.
pub(super) fn operator(shape: &[usize], ranges: &[(Range<usize>, isize)]) -> Operator {
    let (mut starts, mut ends, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for ((range, step), size) in ranges.iter().zip(shape) {
        let (first, behind) = (range.start as i64, range.end as i64);
        let before = if first == 0 { -(*size as i64) - 1 } else { first - 1 };
        starts.push(if *step < 0 { behind - 1 } else { first });
        ends.push(if *step < 0 { before } else { behind });
        steps.push(*step as i64);
    }
    Operator::Slice { starts, ends, steps }
}
