use std::collections::HashSet;

use crate::{Binary, Graph, Node, Operator, Value};

/// Returns the parameters of each node that no node before it uses.
pub fn parameters(graph: &Graph) -> Vec<u64> {
    let mut counted = HashSet::new();
    let of_node = |node: &Node| -> u64 {
        let constants = node.inputs.iter().enumerate().filter(|(index, id)| {
            is_parameter(&node.operator, *index, graph.value(**id)) && counted.insert(**id)
        });
        constants.map(|(_, id)| weights(&node.operator, graph.value(*id))).sum()
    };
    graph.nodes.iter().map(of_node).collect()
}

/// Returns how many of a parameter's numbers are weights. A class token is there once for each image.
fn weights(operator: &Operator, value: &Value) -> u64 {
    let images = match operator {
        Operator::Concat { .. } => value.shape[0].max(1),
        _ => 1,
    };
    (value.elements() / images) as u64
}

fn is_parameter(operator: &Operator, index: usize, value: &Value) -> bool {
    if value.constant.is_none() {
        return false;
    }
    // Weights of eight bits are made floats where they are read.
    if *operator == Operator::DequantizeLinear {
        return index == 0;
    }
    if !value.element.is_float() {
        return false;
    }
    match operator {
        Operator::Conv(_)
        | Operator::ConvTranspose { .. }
        | Operator::Gemm { .. }
        | Operator::MatMul
        | Operator::LayerNormalization { .. }
        | Operator::PRelu => true,
        // Mean and variance are statistics; scale and bias come before them.
        Operator::BatchNormalization { .. } => index <= 2,
        Operator::Gather { .. } => index == 0,
        // One token before others: a class token. Other constants that are joined are grids, anchors and zeros.
        Operator::Concat { axis: 1 } => matches!(value.shape[..], [_, 1, _]),
        Operator::Binary(Binary::Mul | Binary::Add | Binary::Sub | Binary::Div) => {
            value.elements() > 1
        }
        _ => false,
    }
}
