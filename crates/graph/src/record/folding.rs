//! Operations on constants alone, computed at once.

use std::sync::Arc;

use burn_ir::{
    BaseOperationIr, FloatOperationIr, NumericOperationIr, OperationIr, ScalarIr, TensorIr,
};

use super::{Constant, Origin};

/// Returns the outputs of an operation on constants, given in the order in which it reads them.
///
/// # Panics
/// If burn-ndarray cannot compute it.
pub(crate) fn outputs(operation: &OperationIr, constants: &[Arc<Constant>]) -> Vec<Constant> {
    match free(operation, constants) {
        Some(output) => vec![output],
        None => computed(operation, constants),
    }
}

/// Returns the output of an operation that needs no computing: a reshape shares its elements, and a
/// number everywhere has none.
fn free(operation: &OperationIr, constants: &[Arc<Constant>]) -> Option<Constant> {
    use BaseOperationIr as Base;
    if let OperationIr::NumericFloat(_, NumericOperationIr::Full(full))
    | OperationIr::NumericInt(_, NumericOperationIr::Full(full)) = operation
    {
        return Some(uniform(&full.out, full.value));
    }
    let (OperationIr::BaseFloat(base) | OperationIr::BaseInt(base) | OperationIr::BaseBool(base)) =
        operation
    else {
        return None;
    };
    match base {
        Base::Reshape(reshape) => {
            Some(constants.first()?.reshaped(reshape.out.id, reshape.out.shape.to_vec()))
        }
        Base::Zeros(made) | Base::Empty(made) => Some(uniform(&made.out, ScalarIr::Int(0))),
        Base::Ones(made) => Some(uniform(&made.out, ScalarIr::Int(1))),
        _ => None,
    }
}

fn uniform(out: &TensorIr, value: ScalarIr) -> Constant {
    Constant::uniform(out.id, out.shape.to_vec(), out.dtype, value)
}

fn computed(operation: &OperationIr, constants: &[Arc<Constant>]) -> Vec<Constant> {
    let data = constants.iter().map(|constant| (constant.id, constant.data()));
    let inputs = data.map(|(id, data)| (id, Arc::unwrap_or_clone(data)));
    let outputs = formbench_folding::outputs(operation, inputs);
    let constant =
        |(out, data): (&TensorIr, _)| Constant::new(out.id, data, origin(operation, constants));
    operation.outputs().zip(outputs).map(constant).collect()
}

fn origin(operation: &OperationIr, constants: &[Arc<Constant>]) -> Origin {
    let Some(of) = constants.first().map(Arc::clone) else {
        return Origin::Given;
    };
    match operation {
        OperationIr::NumericFloat(_, NumericOperationIr::AddScalar(add)) => {
            Origin::AddedScalar(of, add.rhs.elem())
        }
        OperationIr::Float(_, FloatOperationIr::Sqrt(_)) => Origin::SquareRoot(of),
        _ => Origin::Given,
    }
}
