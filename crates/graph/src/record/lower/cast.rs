use burn_ir::TensorIr;

use super::lowering::{Lowered, Lowering};
use crate::Operator;

/// Adds a conversion; one to the same elements is none.
pub(super) fn lower(to: &mut Lowering<'_>, input: &TensorIr, out: &TensorIr) -> Lowered {
    let value = to.value(input)?;
    if input.dtype == out.dtype {
        to.alias(out, value);
        return Ok(());
    }
    to.emit(Operator::Cast, vec![value], out)
}
