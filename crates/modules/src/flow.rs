//! What each step makes of what flows into it.

use burn::tensor::{Tensor, backend::Backend};
use formbench_blueprint::Operation;

use crate::activation::activate;
use crate::layer::{Layer, outer_padding};
use crate::{pool, rearrange, token};

/// What flows between steps.
#[derive(Clone, Debug)]
pub(crate) enum Flow<B: Backend> {
    /// `[batch, channels, height, width]`
    Planes(Tensor<B, 4>),
    /// `[batch, tokens, channels]`: pixels one after the other, the channels of each together.
    Tokens(Tensor<B, 3>),
    /// `[batch, length]`
    Vectors(Tensor<B, 2>),
}

impl<B: Backend> Flow<B> {
    /// Returns features as planes; a vector's planes have one pixel, those of tokens are one pixel wide.
    pub(crate) fn planes(self) -> Tensor<B, 4> {
        match self {
            Self::Planes(planes) => planes,
            Self::Tokens(tokens) => {
                let [_, count, _] = tokens.dims();
                token::planes(tokens, [count, 1])
            }
            Self::Vectors(vectors) => {
                let [batch, length] = vectors.dims();
                vectors.reshape([batch, length, 1, 1])
            }
        }
    }

    /// Returns features as vectors, all pixels of a channel one after the other.
    pub(crate) fn vectors(self) -> Tensor<B, 2> {
        match self {
            Self::Vectors(vectors) => vectors,
            features => features.planes().flatten(1, 3),
        }
    }

    /// Returns features as tokens, one for each pixel.
    pub(crate) fn tokens(self) -> Tensor<B, 3> {
        match self {
            Self::Tokens(tokens) => tokens,
            features => token::tokens(features.planes()),
        }
    }

    /// Returns what a layer reads: its input with the padding that it does not do itself.
    pub(crate) fn padded(operation: &Operation, input: Self) -> Self {
        match operation {
            Operation::Convolution(layer) => {
                Self::Planes(pool::padded(input.planes(), outer_padding(layer), 0.0))
            }
            _ => input,
        }
    }

    /// Returns what a step without weights makes of one or more inputs.
    pub(crate) fn through(operation: &Operation, first: Self, others: Vec<Self>) -> Self {
        let input = match (operation, first) {
            (Operation::Activation(activation), Self::Vectors(vectors)) => {
                return Self::Vectors(activate(*activation, vectors));
            }
            (Operation::Activation(activation), Self::Tokens(tokens)) => {
                return Self::Tokens(activate(*activation, tokens));
            }
            (Operation::Add, Self::Tokens(tokens)) => {
                let others = others.into_iter().map(Self::tokens);
                return Self::Tokens(others.fold(tokens, |sum, other| sum + other));
            }
            (Operation::GlobalAverage, Self::Tokens(tokens)) => {
                return Self::Vectors(token::mean(tokens));
            }
            (Operation::Flatten { .. }, first) => return Self::Vectors(first.vectors()),
            (Operation::Tokens, first) => return Self::Tokens(first.tokens()),
            (Operation::Attention { heads }, first) => {
                return Self::Tokens(token::attention(first.tokens(), *heads));
            }
            (Operation::FirstToken, first) => return Self::Vectors(token::first(first.tokens())),
            (Operation::Planes, first) => {
                let like = others.into_iter().map(Self::planes).next_back();
                let [_, _, height, width] = like.map_or([1; 4], |like| like.dims());
                return Self::Planes(token::planes(first.tokens(), [height, width]));
            }
            (_, first) => first.planes(),
        };
        let others = others.into_iter().map(Self::planes);
        Self::Planes(match operation {
            Operation::Activation(activation) => activate(*activation, input),
            Operation::Pool(window) => pool::pool(window, input),
            Operation::GlobalAverage => global_average(input),
            Operation::AdaptiveAverage { size } => pool::adaptive_average(*size, input),
            Operation::Add => others.fold(input, |sum, other| sum + other),
            Operation::Multiply => others.fold(input, |product, other| product * other),
            Operation::Concatenate => Tensor::cat([vec![input], others.collect()].concat(), 1),
            Operation::Channels { start, end } => rearrange::channels(input, *start, *end),
            Operation::Shuffle { groups } => rearrange::shuffle(input, *groups),
            Operation::Shift => rearrange::shift(input),
            Operation::Images
            | Operation::Flatten { .. }
            | Operation::Tokens
            | Operation::Planes
            | Operation::ClassToken { .. }
            | Operation::Positions { .. }
            | Operation::Attention { .. }
            | Operation::FirstToken
            | Operation::Convolution(_)
            | Operation::BatchNorm { .. }
            | Operation::LayerNorm { .. }
            | Operation::Scale { .. }
            | Operation::Linear { .. } => unreachable!("{operation:?} is no step without weights"),
        })
    }
}

impl<B: Backend> Layer<B> {
    /// Returns what the layer makes of its input.
    pub(crate) fn forward(&self, input: Flow<B>) -> Flow<B> {
        match self {
            Self::Convolution(layer) => Flow::Planes(layer.forward(input.planes())),
            Self::BatchNorm(layer) => Flow::Planes(layer.forward(input.planes())),
            Self::LayerNorm(layer) => match input {
                Flow::Planes(planes) => {
                    let last = planes.permute([0, 2, 3, 1]);
                    Flow::Planes(layer.forward(last).permute([0, 3, 1, 2]))
                }
                Flow::Tokens(tokens) => Flow::Tokens(layer.forward(tokens)),
                Flow::Vectors(vectors) => Flow::Vectors(layer.forward(vectors)),
            },
            Self::Linear(layer) => match input {
                Flow::Tokens(tokens) => Flow::Tokens(layer.forward(tokens)),
                features => Flow::Vectors(layer.forward(features.vectors())),
            },
            Self::Scale(layer) => Flow::Planes(layer.forward(input.planes())),
            Self::ClassToken(layer) => Flow::Tokens(layer.forward(input.tokens())),
            Self::Positions(layer) => Flow::Tokens(layer.forward(input.tokens())),
        }
    }
}

/// Returns the mean of each plane.
///
/// # Shapes
/// - `input`: `[batch, channels, height, width]`
/// - returns: `[batch, channels, 1, 1]`
fn global_average<B: Backend>(input: Tensor<B, 4>) -> Tensor<B, 4> {
    let [batch, channels, _, _] = input.dims();
    input.flatten::<3>(2, 3).mean_dim(2).reshape([batch, channels, 1, 1])
}
