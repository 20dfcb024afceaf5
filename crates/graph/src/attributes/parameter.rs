use std::collections::HashSet;

use crate::{Binary, Graph, Node, Operator, Value};

/// Returns the parameters of each node that no node before it uses.
pub fn parameters(graph: &Graph) -> Vec<u64> {
    let mut counted = HashSet::new();
    let of_node = |node: &Node| -> u64 {
        let constants = node.inputs.iter().enumerate().filter(|(index, id)| {
            is_parameter(&node.operator, *index, graph.value(**id)) && counted.insert(**id)
        });
        constants.map(|(_, id)| graph.value(*id).elements() as u64).sum()
    };
    graph.nodes.iter().map(of_node).collect()
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
        Operator::Binary(Binary::Mul | Binary::Add | Binary::Sub | Binary::Div) => {
            value.elements() > 1
        }
        _ => false,
    }
}
