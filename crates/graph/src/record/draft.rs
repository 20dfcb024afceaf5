use std::collections::HashMap;
use std::sync::Arc;

use burn::tensor::{BoolStore, DType};
use burn_ir::{ScalarIr, TensorId};

use super::Constant;
use super::client::new_id;
use crate::{Binary, Element, Operator, Unary, ValueId};

/// A graph under way: values have no names yet, and nodes come and go.
///
/// Nodes stand in an order in which they can run, and every one of them is needed for the output.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    values: Vec<DraftValue>,
    nodes: Vec<DraftNode>,
    output: Option<ValueId>,
    /// Node that writes each value.
    producers: Vec<Option<usize>>,
    /// How often each value is read, the output's reader included.
    uses: Vec<usize>,
    by_tensor: HashMap<TensorId, ValueId>,
    scalars: HashMap<(Element, u64), ValueId>,
}

/// A value without a name.
#[derive(Debug)]
pub(crate) struct DraftValue {
    /// Row-major shape.
    pub(crate) shape: Vec<usize>,
    /// What it holds.
    pub(crate) element: Element,
    /// Its elements, if they do not depend on the input.
    pub(crate) constant: Option<Arc<Constant>>,
    /// The number, if it stems from a number in the module's code.
    scalar: Option<f64>,
}

/// A node without a name.
#[derive(Clone, Debug)]
pub(crate) struct DraftNode {
    /// What it computes.
    pub(crate) operator: Operator,
    /// What it reads.
    pub(crate) inputs: Vec<ValueId>,
    /// What it writes.
    pub(crate) output: ValueId,
}

/// Returns the element that a data type is, if graphs have it.
pub(crate) fn element(dtype: DType) -> Option<Element> {
    match dtype {
        DType::F32 => Some(Element::F32),
        DType::I64 => Some(Element::I64),
        DType::I32 => Some(Element::I32),
        DType::Bool(BoolStore::Native) => Some(Element::Bool),
        _ => None,
    }
}

fn dtype(element: Element) -> DType {
    match element {
        Element::F32 => DType::F32,
        Element::F16 => DType::F16,
        Element::F64 => DType::F64,
        Element::I8 => DType::I8,
        Element::U8 => DType::U8,
        Element::I64 => DType::I64,
        Element::I32 => DType::I32,
        Element::Bool => DType::Bool(BoolStore::Native),
    }
}

impl Draft {
    /// Returns a new value that a node is to write, or the input.
    pub(crate) fn add_value(&mut self, shape: Vec<usize>, element: Element) -> ValueId {
        self.add(DraftValue { shape, element, constant: None, scalar: None })
    }

    /// Returns the value of a constant, one for each tensor.
    pub(crate) fn add_constant(&mut self, constant: &Arc<Constant>) -> Option<ValueId> {
        if let Some(id) = self.by_tensor.get(&constant.id) {
            return Some(*id);
        }
        let element = element(constant.dtype)?;
        let (shape, constant) = (constant.shape.clone(), Arc::clone(constant));
        let tensor = constant.id;
        let id = self.add(DraftValue { shape, element, constant: Some(constant), scalar: None });
        self.by_tensor.insert(tensor, id);
        Some(id)
    }

    /// Returns the value of a number, without axes; one for each number.
    pub(crate) fn add_scalar(&mut self, number: f64, element: Element) -> ValueId {
        let key = (element, number.to_bits());
        if let Some(id) = self.scalars.get(&key) {
            return *id;
        }
        let value = ScalarIr::new(number, &dtype(element));
        let constant = Constant::uniform(new_id(), Vec::new(), dtype(element), value);
        let (constant, scalar) = (Some(Arc::new(constant)), Some(number));
        let id = self.add(DraftValue { shape: Vec::new(), element, constant, scalar });
        self.scalars.insert(key, id);
        id
    }

    fn add(&mut self, value: DraftValue) -> ValueId {
        self.values.push(value);
        self.producers.push(None);
        self.uses.push(0);
        ValueId(self.values.len() - 1)
    }

    /// Appends a node.
    pub(crate) fn push(&mut self, node: DraftNode) {
        self.producers[node.output.0] = Some(self.nodes.len());
        self.nodes.push(node);
    }

    /// Makes a value the output; nodes that it does not need go.
    pub(crate) fn set_output(&mut self, output: ValueId) {
        self.output = Some(output);
        self.sweep();
    }

    /// Puts nodes in the place of the one at an index; what is not needed any more goes.
    pub(crate) fn replace(&mut self, at: usize, nodes: Vec<DraftNode>) {
        self.nodes.splice(at..=at, nodes);
        self.sweep();
    }

    /// Removes the node at an index; who read its output reads another value.
    pub(crate) fn bypass(&mut self, at: usize, with: ValueId) {
        let output = self.nodes.remove(at).output;
        let inputs = self.nodes.iter_mut().flat_map(|node| &mut node.inputs);
        for id in inputs.chain(&mut self.output).filter(|id| **id == output) {
            *id = with;
        }
        self.sweep();
    }

    /// Removes the nodes that the output does not need, and counts anew.
    fn sweep(&mut self) {
        self.uses.fill(0);
        if let Some(output) = self.output {
            self.uses[output.0] += 1;
        }
        for node in self.nodes.iter().rev() {
            if self.uses[node.output.0] > 0 {
                for id in &node.inputs {
                    self.uses[id.0] += 1;
                }
            }
        }
        let uses = &self.uses;
        self.nodes.retain(|node| uses[node.output.0] > 0);
        self.producers.fill(None);
        for (at, node) in self.nodes.iter().enumerate() {
            self.producers[node.output.0] = Some(at);
        }
    }

    /// Returns the nodes.
    pub(crate) fn nodes(&self) -> &[DraftNode] {
        &self.nodes
    }

    /// Returns the output.
    pub(crate) fn output(&self) -> Option<ValueId> {
        self.output
    }

    /// Returns a value.
    pub(crate) fn value(&self, id: ValueId) -> &DraftValue {
        &self.values[id.0]
    }

    /// Returns a value's shape.
    pub(crate) fn shape(&self, id: ValueId) -> &[usize] {
        &self.values[id.0].shape
    }

    /// Returns the constant that a value is.
    pub(crate) fn constant(&self, id: ValueId) -> Option<&Arc<Constant>> {
        self.values[id.0].constant.as_ref()
    }

    /// Returns the number that a value is, if it stems from one in the module's code.
    pub(crate) fn scalar(&self, id: ValueId) -> Option<f64> {
        self.values[id.0].scalar
    }

    /// Returns how often a value is read.
    pub(crate) fn uses(&self, id: ValueId) -> usize {
        self.uses[id.0]
    }

    /// Returns the node that writes a value.
    pub(crate) fn producer(&self, id: ValueId) -> Option<&DraftNode> {
        self.producers[id.0].map(|at| &self.nodes[at])
    }

    /// Returns the node that writes a value if nothing else reads it.
    pub(crate) fn only_for_one(&self, id: ValueId) -> Option<&DraftNode> {
        self.producer(id).filter(|_| self.uses(id) == 1)
    }

    /// Returns what a function of one element reads to make a value that is read once.
    pub(crate) fn unary(&self, id: ValueId, unary: Unary) -> Option<ValueId> {
        let node = self.only_for_one(id)?;
        (node.operator == Operator::Unary(unary)).then(|| node.inputs[0])
    }

    /// Returns what a function of two elements reads to make a value that is read once.
    pub(crate) fn binary(&self, id: ValueId, binary: Binary) -> Option<[ValueId; 2]> {
        let node = self.only_for_one(id)?;
        (node.operator == Operator::Binary(binary)).then(|| [node.inputs[0], node.inputs[1]])
    }

    /// Returns the value and the number that a function of a value and a number reads to make a
    /// value that is read once.
    pub(crate) fn with_scalar(&self, id: ValueId, binary: Binary) -> Option<(ValueId, f64)> {
        let [value, number] = self.binary(id, binary)?;
        Some((value, self.scalar(number)?))
    }
}
