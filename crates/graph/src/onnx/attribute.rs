use super::schema::{AttributeProto, AttributeType};
use super::tensor::{data_type, dims};
use super::window;
use crate::{
    ConvolutionOperator, Graph, Interpolation, Node, OnnxError, Operator, OperatorPadding,
    PoolOperator, Reduction,
};

/// Returns the attributes of a node.
///
/// # Errors
/// If its pooling windows have no ONNX form.
pub fn attributes(graph: &Graph, node: &Node) -> Result<Vec<AttributeProto>, OnnxError> {
    Ok(match &node.operator {
        Operator::MaxPool(pool) => {
            let windows = window::maximum(graph, node, pool)?;
            [pooling(pool, windows), vec![pair("dilations", pool.dilation)]].concat()
        }
        Operator::AveragePool { pool, count_include_pad } => {
            let (windows, counts) = window::mean(graph, node, pool, *count_include_pad)?;
            [pooling(pool, windows), vec![flag("count_include_pad", counts)]].concat()
        }
        Operator::Cast => {
            vec![int("to", i64::from(i32::from(data_type(graph.value(node.output).element))))]
        }
        operator => settings(operator),
    })
}

/// Attributes that follow from the operator alone.
fn settings(operator: &Operator) -> Vec<AttributeProto> {
    match operator {
        Operator::Conv(convolution) => convolving(convolution),
        Operator::ConvTranspose { convolution, output_padding } => {
            [convolving(convolution), vec![pair("output_padding", *output_padding)]].concat()
        }
        Operator::BatchNormalization { epsilon } => vec![float("epsilon", *epsilon)],
        Operator::LayerNormalization { axis, epsilon } => {
            vec![int("axis", *axis as i64), float("epsilon", *epsilon)]
        }
        Operator::Gemm { transpose_b } => vec![flag("transB", *transpose_b)],
        Operator::HardSigmoid { alpha, beta } => vec![float("alpha", *alpha), float("beta", *beta)],
        Operator::LeakyRelu { alpha } => vec![float("alpha", *alpha)],
        Operator::ArgMax { axis, keep_dims } | Operator::ArgMin { axis, keep_dims } => {
            vec![int("axis", *axis as i64), flag("keepdims", *keep_dims)]
        }
        Operator::Lrn { size, alpha, beta, bias } => vec![
            int("size", *size as i64),
            float("alpha", *alpha),
            float("beta", *beta),
            float("bias", *bias),
        ],
        Operator::Softmax { axis } | Operator::Concat { axis } | Operator::Gather { axis } => {
            vec![int("axis", *axis as i64)]
        }
        Operator::Reduce { reduction, axes, keep_dims } => reducing(*reduction, axes, *keep_dims),
        Operator::Pad { .. } => vec![text("mode", "constant")],
        Operator::Transpose { permutation } => vec![ints("perm", dims(permutation))],
        Operator::Resize { mode, align_corners } => resizing(*mode, *align_corners),
        _ => Vec::new(),
    }
}

fn convolving(convolution: &ConvolutionOperator) -> Vec<AttributeProto> {
    vec![
        pair("kernel_shape", convolution.kernel),
        pair("strides", convolution.stride),
        pads(convolution.padding),
        pair("dilations", convolution.dilation),
        int("group", convolution.groups as i64),
    ]
}

fn pooling(pool: &PoolOperator, padding: OperatorPadding) -> Vec<AttributeProto> {
    vec![pair("kernel_shape", pool.kernel), pair("strides", pool.stride), pads(padding)]
}

/// `ReduceSum` alone takes its axes as an input.
fn reducing(reduction: Reduction, axes: &[usize], keep_dims: bool) -> Vec<AttributeProto> {
    match reduction {
        Reduction::Sum => vec![flag("keepdims", keep_dims)],
        _ => vec![ints("axes", dims(axes)), flag("keepdims", keep_dims)],
    }
}

/// Burn takes the nearest pixel to the left of and above `index · in / out`, whatever the corners.
fn resizing(mode: Interpolation, align_corners: bool) -> Vec<AttributeProto> {
    let coordinates = if align_corners { "align_corners" } else { "half_pixel" };
    let (mode, coordinates) = match mode {
        Interpolation::Nearest => ("nearest", "asymmetric"),
        Interpolation::Linear => ("linear", coordinates),
        Interpolation::Cubic => ("cubic", coordinates),
    };
    let attributes = [text("mode", mode), text("coordinate_transformation_mode", coordinates)];
    let of_mode = match mode {
        "nearest" => Some(text("nearest_mode", "floor")),
        "cubic" => Some(float("cubic_coeff_a", -0.75)),
        _ => None,
    };
    attributes.into_iter().chain(of_mode).collect()
}

fn pads(padding: OperatorPadding) -> AttributeProto {
    ints("pads", dims(&[padding.top, padding.left, padding.bottom, padding.right]))
}

fn pair(name: &str, numbers: [usize; 2]) -> AttributeProto {
    ints(name, dims(&numbers))
}

fn flag(name: &str, value: bool) -> AttributeProto {
    int(name, i64::from(value))
}

fn int(name: &str, value: i64) -> AttributeProto {
    AttributeProto { i: Some(value), ..attribute(name, AttributeType::Int) }
}

fn ints(name: &str, values: Vec<i64>) -> AttributeProto {
    AttributeProto { ints: values, ..attribute(name, AttributeType::Ints) }
}

fn float(name: &str, value: f32) -> AttributeProto {
    AttributeProto { f: Some(value), ..attribute(name, AttributeType::Float) }
}

fn text(name: &str, value: &'static str) -> AttributeProto {
    AttributeProto { s: Some(value.into()), ..attribute(name, AttributeType::String) }
}

fn attribute(name: &str, kind: AttributeType) -> AttributeProto {
    let (name, r#type) = (Some(name.to_owned()), Some(kind.into()));
    AttributeProto { name, r#type, ..AttributeProto::default() }
}
