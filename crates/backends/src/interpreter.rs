//! Runs a graph on one of Burn's backends, one operator after the other.
//!
//! Values are let go of behind the last operator that reads them, so that backends may reuse their memory.

mod element_wise;
mod held;
mod operation;
mod windows;

use burn::tensor::backend::Backend;
use formbench_graph::{Element, Graph, Node, Operator, OperatorPadding, PoolOperator};
use formbench_protocol::Array;

use self::held::{Float, Held};
use self::operation::Operation;
use crate::OperatorWatch;

/// A graph with its constants on a device.
pub struct Interpreter<B: Backend> {
    graph: Graph,
    /// Constants by their values' indices.
    constants: Vec<Option<Held<B>>>,
    /// For each node, scale and shift of a batch normalisation.
    normalizations: Vec<Option<[Float<B>; 2]>>,
    /// For each node, whether it is the last to read each of its inputs.
    is_last: Vec<Vec<bool>>,
    device: B::Device,
}

impl<B: Backend> Interpreter<B> {
    /// Returns the graph with its constants on the device.
    ///
    /// # Errors
    /// An operator that cannot be run: the error names its node.
    pub fn new(graph: Graph, device: B::Device) -> Result<Self, String> {
        graph.nodes.iter().try_for_each(|node| check(&graph, node))?;
        let constants = graph
            .values
            .iter()
            .map(|value| Held::constant(value, &device))
            .collect::<Result<Vec<_>, String>>()?;
        let normalizations =
            graph.nodes.iter().map(|node| normalization::<B>(&graph, node, &device)).collect();
        let is_last = last_readings(&graph);
        Ok(Self { graph, constants, normalizations, is_last, device })
    }

    /// Returns the graph's outputs in its order; `step` is told of each operator.
    ///
    /// # Errors
    /// What the backend said, or inputs that are not the graph's.
    pub fn infer(&self, inputs: &[Array], step: OperatorWatch<'_>) -> Result<Vec<Array>, String> {
        let mut values: Vec<Option<Held<B>>> = self.constants.clone();
        if inputs.len() != self.graph.inputs.len() {
            return Err(format!("{} inputs, expected {}", inputs.len(), self.graph.inputs.len()));
        }
        for (id, array) in self.graph.inputs.iter().zip(inputs) {
            values[id.0] = Some(Held::array(array, &self.device)?);
        }
        step(None);
        for (at, node) in self.graph.nodes.iter().enumerate() {
            let inputs = node.inputs.iter().zip(&self.is_last[at]).map(|(id, is_last)| {
                let held = &mut values[id.0];
                let held = if *is_last { held.take() } else { held.clone() };
                held.ok_or_else(|| format!("`{}` reads what nothing wrote", node.name))
            });
            let inputs = inputs.collect::<Result<Vec<_>, String>>()?;
            let operation = Operation {
                graph: &self.graph,
                node,
                normalization: self.normalizations[at].as_ref(),
                device: &self.device,
            };
            let output = operation.run(inputs);
            values[node.output.0] =
                Some(output.map_err(|error| format!("`{}`: {error}", node.name))?);
            step(Some((&node.name, node.operator.kind())));
        }
        let outputs = self.graph.outputs.iter().map(|id| {
            let held = values[id.0].clone().ok_or("an output is written by nothing")?;
            held.into_array(self.graph.value(*id))
        });
        outputs.collect()
    }
}

/// Refuses what cannot be run before it is.
fn check(graph: &Graph, node: &Node) -> Result<(), String> {
    let refuse = |reason: &str| {
        let kind = node.operator.kind();
        Err(format!("node `{}`: {kind}: {reason} on Burn's backends here", node.name))
    };
    let values = node.inputs.iter().chain([&node.output]).map(|id| graph.value(*id));
    let is_held =
        |element| matches!(element, Element::F32 | Element::I64 | Element::I32 | Element::Bool);
    if let Some(other) = values.map(|value| value.element).find(|element| !is_held(*element)) {
        return refuse(&format!("{} is not run", other.label()));
    }
    let is_even =
        |padding: &OperatorPadding| (padding.top, padding.left) == (padding.bottom, padding.right);
    match &node.operator {
        Operator::Lrn { .. }
        | Operator::QuantizeLinear
        | Operator::DequantizeLinear
        | Operator::Other { .. } => refuse("is not run"),
        Operator::ConvTranspose { convolution, .. } if !is_even(&convolution.padding) => {
            refuse("padding of several sizes is not run")
        }
        Operator::AveragePool {
            pool: PoolOperator { dilation, padding, .. },
            count_include_pad,
        } if *dilation != [1, 1] || !(is_even(padding) || *count_include_pad) => {
            refuse("padding of several sizes that does not count, or a dilation, is not run")
        }
        Operator::Gather { .. } if has_negative(graph, node) => {
            refuse("an index from behind is not run")
        }
        Operator::Slice { steps, .. } if steps.iter().any(|step| *step < 1) => {
            refuse("backward steps are not run")
        }
        _ => Ok(()),
    }
}

/// Returns whether constant indices count from behind.
fn has_negative(graph: &Graph, node: &Node) -> bool {
    let constant = node.inputs.get(1).and_then(|id| graph.value(*id).constant.as_ref());
    let indices = constant.and_then(|data| data.as_slice::<i64>().ok());
    indices.is_some_and(|indices| indices.iter().any(|index| *index < 0))
}

/// Returns scale and shift of a batch normalisation whose statistics are constants, with an axis for each of its input.
fn normalization<B: Backend>(
    graph: &Graph,
    node: &Node,
    device: &B::Device,
) -> Option<[Float<B>; 2]> {
    let Operator::BatchNormalization { epsilon } = node.operator else { return None };
    let constant = |at: usize| graph.value(*node.inputs.get(at)?).floats();
    let (scale, bias, mean, variance) = (constant(1)?, constant(2)?, constant(3)?, constant(4)?);
    let factors: Vec<f32> =
        scale.iter().zip(&variance).map(|(scale, it)| scale / (it + epsilon).sqrt()).collect();
    let shifts: Vec<f32> = bias
        .iter()
        .zip(mean.iter().zip(&factors))
        .map(|(bias, (mean, factor))| bias - mean * factor)
        .collect();
    let rank = graph.value(node.inputs[0]).shape.len();
    let mut shape = vec![1; rank.max(2)];
    shape[1] = factors.len();
    Some([factors, shifts].map(|floats| held::floats::<B>(floats, &shape, device)))
}

fn last_readings(graph: &Graph) -> Vec<Vec<bool>> {
    let mut is_needed = vec![false; graph.values.len()];
    for id in &graph.outputs {
        is_needed[id.0] = true;
    }
    for (index, value) in graph.values.iter().enumerate() {
        is_needed[index] |= value.constant.is_some();
    }
    let mut is_last: Vec<Vec<bool>> = Vec::new();
    for node in graph.nodes.iter().rev() {
        let mut of_node = vec![false; node.inputs.len()];
        // Of a value that a node reads twice, the later reading is the last.
        for (at, id) in node.inputs.iter().enumerate().rev() {
            of_node[at] = !std::mem::replace(&mut is_needed[id.0], true);
        }
        is_last.push(of_node);
    }
    is_last.reverse();
    is_last
}
