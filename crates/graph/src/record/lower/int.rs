use burn_ir::IntOperationIr;

use super::cast;
use super::lowering::{Lowered, Lowering, Missing};
use crate::Operator;

/// Adds an operation of integers.
pub(super) fn lower(to: &mut Lowering<'_>, operation: &IntOperationIr) -> Lowered {
    match operation {
        IntOperationIr::IntoFloat(of) => cast::lower(to, &of.input, &of.out),
        IntOperationIr::Matmul(of) => {
            let inputs = to.values([&of.lhs, &of.rhs])?;
            to.emit(Operator::MatMul, inputs, &of.out)
        }
        _ => Err(Missing::Operator),
    }
}
