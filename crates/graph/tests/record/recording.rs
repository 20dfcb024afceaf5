//! Recordings of small forward passes.

use burn::tensor::Tensor;
use formbench_graph::{
    Graph, GraphRecordError, GraphRecorder, Operator, Recording, RecordingDevice, Value,
};

pub type Images = Tensor<Recording, 4>;

/// Returns the graph of a forward pass that has no named parameters.
pub fn try_record<const I: usize, const O: usize>(
    shape: [usize; I],
    forward: impl FnOnce(Tensor<Recording, I>, &RecordingDevice) -> Tensor<Recording, O>,
) -> Result<Graph, GraphRecordError> {
    let recorder = GraphRecorder::new();
    let device = recorder.device().clone();
    recorder.record("input", shape, "output", |input| forward(input, &device))
}

/// Returns the graph of a forward pass that has no parameters.
pub fn record<const I: usize, const O: usize>(
    shape: [usize; I],
    forward: impl FnOnce(Tensor<Recording, I>) -> Tensor<Recording, O>,
) -> Graph {
    try_record(shape, |input, _| forward(input)).unwrap()
}

/// Returns the operators of a forward pass without parameters on one image of four channels.
pub fn operators(forward: impl FnOnce(Images) -> Images) -> Vec<Operator> {
    let graph = record([1, 4, 6, 6], forward);
    graph.nodes.into_iter().map(|node| node.operator).collect()
}

/// Returns the kinds of a graph's operators.
pub fn kinds(graph: &Graph) -> Vec<String> {
    graph.nodes.iter().map(|node| node.operator.kind().to_owned()).collect()
}

/// Returns the names of a graph's nodes.
pub fn node_names(graph: &Graph) -> Vec<&str> {
    graph.nodes.iter().map(|node| node.name.as_str()).collect()
}

/// Returns the constants of a graph, in the order in which nodes read them.
pub fn constants(graph: &Graph) -> Vec<&Value> {
    graph.values.iter().filter(|value| value.constant.is_some()).collect()
}

/// Returns a value by its name.
pub fn value<'a>(graph: &'a Graph, name: &str) -> &'a Value {
    graph.values.iter().find(|value| value.name == name).unwrap()
}
