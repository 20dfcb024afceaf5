use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::{Tensor, TensorData, backend::Backend};

use super::{Activation, Convolution};

/// What multiplies the gamma of a branch's last norm.
///
/// This scale and the next are powers of two: the product is exact, on every backend the same.
const BRANCH_END_SCALE: f32 = 0.25;

/// What multiplies the drawn weights of a convolution near identity.
const NEAR_IDENTITY_SCALE: f32 = 0.25;
/// What such a convolution passes on of each pixel: as much as keeps the second moment.
const NEAR_IDENTITY_CENTRE: f32 = 0.9375;

/// Convolution, batch normalisation, activation.
#[derive(Module, Debug)]
pub(crate) struct ConvNormAct<B: Backend> {
    conv: Conv2d<B>,
    norm: BatchNorm<B>,
    activation: Activation,
}

impl<B: Backend> ConvNormAct<B> {
    /// Returns the layers, their weights still to be filled.
    pub(crate) fn new(conv: Convolution, activation: Activation, device: &B::Device) -> Self {
        Self {
            conv: conv.init(device),
            norm: BatchNormConfig::new(conv.channels_out()).init(device),
            activation,
        }
    }

    /// Returns a linear layer at the end of a branch that is added to a shortcut.
    ///
    /// Filling its weights scales gamma down: as large as its shortcut, a branch would double the
    /// variance at every block, and deep networks would overflow.
    pub(crate) fn branch_end(conv: Convolution, device: &B::Device) -> Self {
        let mut layer = Self::new(conv, Activation::Identity, device);
        layer.norm.gamma = layer.norm.gamma.load_mapper(|gamma| gamma * BRANCH_END_SCALE);
        layer
    }

    /// Returns layers that pass on most of their input, for deep networks without shortcuts.
    ///
    /// Filling their weights adds the identity to a small convolution (Zagoruyko and Komodakis
    /// 2017, arXiv:1706.00388): after dozens of independent convolutions with padding, all images
    /// would have the same logits.
    pub(crate) fn near_identity(
        conv: Convolution,
        activation: Activation,
        device: &B::Device,
    ) -> Self {
        let mut layer = Self::new(conv, activation, device);
        layer.conv.weight = layer.conv.weight.load_mapper(|weight| {
            let centres = centres(weight.dims(), NEAR_IDENTITY_CENTRE);
            let centres = Tensor::from_data(centres, &weight.device());
            weight * NEAR_IDENTITY_SCALE + centres
        });
        layer
    }

    /// Returns the activated features.
    ///
    /// # Shapes
    /// - `input`: `[batch, channels_in, height, width]`
    /// - returns: `[batch, channels_out, height / stride, width / stride]`, rounded up
    pub(crate) fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        self.activation.forward(self.norm.forward(self.conv.forward(input)))
    }
}

/// Returns a kernel that multiplies each channel by `value`.
fn centres(
    shape @ [channels_out, channels_in, height, width]: [usize; 4],
    value: f32,
) -> TensorData {
    let kernel = height * width;
    let mut values = vec![0.0; channels_out * channels_in * kernel];
    for channel in 0..channels_out.min(channels_in) {
        values[(channel * channels_in + channel) * kernel + kernel / 2] = value;
    }
    TensorData::new(values, shape)
}
