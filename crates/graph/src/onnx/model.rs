use std::collections::HashSet;

use super::node::{self, Written};
use super::schema::{GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto};
use super::tensor::{constant, value_info};
use crate::{Graph, OnnxError, Value, ValueId};

/// Version of the file's own form, the one that came with the operators.
const IR_VERSION: i64 = 8;

/// Version of the operators: the first that has them all.
const OPSET: i64 = 17;

/// Version of what is written: it changes with the files' content alone, by whose hash simulated caches are kept.
const WRITER: &str = "0.1.0";

/// Returns the file's content; weights are shared with the graph, not copied.
///
/// # Errors
/// If something in the graph has no ONNX form.
pub fn model(graph: &Graph) -> Result<ModelProto, OnnxError> {
    let operators = OperatorSetIdProto { domain: Some(String::new()), version: Some(OPSET) };
    Ok(ModelProto {
        ir_version: Some(IR_VERSION),
        producer_name: Some("formbench".to_owned()),
        producer_version: Some(WRITER.to_owned()),
        graph: Some(content(graph)?),
        opset_import: vec![operators],
    })
}

fn content(graph: &Graph) -> Result<GraphProto, OnnxError> {
    let (node, own) = nodes(graph)?;
    let infos = |ids: &[ValueId]| ids.iter().map(|id| value_info(graph.value(*id))).collect();
    let between: Vec<ValueId> = graph.nodes.iter().map(|node| node.output).collect();
    let between: Vec<ValueId> =
        between.into_iter().filter(|id| !graph.outputs.contains(id)).collect();
    let initializer = [weights(graph, &node)?, own].concat();
    let content = GraphProto {
        node,
        name: Some("forward".to_owned()),
        initializer,
        input: infos(&graph.inputs),
        output: infos(&graph.outputs),
        value_info: infos(&between),
        ..GraphProto::default()
    };
    check_names(&content)?;
    Ok(content)
}

/// Nodes, and the constants that are their settings.
fn nodes(graph: &Graph) -> Result<(Vec<NodeProto>, Vec<TensorProto>), OnnxError> {
    let mut taken: HashSet<String> = graph.values.iter().map(|value| value.name.clone()).collect();
    let mut name = |wish: String| {
        let numbered = (2..).map(|number| format!("{wish}_{number}"));
        let mut names = std::iter::once(wish.clone()).chain(numbered);
        names.find(|name| taken.insert(name.clone())).unwrap_or(wish)
    };
    let (mut nodes, mut constants) = (Vec::new(), Vec::new());
    for node in &graph.nodes {
        let Written { node, constants: own } = node::write(graph, node, &mut name)?;
        nodes.push(node);
        constants.extend(own);
    }
    Ok((nodes, constants))
}

/// Constants of the graph that nodes read or that come out as they are, in the graph's order.
fn weights(graph: &Graph, nodes: &[NodeProto]) -> Result<Vec<TensorProto>, OnnxError> {
    let outputs = graph.outputs.iter().map(|id| graph.value(*id).name.as_str());
    let read = nodes.iter().flat_map(|node| node.input.iter().map(String::as_str));
    let used: HashSet<&str> = read.chain(outputs).collect();
    let constants = graph.values.iter().filter(|value| used.contains(value.name.as_str()));
    let encoded = |value: &Value| value.constant.as_ref().map(|data| constant(value, data));
    constants.filter_map(encoded).collect()
}

/// # Errors
/// If two values that are defined have one name, or one has none.
fn check_names(content: &GraphProto) -> Result<(), OnnxError> {
    let inputs = content.input.iter().filter_map(|info| info.name.as_deref());
    let constants = content.initializer.iter().filter_map(|tensor| tensor.name.as_deref());
    let outputs = content.node.iter().flat_map(|node| node.output.iter().map(String::as_str));
    let mut defined = HashSet::new();
    for name in inputs.chain(constants).chain(outputs) {
        if name.is_empty() || !defined.insert(name) {
            let reason = "a value's name must be its own, and not empty".to_owned();
            return Err(OnnxError::Unsupported { node: name.to_owned(), reason });
        }
    }
    Ok(())
}
