use burn_ir::BoolOperationIr;

use super::cast;
use super::lowering::{Lowered, Lowering};
use crate::{Binary, Unary};

/// Adds an operation of booleans.
pub(super) fn lower(to: &mut Lowering<'_>, operation: &BoolOperationIr) -> Lowered {
    match operation {
        BoolOperationIr::IntoFloat(of) | BoolOperationIr::IntoInt(of) => {
            cast::lower(to, &of.input, &of.out)
        }
        BoolOperationIr::Not(of) => to.unary(Unary::Not, &of.input, &of.out),
        BoolOperationIr::And(of) => to.binary(Binary::And, &of.lhs, &of.rhs, &of.out),
        BoolOperationIr::Or(of) => to.binary(Binary::Or, &of.lhs, &of.rhs, &of.out),
    }
}
