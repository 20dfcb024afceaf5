//! Stem, four stages of equal blocks, classifier: all that the patterns have in common.
//!
//! Source: He et al. 2015, arXiv:1512.03385, table 1, whose stem and stages these are.

use burn::module::{Module, ModuleDisplay};
use burn::tensor::{Tensor, backend::Backend};

use crate::Network;
use crate::block::{BlockShape, Classifier, Stem};

use super::Plan;

/// The one part in which patterns differ.
pub(crate) trait Block<B: Backend>: Module<B> + ModuleDisplay {
    /// Returns the block, its weights still to be filled.
    fn new(shape: BlockShape, device: &B::Device) -> Self;

    /// Returns the block's features.
    ///
    /// # Shapes
    /// - `input`: `[batch, channels_in, height, width]`
    /// - returns: `[batch, channels_out, height / stride, width / stride]`, rounded up
    fn forward(&self, input: Tensor<B, 4>) -> Tensor<B, 4>;
}

/// A network of equal blocks.
#[derive(Module, Debug)]
pub(crate) struct Stack<B: Backend, K: Module<B>> {
    stem: Stem<B>,
    stages: Vec<Vec<K>>,
    classifier: Classifier<B>,
}

impl<B: Backend, K: Block<B>> Stack<B, K> {
    /// Returns the network, its weights still to be filled.
    pub(crate) fn new(plan: &Plan, device: &B::Device) -> Self {
        let stage = |shapes: Vec<BlockShape>| {
            shapes.into_iter().map(|shape| K::new(shape, device)).collect()
        };
        Self {
            stem: Stem::new(plan.stem_channels, device),
            stages: plan.blocks().into_iter().map(stage).collect(),
            classifier: Classifier::new(plan.channels_out(), device),
        }
    }
}

impl<B: Backend, K: Block<B>> Network<B> for Stack<B, K> {
    fn forward(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        let features = self.stem.forward(images);
        let blocks = self.stages.iter().flatten();
        self.classifier.forward(blocks.fold(features, |features, block| block.forward(features)))
    }
}
