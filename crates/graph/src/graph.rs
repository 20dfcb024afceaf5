use std::sync::Arc;

use burn::tensor::TensorData;

use crate::Operator;

/// What one forward pass computes: operators on values, in the order of execution.
///
/// Values are defined before they are used; constants and inputs are defined by no node.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Everything that flows, by [`ValueId`].
    pub values: Vec<Value>,
    /// The operators, in an order in which they can run.
    pub nodes: Vec<Node>,
    /// What comes from outside.
    pub inputs: Vec<ValueId>,
    /// What goes out.
    pub outputs: Vec<ValueId>,
}

/// Index of a value in [`Graph::values`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId(pub usize);

/// A tensor that flows through the graph, or is part of it.
#[derive(Clone, Debug)]
pub struct Value {
    /// Unique in the graph; a parameter's is its path from the module's root.
    pub name: String,
    /// Row-major shape.
    pub shape: Vec<usize>,
    /// What it holds.
    pub element: Element,
    /// Its elements, if they do not depend on the input.
    pub constant: Option<Arc<TensorData>>,
}

/// What a value holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Element {
    /// 32-bit floating point.
    F32,
    /// 16-bit floating point.
    F16,
    /// 64-bit floating point.
    F64,
    /// 64-bit integers.
    I64,
    /// 32-bit integers.
    I32,
    /// 8-bit integers.
    I8,
    /// 8-bit integers without a sign.
    U8,
    /// Booleans.
    Bool,
}

/// One operator with what it reads and writes.
#[derive(Clone, Debug)]
pub struct Node {
    /// Unique in the graph: the path of the module whose parameters it uses, or its kind and a
    /// number.
    pub name: String,
    /// What it computes.
    pub operator: Operator,
    /// What it reads, in the order that the operator states.
    pub inputs: Vec<ValueId>,
    /// What it writes.
    pub output: ValueId,
}

impl Element {
    /// Returns the name of its type in Rust.
    pub fn label(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::F64 => "f64",
            Self::I64 => "i64",
            Self::I32 => "i32",
            Self::I8 => "i8",
            Self::U8 => "u8",
            Self::Bool => "bool",
        }
    }

    /// Returns whether it is a floating-point type.
    pub fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F16 | Self::F64)
    }

    /// Returns the size of one element.
    pub fn bytes(self) -> usize {
        match self {
            Self::F32 | Self::I32 => 4,
            Self::F64 | Self::I64 => 8,
            Self::F16 => 2,
            Self::I8 | Self::U8 | Self::Bool => 1,
        }
    }
}

impl Value {
    /// Returns how many elements it has.
    pub fn elements(&self) -> usize {
        self.shape.iter().product()
    }

    /// Returns its size in bytes.
    pub fn bytes(&self) -> usize {
        self.elements() * self.element.bytes()
    }

    /// Returns its elements if it is a constant of 32-bit floats.
    pub fn floats(&self) -> Option<Vec<f32>> {
        self.constant.as_ref()?.as_slice::<f32>().ok().map(<[f32]>::to_vec)
    }
}

impl Graph {
    /// Returns a value.
    ///
    /// # Panics
    /// If `id` is another graph's.
    pub fn value(&self, id: ValueId) -> &Value {
        &self.values[id.0]
    }

    /// Returns the size of all constants that nodes read, each once.
    pub fn weight_bytes(&self) -> u64 {
        let mut used: Vec<ValueId> =
            self.nodes.iter().flat_map(|node| node.inputs.clone()).collect();
        used.sort_unstable();
        used.dedup();
        let constants = used.iter().map(|id| self.value(*id)).filter(|v| v.constant.is_some());
        constants.map(|value| value.bytes() as u64).sum()
    }
}
