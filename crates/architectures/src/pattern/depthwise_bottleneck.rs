//! Depthwise bottleneck: 1×1 to six times the channels, depthwise 3×3, linear 1×1 back, added to
//! the input where the shape stays.
//!
//! Source: Sandler et al. 2018, arXiv:1801.04381, table 1 and figure 4d. Departure: none.

use burn::module::Module;
use burn::tensor::{Tensor, backend::Backend};

use super::{Block, Pattern};
use crate::block::{
    Activation::{Identity, Relu6},
    BlockShape, ConvNormAct, Convolution,
};

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "depthwise-bottleneck",
    source: "Sandler et al. 2018, arXiv:1801.04381, table 1",
};

/// Hidden channels for each channel in.
const EXPANSION: usize = 6;

/// An inverted residual with a linear bottleneck.
#[derive(Module, Debug)]
pub(crate) struct DepthwiseBottleneck<B: Backend> {
    expand: Option<ConvNormAct<B>>,
    depthwise: ConvNormAct<B>,
    project: ConvNormAct<B>,
    shortcut: bool,
}

impl<B: Backend> DepthwiseBottleneck<B> {
    /// Returns the block with an expansion of its own; 1 leaves the first convolution out.
    pub(crate) fn with_expansion(expansion: usize, shape: BlockShape, device: &B::Device) -> Self {
        let BlockShape { channels_in, channels_out, stride } = shape;
        let hidden = channels_in * expansion;
        let expand = Convolution::new(1, channels_in, hidden);
        let depthwise = Convolution::depthwise(3, hidden).stride(stride);
        let project = Convolution::new(1, hidden, channels_out);
        let shortcut = shape.keeps_shape();
        Self {
            expand: (expansion > 1).then(|| ConvNormAct::new(expand, Relu6, device)),
            depthwise: ConvNormAct::new(depthwise, Relu6, device),
            project: match shortcut {
                true => ConvNormAct::branch_end(project, device),
                false => ConvNormAct::new(project, Identity, device),
            },
            shortcut,
        }
    }
}

impl<B: Backend> Block<B> for DepthwiseBottleneck<B> {
    fn new(shape: BlockShape, device: &B::Device) -> Self {
        Self::with_expansion(EXPANSION, shape, device)
    }

    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4> {
        let shortcut = self.shortcut.then(|| input.clone());
        let hidden = match &self.expand {
            Some(expand) => expand.forward(input),
            None => input,
        };
        let branch = self.project.forward(self.depthwise.forward(hidden));
        match shortcut {
            Some(shortcut) => branch + shortcut,
            None => branch,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe;

    #[test]
    fn output_is_batch_by_classes() {
        probe::assert_output_shape(&probe::pattern("depthwise-bottleneck", 4, 8));
    }

    #[test]
    fn parameters_match_the_closed_form() {
        // A k×k convolution from i to o channels with its norm has k²·i·o + 2·o parameters.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks with h = 6·i, (i·h + 2·h) + (9·h + 2·h) + (h·o + 2·o):
        //   8 → 8: 480 + 528 + 400; 8 → 16: 480 + 528 + 800;
        //   16 → 32: 1728 + 1056 + 3136; 32 → 64: 6528 + 2112 + 12416.
        let expected = 1192 + 65_000 + 1408 + 1808 + 5920 + 21_056;
        assert_eq!(probe::parameters(&probe::stack::<DepthwiseBottleneck<_>>(4, 8)), expected);
    }
}
