use burn::tensor::{Tensor, activation::relu, backend::Backend};

/// What follows a normalised convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    /// Nothing: a linear projection.
    Identity,
    /// `max(x, 0)`.
    Relu,
    /// `min(max(x, 0), 6)`.
    Relu6,
}

impl Activation {
    /// Returns the activated tensor, of the same shape.
    pub(crate) fn forward<B: Backend>(self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        match self {
            Self::Identity => input,
            Self::Relu => relu(input),
            Self::Relu6 => input.clamp(0.0, 6.0),
        }
    }
}
