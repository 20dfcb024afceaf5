use prost::Message;

use crate::ReadError;
use crate::onnx::schema::{
    DataLocation, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto,
};

/// Names of the domain in which ONNX's own operators are.
const OWN_DOMAINS: [&str; 2] = ["", "ai.onnx"];

/// Returns the model in a file, none of whose constants lies elsewhere and whose operators are all
/// ONNX's own.
///
/// # Errors
/// It is no ONNX file, refers to another one, or has an operator of another domain.
pub(super) fn model(bytes: &[u8]) -> Result<(GraphProto, i64), ReadError> {
    let broken = |reason: String| ReadError::NotOnnx { reason };
    let model = ModelProto::decode(bytes).map_err(|error| broken(error.to_string()))?;
    let opset = opset(&model);
    let graph = model.graph.ok_or_else(|| broken("there is no graph in it".to_owned()))?;
    check_operators(&graph)?;
    check_padding(&graph)?;
    check_constants(&graph)?;
    Ok((graph, opset))
}

/// Returns what comes from outside: constants may be listed as inputs too.
pub(super) fn inputs(graph: &GraphProto) -> Vec<&ValueInfoProto> {
    let is_constant = |info: &ValueInfoProto| {
        graph.initializer.iter().any(|constant| constant.name.as_deref() == info.name.as_deref())
    };
    graph.input.iter().filter(|info| !is_constant(info)).collect()
}

/// Returns a node's name, or its kind and place if it has none.
pub(super) fn node_name(node: &NodeProto, place: usize) -> String {
    let named = node.name.as_deref().filter(|name| !name.is_empty());
    named.map_or_else(|| format!("{}_{place}", node.op_type()), str::to_owned)
}

/// Returns the version of ONNX's own operators, 0 if none is named.
fn opset(model: &ModelProto) -> i64 {
    let own = model.opset_import.iter().find(|import| OWN_DOMAINS.contains(&import.domain()));
    own.map_or(0, |import| import.version())
}

fn check_operators(graph: &GraphProto) -> Result<(), ReadError> {
    let mut nodes = graph.node.iter().enumerate();
    let custom = nodes.find(|(_, node)| !OWN_DOMAINS.contains(&node.domain()));
    custom.map_or(Ok(()), |(place, node)| {
        Err(ReadError::Operator {
            node: node_name(node, place),
            operator: node.op_type().to_owned(),
            domain: node.domain().to_owned(),
            reason: "is a custom one; export the model with ONNX's own operators alone",
        })
    })
}

/// Refuses nodes that state both how they are padded and that it follows from their input: engines disagree on which holds.
fn check_padding(graph: &GraphProto) -> Result<(), ReadError> {
    let contradicts = |node: &&NodeProto| {
        let of = |name: &str| node.attribute.iter().find(|attribute| attribute.name() == name);
        let follows = of("auto_pad").and_then(|attribute| attribute.s.as_deref());
        let is_stated =
            of("pads").is_some_and(|attribute| attribute.ints.iter().any(|pad| *pad != 0));
        is_stated && follows.is_some_and(|word| !word.is_empty() && word != b"NOTSET")
    };
    let mut nodes = graph.node.iter().enumerate();
    nodes.find(|(_, node)| contradicts(node)).map_or(Ok(()), |(place, node)| {
        let of = |name: &str| node.attribute.iter().find(|attribute| attribute.name() == name);
        let word = of("auto_pad").and_then(|attribute| attribute.s.as_deref()).unwrap_or_default();
        let pads = of("pads").map(|attribute| attribute.ints.clone()).unwrap_or_default();
        Err(ReadError::Node {
            node: node_name(node, place),
            operator: node.op_type().to_owned(),
            reason: format!(
                "its `auto_pad` is `{}` and its `pads` are {pads:?}, which contradict each other; export it with one of them",
                String::from_utf8_lossy(word)
            ),
        })
    })
}

fn check_constants(graph: &GraphProto) -> Result<(), ReadError> {
    let attributes = graph.node.iter().flat_map(|node| &node.attribute);
    let within = attributes.filter_map(|attribute| attribute.t.as_ref());
    let mut constants = graph.initializer.iter().chain(within);
    constants.find(|constant| constant.data_location() == DataLocation::External).map_or(
        Ok(()),
        |constant| {
            let constant_name = constant.name().to_owned();
            Err(ReadError::External { constant: constant_name, location: location(constant) })
        },
    )
}

fn location(constant: &TensorProto) -> String {
    let entry = constant.external_data.iter().find(|entry| entry.key() == "location");
    entry.map_or("?", |entry| entry.value()).to_owned()
}
