use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Tensor, backend::Backend};

/// A learned factor of each channel.
#[derive(Module, Debug)]
pub(crate) struct Scale<B: Backend> {
    factor: Param<Tensor<B, 1>>,
}

impl<B: Backend> Scale<B> {
    /// Returns the layer, its factors still to be filled.
    pub(crate) fn new(channels: usize, device: &B::Device) -> Self {
        Self { factor: Initializer::Ones.init([channels], device) }
    }

    /// Returns the scaled features.
    ///
    /// # Shapes
    /// - `input`: `[batch, channels, height, width]`
    /// - returns: the same
    pub(crate) fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        let [_, channels, _, _] = input.dims();
        input * self.factor.val().reshape([1, channels, 1, 1])
    }
}
