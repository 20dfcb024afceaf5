//! Plain: two 3×3 convolutions, no shortcut.
//!
//! Source: the plain network of He et al. 2015, arXiv:1512.03385, figure 3, after Simonyan and
//! Zisserman 2014, arXiv:1409.1556. Departure: normalised, as in the former.

use burn::module::Module;
use burn::tensor::{Tensor, backend::Backend};

use super::{Block, Pattern};
use crate::block::{Activation::Relu, BlockShape, ConvNormAct, Convolution};

/// The registry's row.
pub(crate) const PATTERN: Pattern =
    Pattern { name: "plain", source: "He et al. 2015, arXiv:1512.03385, figure 3" };

/// Two convolutions.
#[derive(Module, Debug)]
pub(crate) struct Plain<B: Backend> {
    first: ConvNormAct<B>,
    last: ConvNormAct<B>,
}

impl<B: Backend> Block<B> for Plain<B> {
    fn new(shape: BlockShape, device: &B::Device) -> Self {
        let BlockShape { channels_in, channels_out, stride } = shape;
        let first = Convolution::new(3, channels_in, channels_out).stride(stride);
        let last = Convolution::new(3, channels_out, channels_out);
        Self {
            first: match shape.keeps_shape() {
                true => ConvNormAct::near_identity(first, Relu, device),
                false => ConvNormAct::new(first, Relu, device),
            },
            last: ConvNormAct::near_identity(last, Relu, device),
        }
    }

    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        self.last.forward(self.first.forward(input))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe;

    #[test]
    fn output_is_batch_by_classes() {
        probe::assert_output_shape(&probe::pattern("plain", 4, 8));
    }

    #[test]
    fn parameters_match_the_closed_form() {
        // A k×k convolution from i to o channels with its norm has k²·i·o + 2·o parameters.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks, 9·i·o + 2·o + 9·o² + 2·o:
        //   8 → 8: 1184; 8 → 16: 3520; 16 → 32: 13952; 32 → 64: 55552.
        let expected = 1192 + 65_000 + 1184 + 3520 + 13_952 + 55_552;
        assert_eq!(probe::parameters(&probe::stack::<Plain<_>>(4, 8)), expected);
    }
}
