//! What a graph costs: parameters, multiply-accumulates, operations, bytes.
//!
//! # MACs
//! Those of `Conv`, `ConvTranspose`, `Gemm` and `MatMul`, as tables of networks have them (He et al.
//! 2015, arXiv:1512.03385, table 1, whose "FLOPs" these are). A convolution has one for each element
//! of its output and of one filter, `n · c_out · h · w · c_in / groups · k_h · k_w`. MACs that fall
//! on padding are included. A transposed convolution counts the elements of its input instead of
//! its output. A convolution is depthwise if it has more than one channel and as many groups as
//! channels (Howard et al. 2017, arXiv:1704.04861), pointwise if it is 1×1 in one group, else
//! dense. Products of matrices are in the sum alone.
//!
//! # FLOPs
//! Additions, multiplications, divisions, comparisons and square roots of floats count one each, and
//! so does each `exp`, `log`, `sin`, `cos`, `erf` and `tanh`, however long it takes: a MAC is two, a
//! bias one for each element. `BatchNormalization` is two for each element, the scale and the shift
//! that it folds to. What only moves or selects data has none. `arithmetic.rs` has the table.
//!
//! # Bytes
//! Each operator reads each of its inputs once and writes its output; nothing stays in a cache from
//! one operator to the next. `Slice` and `Gather` read the elements that they pick. `Reshape` is a
//! view: it moves nothing. Constants that settings become in an ONNX file do not count.
//!
//! # Parameters
//! Elements of the float constants of `Conv`, `ConvTranspose`, `Gemm`, `MatMul`,
//! `LayerNormalization` and `PRelu`. Also those of the scale and bias of `BatchNormalization`, of
//! the data of `Gather`, of a single token that `Concat` joins to others (once for all images), and of constants
//! of `Mul`, `Add`, `Sub` and `Div` with more than one element.
//! Each constant counts once, for the first operator that reads it.
//!
//! # Memory
//! An activation is alive from the operator that writes it to the last that reads it. The graph's
//! inputs are alive from the start, its outputs to the end. No operator works in place; a `Reshape`
//! shares its input's buffer. Constants are not activations.

mod arithmetic;
mod class;
mod detail;
mod layer;
mod liveness;
mod parameter;
mod path;

use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::{Attributes, Inspection, Layer, OperatorClass};

use crate::{Graph, Node, Operator, ValueId};

/// Returns what a graph costs, in total and operator by operator in the order of execution.
pub fn inspect(graph: &Graph) -> Inspection {
    let parameters = parameter::parameters(graph);
    let written: BTreeMap<ValueId, usize> =
        graph.nodes.iter().enumerate().map(|(at, node)| (node.output, at)).collect();
    let sources = |node: &Node| {
        let sources: BTreeSet<usize> =
            node.inputs.iter().filter_map(|id| written.get(id).copied()).collect();
        sources.into_iter().collect()
    };
    let layers: Vec<Layer> = graph
        .nodes
        .iter()
        .zip(parameters)
        .map(|(node, parameters)| {
            let sources = sources(node);
            Layer { parameters, sources, ..layer::layer(graph, node) }
        })
        .collect();
    Inspection { attributes: total(graph, &layers), layers }
}

fn total(graph: &Graph, layers: &[Layer]) -> Attributes {
    let sum = |count: fn(&Layer) -> u64| layers.iter().map(count).sum();
    let macs_of =
        |class| layers.iter().filter(|layer| layer.class == class).map(|layer| layer.macs).sum();
    let mut attributes = Attributes {
        parameters: sum(|layer| layer.parameters),
        macs: sum(|layer| layer.macs),
        depthwise_macs: macs_of(OperatorClass::DepthwiseConvolution),
        pointwise_macs: macs_of(OperatorClass::PointwiseConvolution),
        dense_macs: macs_of(OperatorClass::DenseConvolution),
        flops: sum(|layer| layer.flops),
        bytes_read: sum(|layer| layer.bytes_read),
        bytes_written: sum(|layer| layer.bytes_written),
        weight_bytes: graph.weight_bytes(),
        peak_activation_bytes: liveness::peak_bytes(graph),
        largest_working_set_bytes: layers.iter().map(Layer::working_set_bytes).max().unwrap_or(0),
        operators: layers.len() as u64,
        longest_path: path::longest(graph),
        ..Attributes::default()
    };
    for node in &graph.nodes {
        if let Operator::Other { kind } = &node.operator {
            *attributes.uncounted.entry(kind.clone()).or_default() += 1;
        }
    }
    for layer in layers {
        *attributes.operator_mix.entry(layer.kind.clone()).or_default() += 1;
    }
    attributes
}
