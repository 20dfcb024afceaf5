//! What each operator of a file becomes: a file of rules for each family.
//!
//! A rule reads attributes and constant inputs, of whichever opset, and states the shape of what
//! comes out.

mod convolution;
mod element_wise;
mod known;
mod normalization;
mod padding;
mod picking;
mod pooling;
mod product;
mod quantizing;
mod reduction;
mod resizing;
mod shaping;
mod window;

use super::numbers::Constant;
use super::source::Source;
use crate::{Element, Operator, ReadError, ValueId};

/// What one output of a node becomes.
pub(super) enum Becomes {
    /// A value that is there already.
    Same(ValueId),
    /// A constant.
    Known(Constant),
    /// A node.
    Computed(Computed),
}

/// A node without its name.
pub(super) struct Computed {
    /// What it computes.
    pub operator: Operator,
    /// What it reads.
    pub inputs: Vec<ValueId>,
    /// Shape of what it writes.
    pub shape: Vec<usize>,
    /// Elements of what it writes.
    pub element: Element,
}

/// What a rule finds.
type Ruled = Result<Becomes, ReadError>;

/// Returns what each output of a node becomes; outputs behind them cannot be read.
///
/// # Errors
/// There is no rule for the operator, or none for this form of it.
pub(super) fn outputs(source: &Source<'_>) -> Result<Vec<Becomes>, ReadError> {
    if source.kind() == "Split" {
        return picking::split(source);
    }
    output(source).map(|output| vec![output])
}

fn output(source: &Source<'_>) -> Ruled {
    match source.kind() {
        "Constant" => known::constant(source),
        "ConstantOfShape" => known::constant_of_shape(source),
        "Shape" => known::shape(source),
        "Range" => known::range(source),
        "Mod" => known::remainder(source),
        "Identity" => source.id(0).map(Becomes::Same),
        "Dropout" => known::dropout(source),
        "Conv" => convolution::convolution(source),
        "ConvTranspose" => convolution::transposed(source),
        "MaxPool" => pooling::maximum(source),
        "AveragePool" => pooling::mean(source),
        "GlobalAveragePool" => pooling::global_mean(source),
        "BatchNormalization" => normalization::batch(source),
        "LayerNormalization" => normalization::layer(source),
        "Softmax" => normalization::softmax(source),
        "Gemm" => product::gemm(source),
        "MatMul" => product::mat_mul(source),
        "Clip" => element_wise::clip(source),
        "HardSigmoid" => element_wise::hard_sigmoid(source),
        "LeakyRelu" => element_wise::leaky_relu(source),
        "PRelu" => element_wise::prelu(source),
        "QuantizeLinear" => quantizing::quantize(source),
        "DequantizeLinear" => quantizing::dequantize(source),
        "ArgMax" => reduction::largest(source),
        "ArgMin" => reduction::smallest(source),
        "LRN" => normalization::local_response(source),
        "GlobalMaxPool" => pooling::global_maximum(source),
        "Where" => element_wise::select(source),
        "Cast" => element_wise::cast(source),
        "Concat" => picking::concat(source),
        "Slice" => picking::slice(source),
        "Gather" => picking::gather(source),
        "Pad" => padding::pad(source),
        "Resize" => resizing::resize(source),
        "Upsample" => resizing::upsample(source),
        "Reshape" => shaping::reshape(source),
        "Flatten" => shaping::flatten(source),
        "Squeeze" => shaping::squeeze(source),
        "Unsqueeze" => shaping::unsqueeze(source),
        "Transpose" => shaping::transpose(source),
        "Expand" => shaping::expand(source),
        _ => reduction::reduce(source)
            .or_else(|| element_wise::function(source))
            .unwrap_or_else(|| Err(source.unknown())),
    }
}

/// Returns a node that writes what the first value that it reads holds.
fn computed(
    source: &Source<'_>,
    operator: Operator,
    inputs: Vec<ValueId>,
    shape: Vec<usize>,
) -> Ruled {
    let element = source.element()?;
    Ok(Becomes::Computed(Computed { operator, inputs, shape, element }))
}

/// Returns a node that reads one value and writes the same elements in number and kind.
fn same_shape(source: &Source<'_>, operator: Operator) -> Ruled {
    computed(source, operator, vec![source.id(0)?], source.shape(0)?.to_vec())
}
