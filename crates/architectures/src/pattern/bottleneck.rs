//! Bottleneck: 1×1 to a quarter of the channels, 3×3, 1×1 back, added to a shortcut.
//!
//! Source: He et al. 2015, arXiv:1512.03385, figure 5 right. Departure: the stride is on the 3×3
//! convolution, as torchvision and Goyal et al. 2017, arXiv:1706.02677 have it ("v1.5").

use burn::module::Module;
use burn::tensor::activation::relu;
use burn::tensor::{Tensor, backend::Backend};

use super::{Block, Pattern};
use crate::block::{Activation::Relu, BlockShape, ConvNormAct, Convolution, Shortcut};

/// The registry's row.
pub(crate) const PATTERN: Pattern =
    Pattern { name: "bottleneck", source: "He et al. 2015, arXiv:1512.03385, figure 5 right" };

/// Output channels for each channel of the 3×3 convolution.
const REDUCTION: usize = 4;

/// Three convolutions and a shortcut.
#[derive(Module, Debug)]
pub(crate) struct Bottleneck<B: Backend> {
    reduce: ConvNormAct<B>,
    spatial: ConvNormAct<B>,
    expand: ConvNormAct<B>,
    shortcut: Shortcut<B>,
}

impl<B: Backend> Block<B> for Bottleneck<B> {
    /// Returns the block; a quarter of its output channels is rounded down, but is 1 at least.
    fn new(shape: BlockShape, device: &B::Device) -> Self {
        let BlockShape { channels_in, channels_out, stride } = shape;
        let inner = (channels_out / REDUCTION).max(1);
        let spatial = Convolution::new(3, inner, inner).stride(stride);
        Self {
            reduce: ConvNormAct::new(Convolution::new(1, channels_in, inner), Relu, device),
            spatial: ConvNormAct::new(spatial, Relu, device),
            expand: ConvNormAct::branch_end(Convolution::new(1, inner, channels_out), device),
            shortcut: Shortcut::new(shape, device),
        }
    }

    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        let inner = self.spatial.forward(self.reduce.forward(input.clone()));
        relu(self.expand.forward(inner) + self.shortcut.forward(input))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe;

    #[test]
    fn output_is_batch_by_classes() {
        probe::assert_output_shape(&probe::pattern("bottleneck", 4, 8));
    }

    #[test]
    fn parameters_match_the_closed_form() {
        // A k×k convolution from i to o channels with its norm has k²·i·o + 2·o parameters.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks with m = o / 4, (i·m + 2·m) + (9·m² + 2·m) + (m·o + 2·o) + shortcut (i·o + 2·o):
        //   8 → 8: 20 + 40 + 32; 8 → 16: 40 + 152 + 96 + 160;
        //   16 → 32: 144 + 592 + 320 + 576; 32 → 64: 544 + 2336 + 1152 + 2176.
        let expected = 1192 + 65_000 + 92 + 448 + 1632 + 6208;
        assert_eq!(probe::parameters(&probe::stack::<Bottleneck<_>>(4, 8)), expected);
    }

    #[test]
    fn the_inner_width_is_one_channel_at_least() {
        // Width 1, so that o = 1, 2, 4, 8 and m = 1, 1, 1, 2.
        // Stem: 147 + 2. Classifier: 8·1000 + 1000.
        //   1 → 1: 3 + 11 + 3; 1 → 2: 3 + 11 + 6 + 6;
        //   2 → 4: 4 + 11 + 12 + 16; 4 → 8: 12 + 40 + 32 + 48.
        let expected = 149 + 9000 + 17 + 26 + 43 + 132;
        assert_eq!(probe::parameters(&probe::stack::<Bottleneck<_>>(4, 1)), expected);
    }
}
