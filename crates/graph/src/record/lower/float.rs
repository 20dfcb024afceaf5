use burn_ir::{FloatOperationIr, ScalarIr};

use super::cast;
use super::lowering::{Lowered, Lowering, Missing};
use crate::{Binary, Operator, Unary};

/// Adds an operation of floats.
pub(super) fn lower(to: &mut Lowering<'_>, operation: &FloatOperationIr) -> Lowered {
    use FloatOperationIr as Float;
    match operation {
        Float::Exp(of) => to.unary(Unary::Exp, &of.input, &of.out),
        Float::Log(of) => to.unary(Unary::Log, &of.input, &of.out),
        Float::Erf(of) => to.unary(Unary::Erf, &of.input, &of.out),
        Float::Sqrt(of) => to.unary(Unary::Sqrt, &of.input, &of.out),
        Float::Cos(of) => to.unary(Unary::Cos, &of.input, &of.out),
        Float::Sin(of) => to.unary(Unary::Sin, &of.input, &of.out),
        Float::Tanh(of) => to.unary(Unary::Tanh, &of.input, &of.out),
        Float::Round(of) => to.unary(Unary::Round, &of.input, &of.out),
        Float::Floor(of) => to.unary(Unary::Floor, &of.input, &of.out),
        Float::Ceil(of) => to.unary(Unary::Ceil, &of.input, &of.out),
        Float::Recip(of) => to.unary(Unary::Reciprocal, &of.input, &of.out),
        Float::Log1p(of) => {
            let inputs = vec![to.value(&of.input)?, to.scalar(ScalarIr::Float(1.0), &of.input)];
            let shape = of.out.shape.to_vec();
            let sum = to.emit_inner(Operator::Binary(Binary::Add), inputs, shape, of.out.dtype)?;
            to.emit(Operator::Unary(Unary::Log), vec![sum], &of.out)
        }
        Float::PowfScalar(of) => to.with_scalar(Binary::Pow, &of.lhs, of.rhs, &of.out),
        Float::Powf(of) => to.binary(Binary::Pow, &of.lhs, &of.rhs, &of.out),
        Float::Matmul(of) => {
            let inputs = to.values([&of.lhs, &of.rhs])?;
            to.emit(Operator::MatMul, inputs, &of.out)
        }
        Float::IntoInt(of) => cast::lower(to, &of.input, &of.out),
        _ => Err(Missing::Operator),
    }
}
