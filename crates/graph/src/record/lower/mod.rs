//! Burn's operations as operators, one to one where ONNX has the operator.

mod base;
mod bool;
mod cast;
mod float;
mod gather;
mod int;
mod lowering;
mod module;
mod numeric;
mod pad;
mod pool;
mod reduce;
mod slice;

use std::collections::HashSet;

use burn_ir::{OperationIr, TensorId, TensorIr};

use self::lowering::{Lowered, Lowering, Missing};
use super::draft::Draft;
use super::names::Names;
use super::operation::{self, Logged};
use super::place;
use crate::GraphRecordError;

/// Input and output of a forward pass.
#[derive(Debug)]
pub(crate) struct Signature<'a> {
    /// The input.
    pub(crate) input: TensorIr,
    /// What it is called.
    pub(crate) input_name: &'a str,
    /// The output.
    pub(crate) output: TensorId,
    /// What it is called.
    pub(crate) output_name: &'a str,
}

impl Signature<'_> {
    /// Returns the error that nothing is computed.
    pub(crate) fn nothing(&self) -> GraphRecordError {
        let (input, output) = (self.input_name.to_owned(), self.output_name.to_owned());
        GraphRecordError::Nothing { input, output }
    }
}

/// Returns the operators of a log, without those that the output does not need.
///
/// # Errors
/// An operation that the output needs has no operator, or there is no such operation.
pub(crate) fn lower(
    log: &[Logged],
    signature: &Signature<'_>,
    names: &Names,
) -> Result<Draft, GraphRecordError> {
    let needed = needed(log, signature.output);
    let mut lowering = Lowering::new(&signature.input, names);
    for (at, logged) in log.iter().enumerate().filter(|(at, _)| needed.contains(at)) {
        let lowered = lowering.take_constants(&logged.constants);
        lowered.and_then(|()| rule(&mut lowering, &logged.operation)).map_err(|missing| {
            let operation = operation::name(&logged.operation);
            let place = place::of(log, at, names);
            GraphRecordError::Unsupported { operation, place, reason: missing.to_string() }
        })?;
    }
    lowering.finish(signature.output).ok_or_else(|| signature.nothing())
}

/// Returns the indices of the operations that a tensor is computed by.
fn needed(log: &[Logged], output: TensorId) -> HashSet<usize> {
    let mut tensors = HashSet::from([output]);
    let mut needed = HashSet::new();
    for (at, Logged { operation, .. }) in log.iter().enumerate().rev() {
        if operation.outputs().any(|tensor| tensors.contains(&tensor.id)) {
            needed.insert(at);
            tensors.extend(operation.inputs().map(|tensor| tensor.id));
        }
    }
    needed
}

fn rule(lowering: &mut Lowering<'_>, operation: &OperationIr) -> Lowered {
    match operation {
        OperationIr::Module(operation) => module::lower(lowering, operation),
        OperationIr::BaseFloat(operation)
        | OperationIr::BaseInt(operation)
        | OperationIr::BaseBool(operation) => base::lower(lowering, operation),
        OperationIr::NumericFloat(_, operation) | OperationIr::NumericInt(_, operation) => {
            numeric::lower(lowering, operation)
        }
        OperationIr::Float(_, operation) => float::lower(lowering, operation),
        OperationIr::Int(operation) => int::lower(lowering, operation),
        OperationIr::Bool(operation) => bool::lower(lowering, operation),
        _ => Err(Missing::Operator),
    }
}
