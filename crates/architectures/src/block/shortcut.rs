use burn::module::Module;
use burn::tensor::{Tensor, backend::Backend};

use super::{Activation, BlockShape, ConvNormAct, Convolution};

/// What a residual branch is added to: the input, or its 1×1 projection where the shape changes.
#[derive(Module, Debug)]
pub(crate) struct Shortcut<B: Backend> {
    projection: Option<ConvNormAct<B>>,
}

impl<B: Backend> Shortcut<B> {
    /// Returns the shortcut around a block, its weights still to be filled.
    pub(crate) fn new(shape: BlockShape, device: &B::Device) -> Self {
        let conv = Convolution::new(1, shape.channels_in, shape.channels_out).stride(shape.stride);
        let project = || ConvNormAct::new(conv, Activation::Identity, device);
        Self { projection: (!shape.keeps_shape()).then(project) }
    }

    /// Returns features of the shape of the block's output.
    ///
    /// # Shapes
    /// - `input`: `[batch, channels_in, height, width]`
    /// - returns: `[batch, channels_out, height / stride, width / stride]`, rounded up
    pub(crate) fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        match &self.projection {
            Some(projection) => projection.forward(input),
            None => input,
        }
    }
}
