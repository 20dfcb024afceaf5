use burn::module::Module;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::PadMode;
use burn::tensor::{Tensor, backend::Backend};

use super::{Activation, ConvNormAct, Convolution};

/// The first layers of ResNet: 7×7 convolution of stride 2, norm, ReLU, 3×3 max-pool of stride 2.
#[derive(Module, Debug)]
pub(crate) struct Stem<B: Backend> {
    layer: ConvNormAct<B>,
}

impl<B: Backend> Stem<B> {
    /// Returns the stem, its weights still to be filled.
    pub(crate) fn new(channels_out: usize, device: &B::Device) -> Self {
        let conv = Convolution::new(7, 3, channels_out).stride(2);
        Self { layer: ConvNormAct::new(conv, Activation::Relu, device) }
    }

    /// Returns the first features.
    ///
    /// The pool's padding is an operation of its own since not every backend's pooling takes one;
    /// zero is as good as minus infinity, for nothing is negative after ReLU.
    ///
    /// # Shapes
    /// - `images`: `[batch, 3, height, width]`
    /// - returns: `[batch, channels_out, height / 4, width / 4]`, rounded up
    pub(crate) fn forward(&self, images: Tensor<B, 4>) -> Tensor<B, 4> {
        let features = self.layer.forward(images).pad((1, 1, 1, 1), PadMode::Constant(0.0));
        max_pool2d(features, [3, 3], [2, 2], [0, 0], [1, 1], false)
    }
}
