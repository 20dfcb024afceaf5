use std::ops::RangeInclusive;

use super::attribute::attributes;
use super::schema::{NodeProto, TensorProto};
use super::setting::{Setting, settings};
use super::tensor::{constant, dims};
use crate::{Graph, Node, OnnxError, Operator, Value};

/// A node as ONNX has it, with the constants that it alone reads.
pub struct Written {
    /// The node.
    pub node: NodeProto,
    /// Its own constants; their names are among its inputs.
    pub constants: Vec<TensorProto>,
}

/// Returns a node in ONNX's form; `name` makes a name that no value has.
///
/// # Errors
/// If it reads too few or too many values, or its settings have no ONNX form.
pub fn write(
    graph: &Graph,
    node: &Node,
    mut name: impl FnMut(String) -> String,
) -> Result<Written, OnnxError> {
    check(node)?;
    let mut input: Vec<String> =
        node.inputs.iter().map(|id| graph.value(*id).name.clone()).collect();
    let mut constants = Vec::new();
    if let Some(slope) = slope_by_channel(graph, node)? {
        input.truncate(1);
        add(("slope", Some(slope)), node, &mut name, &mut input, &mut constants);
    }
    for setting in settings(graph, node) {
        add(setting, node, &mut name, &mut input, &mut constants);
    }
    let given = input.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
    input.truncate(given);
    let node = NodeProto {
        input,
        output: vec![graph.value(node.output).name.clone()],
        name: Some(node.name.clone()),
        op_type: Some(node.operator.kind().to_owned()),
        attribute: attributes(graph, node)?,
        ..NodeProto::default()
    };
    Ok(Written { node, constants })
}

/// An empty name stands for an input that is left out.
fn add(
    (role, tensor): Setting,
    node: &Node,
    name: &mut impl FnMut(String) -> String,
    input: &mut Vec<String>,
    constants: &mut Vec<TensorProto>,
) {
    let Some(tensor) = tensor else { return input.push(String::new()) };
    let name = name(format!("{}/{role}", node.name));
    input.push(name.clone());
    constants.push(TensorProto { name: Some(name), ..tensor });
}

/// A slope for each channel, with an axis of one for each axis behind the channels: ONNX would
/// repeat `[channels]` along the last axis.
fn slope_by_channel(graph: &Graph, node: &Node) -> Result<Option<TensorProto>, OnnxError> {
    if node.operator != Operator::PRelu {
        return Ok(None);
    }
    let [input, slope] = [0, 1].map(|index| graph.value(node.inputs[index]));
    if slope.shape.len() != 1 || slope.elements() == 1 || input.shape.len() < 3 {
        return Ok(None);
    }
    let Value { constant: Some(data), .. } = slope else {
        return Err(unsupported(node, "its slopes are not constant".to_owned()));
    };
    let ones = std::iter::repeat_n(1, input.shape.len() - 2);
    let dims = dims(&slope.shape).into_iter().chain(ones).collect();
    Ok(Some(TensorProto { dims, ..constant(slope, data)? }))
}

fn check(node: &Node) -> Result<(), OnnxError> {
    let (expected, got) = (arity(&node.operator), node.inputs.len());
    if !expected.contains(&got) {
        let (kind, expected) = (node.operator.kind(), stated(&expected));
        return Err(unsupported(node, format!("{kind} reads {expected} values, got {got}")));
    }
    match &node.operator {
        Operator::Other { kind } => {
            Err(unsupported(node, format!("{kind} is not among the operators that graphs have")))
        }
        Operator::QuantizeLinear | Operator::DequantizeLinear => {
            Err(unsupported(node, "quantised numbers are not written".to_owned()))
        }
        Operator::Reduce { axes, .. } if axes.is_empty() => {
            Err(unsupported(node, "reduces no axis, which ONNX takes for all of them".to_owned()))
        }
        _ => Ok(()),
    }
}

/// How many values of the graph an operator reads.
fn arity(operator: &Operator) -> RangeInclusive<usize> {
    match operator {
        Operator::Conv(_) | Operator::ConvTranspose { .. } | Operator::Gemm { .. } => 2..=3,
        Operator::BatchNormalization { .. } => 5..=5,
        Operator::LayerNormalization { .. } | Operator::Where => 3..=3,
        Operator::MatMul | Operator::Binary(_) | Operator::PRelu | Operator::Gather { .. } => 2..=2,
        Operator::Concat { .. } => 1..=usize::MAX,
        Operator::Other { .. } => 0..=usize::MAX,
        Operator::QuantizeLinear | Operator::DequantizeLinear => 2..=3,
        _ => 1..=1,
    }
}

/// An arity in words.
fn stated(arity: &RangeInclusive<usize>) -> String {
    match (arity.start(), arity.end()) {
        (least, most) if least == most => least.to_string(),
        (least, &usize::MAX) => format!("{least} or more"),
        (least, most) => format!("{least} to {most}"),
    }
}

fn unsupported(node: &Node, reason: String) -> OnnxError {
    OnnxError::Unsupported { node: node.name.clone(), reason }
}
