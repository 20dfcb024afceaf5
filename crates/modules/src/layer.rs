use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig, PaddingConfig2d,
};
use burn::tensor::backend::Backend;
use formbench_blueprint::{ConvolutionLayer, Operation, Padding};

use crate::scale::Scale;
use crate::token::{ClassToken, Positions};

/// A layer with weights.
#[derive(Module, Debug)]
pub(crate) enum Layer<B: Backend> {
    Convolution(Conv2d<B>),
    BatchNorm(BatchNorm<B>),
    LayerNorm(LayerNorm<B>),
    Linear(Linear<B>),
    Scale(Scale<B>),
    ClassToken(ClassToken<B>),
    Positions(Positions<B>),
}

impl<B: Backend> Layer<B> {
    /// Returns the layer of an operation, its weights still to be filled; one without weights has
    /// none.
    pub(crate) fn of(operation: &Operation, device: &B::Device) -> Option<Self> {
        match operation {
            Operation::Convolution(layer) => Some(Self::Convolution(convolution(layer, device))),
            Operation::BatchNorm { channels, epsilon, .. } => {
                let config = BatchNormConfig::new(*channels).with_epsilon(*epsilon);
                Some(Self::BatchNorm(config.init(device)))
            }
            Operation::LayerNorm { channels, epsilon } => {
                let config = LayerNormConfig::new(*channels).with_epsilon(*epsilon);
                Some(Self::LayerNorm(config.init(device)))
            }
            Operation::Linear { inputs, outputs } => {
                Some(Self::Linear(LinearConfig::new(*inputs, *outputs).init(device)))
            }
            Operation::Scale { channels, .. } => Some(Self::Scale(Scale::new(*channels, device))),
            Operation::ClassToken { channels } => {
                Some(Self::ClassToken(ClassToken::new(*channels, device)))
            }
            Operation::Positions { channels, tokens } => {
                Some(Self::Positions(Positions::new(*tokens, *channels, device)))
            }
            Operation::Images
            | Operation::Activation(_)
            | Operation::Pool(_)
            | Operation::GlobalAverage
            | Operation::AdaptiveAverage { .. }
            | Operation::Flatten { .. }
            | Operation::Add
            | Operation::Multiply
            | Operation::Concatenate
            | Operation::Channels { .. }
            | Operation::Shuffle { .. }
            | Operation::Shift
            | Operation::Tokens
            | Operation::Planes
            | Operation::Attention { .. }
            | Operation::FirstToken => None,
        }
    }
}

/// Returns the padding that a convolution does not do itself: not every backend's convolutions take
/// one that differs from side to side.
pub(crate) fn outer_padding(layer: &ConvolutionLayer) -> Padding {
    let Padding { top, left, bottom, right } = layer.padding;
    let even = [left, bottom, right].iter().all(|side| *side == top);
    if even { Padding::default() } else { layer.padding }
}

fn convolution<B: Backend>(layer: &ConvolutionLayer, device: &B::Device) -> Conv2d<B> {
    let inner =
        if outer_padding(layer) == layer.padding { Padding::default() } else { layer.padding };
    let Padding { top, left, bottom, right } = inner;
    Conv2dConfig::new(layer.channels, layer.kernel)
        .with_stride([layer.stride; 2])
        .with_dilation([layer.dilation; 2])
        .with_groups(layer.groups)
        .with_padding(PaddingConfig2d::Explicit(top, left, bottom, right))
        .with_bias(layer.bias)
        .init(device)
}
