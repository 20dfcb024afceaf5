//! Graphs built by hand.

use std::sync::Arc;

use burn::tensor::TensorData;
use formbench_graph::{Element, Graph, Node, Operator, Value, ValueId};

/// A graph that grows node by node; nodes are named after their kind and number.
#[derive(Default)]
pub struct Draft(Graph);

impl Draft {
    /// Adds an input of floats.
    pub fn input(&mut self, shape: &[usize]) -> ValueId {
        let name = format!("input_{}", self.0.inputs.len());
        let id = self.value(name, shape, Element::F32, None);
        self.0.inputs.push(id);
        id
    }

    /// Adds a constant of floats that go up and down between 0.25 and 1.
    pub fn floats(&mut self, shape: &[usize]) -> ValueId {
        let elements = shape.iter().product();
        let floats = (0..elements).map(|index| ((index * 5) % 7) as f32 / 8.0 + 0.25).collect();
        self.constant(shape, Element::F32, TensorData::new::<f32, _>(floats, shape.to_vec()))
    }

    /// Adds a constant.
    pub fn constant(&mut self, shape: &[usize], element: Element, data: TensorData) -> ValueId {
        let name = format!("constant_{}", self.0.values.len());
        self.value(name, shape, element, Some(Arc::new(data)))
    }

    /// Adds a node that writes floats.
    pub fn node(&mut self, operator: Operator, inputs: &[ValueId], shape: &[usize]) -> ValueId {
        self.typed(operator, inputs, shape, Element::F32)
    }

    /// Adds a node that writes another kind of elements.
    pub fn typed(
        &mut self,
        operator: Operator,
        inputs: &[ValueId],
        shape: &[usize],
        element: Element,
    ) -> ValueId {
        let name = format!("{}_{}", operator.kind(), self.0.nodes.len());
        let output = self.value(format!("{name}_output"), shape, element, None);
        self.0.nodes.push(Node { name, operator, inputs: inputs.to_vec(), output });
        output
    }

    /// Returns the graph.
    pub fn finish(self, outputs: &[ValueId]) -> Graph {
        Graph { outputs: outputs.to_vec(), ..self.0 }
    }

    fn value(
        &mut self,
        name: String,
        shape: &[usize],
        element: Element,
        constant: Option<Arc<TensorData>>,
    ) -> ValueId {
        self.0.values.push(Value { name, shape: shape.to_vec(), element, constant });
        ValueId(self.0.values.len() - 1)
    }
}
