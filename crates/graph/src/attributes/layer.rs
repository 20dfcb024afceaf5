use formbench_protocol::Layer;

use super::{arithmetic, class, detail};
use crate::{Graph, Node, Operator, Value, ValueId};

/// Returns what a node costs; its parameters and sources, which depend on the nodes before it, are left out.
pub fn layer(graph: &Graph, node: &Node) -> Layer {
    let shape = |value: &Value| value.shape.iter().map(|size| *size as u64).collect();
    let values = node.inputs.iter().map(|id| graph.value(*id));
    let activations = values.filter(|value| value.constant.is_none());
    let output = graph.value(node.output);
    let view = node.operator == Operator::Reshape;
    Layer {
        name: node.name.clone(),
        kind: node.operator.kind().to_owned(),
        class: class::class(graph, node),
        detail: detail::detail(graph, node),
        sources: Vec::new(),
        inputs: activations.map(shape).collect(),
        output: shape(output),
        parameters: 0,
        macs: arithmetic::macs(graph, node),
        flops: arithmetic::flops(graph, node),
        bytes_read: if view { 0 } else { bytes_read(graph, node) },
        bytes_written: if view { 0 } else { output.bytes() as u64 },
    }
}

/// A value that an operator reads twice counts once.
fn bytes_read(graph: &Graph, node: &Node) -> u64 {
    let mut inputs: Vec<ValueId> = node.inputs.clone();
    inputs.sort_unstable();
    inputs.dedup();
    let picked = match node.operator {
        Operator::Slice { .. } | Operator::Gather { .. } => node.inputs.first(),
        _ => None,
    };
    let bytes = |id: &ValueId| {
        let all = graph.value(*id).bytes();
        if Some(id) == picked { all.min(graph.value(node.output).bytes()) } else { all }
    };
    inputs.iter().map(|id| bytes(id) as u64).sum()
}
