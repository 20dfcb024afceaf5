//! MobileNetV2: inverted residuals with linear bottlenecks, the depthwise bottleneck pattern as a
//! network.
//!
//! Source: Sandler et al. 2018, arXiv:1801.04381, table 2. Departure: none.

use burn::module::Module;
use burn::tensor::{Tensor, backend::Backend};

use super::{Family, Variant};
use crate::block::{Activation::Relu6, BlockShape, Classifier, ConvNormAct, Convolution};
use crate::pattern::Block;
use crate::pattern::depthwise_bottleneck::DepthwiseBottleneck;
use crate::weights::Weights;
use crate::{ArchitectureError, BuiltNetwork, Network};

/// Channels of the stem, of each stage and of the head.
pub(crate) struct Facts {
    stem: usize,
    /// Expansion, output channels, repeats, first stride.
    stages: [(usize, usize, usize, usize); 7],
    head: usize,
}

/// The variants.
pub(crate) const FAMILY: Family<Facts> = Family {
    source: "Sandler et al. 2018, arXiv:1801.04381, table 2",
    variants: &[Variant {
        name: "mobilenet-v2",
        parameters: 3_504_872,
        facts: Facts {
            stem: 32,
            stages: [
                (1, 16, 1, 1),
                (6, 24, 2, 2),
                (6, 32, 3, 2),
                (6, 64, 4, 2),
                (6, 96, 3, 1),
                (6, 160, 3, 2),
                (6, 320, 1, 1),
            ],
            head: 1280,
        },
    }],
};

/// Stem, blocks, 1×1 convolution, classifier.
#[derive(Module, Debug)]
pub(crate) struct MobileNetV2<B: Backend> {
    stem: ConvNormAct<B>,
    blocks: Vec<DepthwiseBottleneck<B>>,
    head: ConvNormAct<B>,
    classifier: Classifier<B>,
}

/// Returns the network of a variant with its weights.
///
/// # Errors
/// A parameter has no distribution.
pub(crate) fn build<B: Backend>(
    facts: &Facts,
    weights: Weights<'_, B>,
) -> Result<Box<dyn BuiltNetwork<B>>, ArchitectureError> {
    let network = MobileNetV2::new(facts, weights.device());
    weights.fill_boxed(network)
}

impl<B: Backend> MobileNetV2<B> {
    /// Returns the network, its weights still to be filled.
    fn new(facts: &Facts, device: &B::Device) -> Self {
        let mut channels_in = facts.stem;
        let mut blocks = Vec::new();
        for (expansion, channels_out, repeats, first_stride) in facts.stages {
            for repeat in 0..repeats {
                let stride = if repeat == 0 { first_stride } else { 1 };
                let shape = BlockShape { channels_in, channels_out, stride };
                blocks.push(DepthwiseBottleneck::with_expansion(expansion, shape, device));
                channels_in = channels_out;
            }
        }
        let stem = Convolution::new(3, 3, facts.stem).stride(2);
        let head = Convolution::new(1, channels_in, facts.head);
        Self {
            stem: ConvNormAct::new(stem, Relu6, device),
            blocks,
            head: ConvNormAct::new(head, Relu6, device),
            classifier: Classifier::new(facts.head, device),
        }
    }
}

impl<B: Backend> Network<B> for MobileNetV2<B> {
    fn forward(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        let stem = self.stem.forward(images);
        let features = self.blocks.iter().fold(stem, |features, block| block.forward(features));
        self.classifier.forward(self.head.forward(features))
    }
}

#[cfg(test)]
mod tests {
    use burn_flex::Flex;

    use super::*;
    use crate::probe;

    #[test]
    fn output_is_batch_by_classes() {
        probe::assert_output_shape(&probe::network("mobilenet-v2"));
    }

    #[test]
    fn parameters_match_the_reference() {
        // torchvision 0.24.
        let facts = FAMILY.find("mobilenet-v2").unwrap();
        let network = MobileNetV2::<Flex>::new(facts, &Default::default());
        assert_eq!(probe::parameters(&network), 3_504_872);
    }
}
