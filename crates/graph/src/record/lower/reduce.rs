use burn_ir::{ReduceDimOpIr, ReduceOpIr, TensorIr};

use super::lowering::{Lowered, Lowering};
use crate::{Operator, Reduction};

/// Adds a reduction of all elements to the only one of a vector.
pub(super) fn all(to: &mut Lowering<'_>, reduction: Reduction, of: &ReduceOpIr) -> Lowered {
    let input = to.value(&of.input)?;
    let rank = of.input.shape.rank();
    let axes = (0..rank).collect();
    let operator = Operator::Reduce { reduction, axes, keep_dims: true };
    let ones = vec![1; rank];
    let reduced = to.emit_inner(operator, vec![input], ones, of.out.dtype)?;
    to.emit(Operator::Reshape, vec![reduced], &of.out)
}

/// Adds a reduction along an axis, which stays with size 1.
pub(super) fn along(to: &mut Lowering<'_>, reduction: Reduction, of: &ReduceDimOpIr) -> Lowered {
    axis(to, reduction, &of.input, of.axis, &of.out)
}

/// Adds a reduction of a tensor along an axis, which stays with size 1.
pub(super) fn axis(
    to: &mut Lowering<'_>,
    reduction: Reduction,
    input: &TensorIr,
    axis: usize,
    out: &TensorIr,
) -> Lowered {
    let input = to.value(input)?;
    to.emit(Operator::Reduce { reduction, axes: vec![axis], keep_dims: true }, vec![input], out)
}
