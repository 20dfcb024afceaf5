//! Residual: two 3×3 convolutions, added to a shortcut.
//!
//! Source: He et al. 2015, arXiv:1512.03385, figure 5 left, shortcut option B. Departure: none.

use burn::module::Module;
use burn::tensor::activation::relu;
use burn::tensor::{Tensor, backend::Backend};

use super::{Block, Pattern};
use crate::block::{Activation::Relu, BlockShape, ConvNormAct, Convolution, Shortcut};

/// The registry's row.
pub(crate) const PATTERN: Pattern =
    Pattern { name: "residual", source: "He et al. 2015, arXiv:1512.03385, figure 5 left" };

/// Two convolutions and a shortcut.
#[derive(Module, Debug)]
pub(crate) struct Residual<B: Backend> {
    first: ConvNormAct<B>,
    last: ConvNormAct<B>,
    shortcut: Shortcut<B>,
}

impl<B: Backend> Block<B> for Residual<B> {
    fn new(shape: BlockShape, device: &B::Device) -> Self {
        let BlockShape { channels_in, channels_out, stride } = shape;
        let first = Convolution::new(3, channels_in, channels_out).stride(stride);
        let last = Convolution::new(3, channels_out, channels_out);
        Self {
            first: ConvNormAct::new(first, Relu, device),
            last: ConvNormAct::branch_end(last, device),
            shortcut: Shortcut::new(shape, device),
        }
    }

    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        let branch = self.last.forward(self.first.forward(input.clone()));
        relu(branch + self.shortcut.forward(input))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe;

    #[test]
    fn output_is_batch_by_classes() {
        probe::assert_output_shape(&probe::pattern("residual", 4, 8));
    }

    #[test]
    fn parameters_match_the_closed_form() {
        // As plain, 140400, and projections of i·o + 2·o where the stride is 2:
        //   8 → 16: 160; 16 → 32: 576; 32 → 64: 2176.
        let expected = 140_400 + 160 + 576 + 2176;
        assert_eq!(probe::parameters(&probe::stack::<Residual<_>>(4, 8)), expected);
    }

    #[test]
    fn eight_blocks_of_width_64_are_resnet18() {
        assert_eq!(probe::parameters(&probe::stack::<Residual<_>>(8, 64)), 11_689_512);
    }
}
