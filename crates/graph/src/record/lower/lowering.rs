use std::collections::HashMap;
use std::sync::Arc;

use burn::tensor::DType;
use burn_ir::{ScalarIr, TensorId, TensorIr};

use crate::record::Constant;
use crate::record::draft::{self, Draft, DraftNode};
use crate::record::names::Names;
use crate::{Binary, Element, Operator, Unary, ValueId};

/// Whether an operation has its operators.
pub(super) type Lowered = Result<(), Missing>;

/// What keeps an operation from having operators.
#[derive(Debug, thiserror::Error)]
pub(super) enum Missing {
    /// There is none.
    #[error("there is no operator for it; express it by other operations")]
    Operator,
    /// Its tensors hold something that graphs do not.
    #[error("elements are {0:?}, not f32, i64, i32 or bool; convert the tensor")]
    Element(DType),
    /// It reads what another operation does not write in a graph.
    #[error("it reads a second output of an operation, which graphs do not have")]
    SecondOutput,
    /// There is an operator for some of its numbers, but not these.
    #[error("{0}")]
    Case(String),
}

/// A draft while operations are added to it.
pub(super) struct Lowering<'a> {
    draft: Draft,
    values: HashMap<TensorId, ValueId>,
    names: &'a Names,
}

impl<'a> Lowering<'a> {
    /// Returns a draft with nothing but an input.
    pub(super) fn new(input: &TensorIr, names: &'a Names) -> Self {
        let mut draft = Draft::default();
        let value = draft.add_value(input.shape.to_vec(), Element::F32);
        Self { draft, values: HashMap::from([(input.id, value)]), names }
    }

    /// Returns the draft with its output, if any operation writes it.
    pub(super) fn finish(self, output: TensorId) -> Option<Draft> {
        let Self { mut draft, values, .. } = self;
        draft.set_output(*values.get(&output)?);
        Some(draft)
    }

    /// Adds the constants that an operation reads.
    pub(super) fn take_constants(&mut self, constants: &[Arc<Constant>]) -> Lowered {
        for constant in constants {
            let value = self.draft.add_constant(constant);
            self.values.insert(constant.id, value.ok_or(Missing::Element(constant.dtype))?);
        }
        Ok(())
    }

    /// Returns the value of a tensor.
    pub(super) fn value(&self, tensor: &TensorIr) -> Result<ValueId, Missing> {
        self.values.get(&tensor.id).copied().ok_or(Missing::SecondOutput)
    }

    /// Returns the values of some tensors.
    pub(super) fn values<'t>(
        &self,
        tensors: impl IntoIterator<Item = &'t TensorIr>,
    ) -> Result<Vec<ValueId>, Missing> {
        tensors.into_iter().map(|tensor| self.value(tensor)).collect()
    }

    /// Returns the value of a tensor among others of one shape: a number if the tensor is nothing
    /// but one, so that it is not stored once for each element.
    pub(super) fn operand(&mut self, tensor: &TensorIr) -> Result<ValueId, Missing> {
        let value = self.value(tensor)?;
        match self.unnamed_number(tensor) {
            Some(number) => Ok(self.scalar(number, tensor)),
            None => Ok(value),
        }
    }

    /// Returns the number that a tensor is nothing but, unless it is a parameter.
    pub(super) fn unnamed_number(&self, tensor: &TensorIr) -> Option<ScalarIr> {
        let constant = self.constant(tensor)?;
        constant.number().filter(|_| self.names.behind(constant).is_none())
    }

    /// Returns the constant that a tensor is.
    pub(super) fn constant(&self, tensor: &TensorIr) -> Option<&Arc<Constant>> {
        self.draft.constant(self.value(tensor).ok()?)
    }

    /// Returns a constant of this draft's own.
    pub(super) fn add_constant(&mut self, constant: Constant) -> Result<ValueId, Missing> {
        let dtype = constant.dtype;
        self.draft.add_constant(&Arc::new(constant)).ok_or(Missing::Element(dtype))
    }

    /// Returns a number that meets a tensor.
    pub(super) fn scalar(&mut self, number: ScalarIr, with: &TensorIr) -> ValueId {
        let element = draft::element(with.dtype).unwrap_or(Element::F32);
        self.draft.add_scalar(number.elem(), element)
    }

    /// Adds an operator that writes a tensor.
    pub(super) fn emit(
        &mut self,
        operator: Operator,
        inputs: Vec<ValueId>,
        out: &TensorIr,
    ) -> Lowered {
        let output = self.emit_inner(operator, inputs, out.shape.to_vec(), out.dtype)?;
        self.alias(out, output);
        Ok(())
    }

    /// Adds an operator that writes a value of no tensor; returns the value.
    pub(super) fn emit_inner(
        &mut self,
        operator: Operator,
        inputs: Vec<ValueId>,
        shape: Vec<usize>,
        dtype: DType,
    ) -> Result<ValueId, Missing> {
        let element = draft::element(dtype).ok_or(Missing::Element(dtype))?;
        let output = self.draft.add_value(shape, element);
        self.draft.push(DraftNode { operator, inputs, output });
        Ok(output)
    }

    /// Makes a tensor a value that there is already.
    pub(super) fn alias(&mut self, out: &TensorIr, value: ValueId) {
        self.values.insert(out.id, value);
    }

    /// Adds a function of each element.
    pub(super) fn unary(&mut self, unary: Unary, input: &TensorIr, out: &TensorIr) -> Lowered {
        let input = self.value(input)?;
        self.emit(Operator::Unary(unary), vec![input], out)
    }

    /// Adds a function of each pair of elements.
    pub(super) fn binary(
        &mut self,
        binary: Binary,
        one: &TensorIr,
        two: &TensorIr,
        out: &TensorIr,
    ) -> Lowered {
        let inputs = match (one.shape == out.shape, two.shape == out.shape) {
            (true, true) => vec![self.operand(one)?, self.operand(two)?],
            _ => self.values([one, two])?,
        };
        self.emit(Operator::Binary(binary), inputs, out)
    }

    /// Adds a function of each element and a number.
    pub(super) fn with_scalar(
        &mut self,
        binary: Binary,
        one: &TensorIr,
        number: ScalarIr,
        out: &TensorIr,
    ) -> Lowered {
        let inputs = vec![self.value(one)?, self.scalar(number, one)];
        self.emit(Operator::Binary(binary), inputs, out)
    }
}
