use burn_ir::{ClampOpIr, NumericOperationIr, ScalarIr, ScalarOpIr};

use super::lowering::{Lowered, Lowering, Missing};
use super::reduce;
use crate::{Binary, Operator, Reduction, Unary};

/// Adds an operation that floats and integers have.
pub(super) fn lower(to: &mut Lowering<'_>, operation: &NumericOperationIr) -> Lowered {
    use NumericOperationIr as Numeric;
    match operation {
        Numeric::Add(of) => to.binary(Binary::Add, &of.lhs, &of.rhs, &of.out),
        Numeric::Sub(of) => to.binary(Binary::Sub, &of.lhs, &of.rhs, &of.out),
        Numeric::Mul(of) => to.binary(Binary::Mul, &of.lhs, &of.rhs, &of.out),
        Numeric::Div(of) => to.binary(Binary::Div, &of.lhs, &of.rhs, &of.out),
        Numeric::Powi(of) => to.binary(Binary::Pow, &of.lhs, &of.rhs, &of.out),
        Numeric::AddScalar(of) => to.with_scalar(Binary::Add, &of.lhs, of.rhs, &of.out),
        Numeric::SubScalar(of) => to.with_scalar(Binary::Sub, &of.lhs, of.rhs, &of.out),
        Numeric::MulScalar(of) => multiply(to, of),
        Numeric::DivScalar(of) => to.with_scalar(Binary::Div, &of.lhs, of.rhs, &of.out),
        Numeric::PowiScalar(of) => to.with_scalar(Binary::Pow, &of.lhs, of.rhs, &of.out),
        Numeric::Abs(of) => to.unary(Unary::Abs, &of.input, &of.out),
        Numeric::Clamp(of) => clamp(to, of),
        _ => lower_comparison(to, operation),
    }
}

fn lower_comparison(to: &mut Lowering<'_>, operation: &NumericOperationIr) -> Lowered {
    use NumericOperationIr as Numeric;
    let (binary, of) = match operation {
        Numeric::Greater(of) => (Binary::Greater, of),
        Numeric::GreaterEqual(of) => (Binary::GreaterOrEqual, of),
        Numeric::Lower(of) => (Binary::Less, of),
        Numeric::LowerEqual(of) => (Binary::LessOrEqual, of),
        _ => return lower_scalar_comparison(to, operation),
    };
    to.binary(binary, &of.lhs, &of.rhs, &of.out)
}

fn lower_scalar_comparison(to: &mut Lowering<'_>, operation: &NumericOperationIr) -> Lowered {
    use NumericOperationIr as Numeric;
    let (binary, of) = match operation {
        Numeric::GreaterElem(of) => (Binary::Greater, of),
        Numeric::GreaterEqualElem(of) => (Binary::GreaterOrEqual, of),
        Numeric::LowerElem(of) => (Binary::Less, of),
        Numeric::LowerEqualElem(of) => (Binary::LessOrEqual, of),
        _ => return lower_reduction(to, operation),
    };
    to.with_scalar(binary, &of.lhs, of.rhs, &of.out)
}

fn lower_reduction(to: &mut Lowering<'_>, operation: &NumericOperationIr) -> Lowered {
    use NumericOperationIr as Numeric;
    match operation {
        Numeric::Mean(of) => reduce::all(to, Reduction::Mean, of),
        Numeric::Sum(of) => reduce::all(to, Reduction::Sum, of),
        Numeric::Prod(of) => reduce::all(to, Reduction::Prod, of),
        Numeric::Max(of) => reduce::all(to, Reduction::Max, of),
        Numeric::Min(of) => reduce::all(to, Reduction::Min, of),
        Numeric::MeanDim(of) => reduce::along(to, Reduction::Mean, of),
        Numeric::SumDim(of) => reduce::along(to, Reduction::Sum, of),
        Numeric::ProdDim(of) => reduce::along(to, Reduction::Prod, of),
        Numeric::MaxDim(of) => reduce::along(to, Reduction::Max, of),
        Numeric::MinDim(of) => reduce::along(to, Reduction::Min, of),
        Numeric::MaxDimWithIndices(of) => {
            reduce::axis(to, Reduction::Max, &of.tensor, of.dim, &of.out)
        }
        Numeric::MinDimWithIndices(of) => {
            reduce::axis(to, Reduction::Min, &of.tensor, of.dim, &of.out)
        }
        _ => Err(Missing::Operator),
    }
}

/// Adds a product with a number; Burn has no negation but the product with −1.
fn multiply(to: &mut Lowering<'_>, of: &ScalarOpIr) -> Lowered {
    if of.rhs.elem::<f64>() == -1.0 {
        return to.unary(Unary::Neg, &of.lhs, &of.out);
    }
    to.with_scalar(Binary::Mul, &of.lhs, of.rhs, &of.out)
}

/// Adds a clamp: `Clip` on floats; on integers the larger, then the smaller of two.
fn clamp(to: &mut Lowering<'_>, of: &ClampOpIr) -> Lowered {
    let input = to.value(&of.tensor)?;
    if let (ScalarIr::Float(low), ScalarIr::Float(high)) = (of.min, of.max) {
        let operator = Operator::Clip { low: low as f32, high: high as f32 };
        return to.emit(operator, vec![input], &of.out);
    }
    let inputs = vec![input, to.scalar(of.min, &of.tensor)];
    let shape = of.out.shape.to_vec();
    let larger = to.emit_inner(Operator::Binary(Binary::Max), inputs, shape, of.out.dtype)?;
    let high = to.scalar(of.max, &of.tensor);
    to.emit(Operator::Binary(Binary::Min), vec![larger, high], &of.out)
}
