use super::schema::TensorProto;
use super::tensor::{dims, integers, scalar};
use crate::{Graph, Node, Operator, Reduction};

/// A setting that ONNX wants as a constant input: its role, and the constant unless it is left out.
pub type Setting = (&'static str, Option<TensorProto>);

/// Returns what follows the inputs that the graph states, in ONNX's order.
pub fn settings(graph: &Graph, node: &Node) -> Vec<Setting> {
    let element = node.inputs.first().map(|id| graph.value(*id).element);
    let number = |number: f32| element.map(|element| scalar(element, number));
    let bound = |limit: f32| if limit.is_finite() { number(limit) } else { None };
    let shape = || Some(integers(&dims(&graph.value(node.output).shape)));
    match &node.operator {
        Operator::Clip { low, high } => vec![("min", bound(*low)), ("max", bound(*high))],
        Operator::Reduce { reduction: Reduction::Sum, axes, .. } => {
            vec![("axes", Some(integers(&dims(axes))))]
        }
        Operator::Slice { starts, ends, steps } => slicing(graph, node, [starts, ends, steps]),
        Operator::Pad { before, after, value } => {
            let pads = dims(&[before.as_slice(), after.as_slice()].concat());
            vec![("pads", Some(integers(&pads))), ("value", number(*value))]
        }
        Operator::Reshape | Operator::Expand => vec![("shape", shape())],
        Operator::Resize { .. } => vec![("roi", None), ("scales", None), ("sizes", shape())],
        _ => Vec::new(),
    }
}

/// Only the axes that lose something, or the first if none does.
fn slicing(graph: &Graph, node: &Node, settings: [&Vec<i64>; 3]) -> Vec<Setting> {
    let [starts, ends, steps] = settings;
    let shape = dims(&graph.value(node.inputs[0]).shape);
    let whole = |axis: usize| (starts[axis], steps[axis]) == (0, 1) && ends[axis] >= shape[axis];
    let cut: Vec<usize> = (0..shape.len()).filter(|axis| !whole(*axis)).collect();
    let axes = if cut.is_empty() { vec![0] } else { cut };
    let of = |numbers: &[i64]| -> Vec<i64> { axes.iter().map(|axis| numbers[*axis]).collect() };
    vec![
        ("starts", Some(integers(&of(starts)))),
        ("ends", Some(integers(&of(ends)))),
        ("axes", Some(integers(&dims(&axes)))),
        ("steps", Some(integers(&of(steps)))),
    ]
}
