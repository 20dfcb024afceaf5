use formbench_blueprint::{
    Activation::{self, Sigmoid},
    Blueprint, Convolution, Net,
};
use formbench_protocol::CLASSES;

use super::{InvertedResidual, SqueezeExcite, rounded, stage, strides};

/// By what a block's channels are divided to squeeze them.
const SQUEEZE: usize = 4;

/// Inverted residuals that differ only in the first one's stride and channels in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InvertedStage {
    kernel: usize,
    expansion: usize,
    channels_out: usize,
    blocks: usize,
    stride: usize,
    excited: bool,
}

impl InvertedStage {
    /// Returns a stage without squeeze and excitation; each block has `expansion` hidden channels
    /// for each channel in, and the first one the stride.
    pub(crate) const fn new(
        kernel: usize,
        expansion: usize,
        channels_out: usize,
        blocks: usize,
        stride: usize,
    ) -> Self {
        Self { kernel, expansion, channels_out, blocks, stride, excited: false }
    }

    /// Returns the stage with squeeze and excitation, to a quarter of each block's channels in.
    pub(crate) const fn excited(self) -> Self {
        Self { excited: true, ..self }
    }

    /// Returns the stage with so many times the channels, rounded to multiples of 8, and so many
    /// times the blocks, rounded up.
    pub(crate) fn scaled(self, width: f64, depth: f64) -> Self {
        let channels_out = rounded(self.channels_out as f64 * width, 8);
        let blocks = (self.blocks as f64 * depth).ceil() as usize;
        Self { channels_out, blocks, ..self }
    }

    /// Returns the block for so many channels in.
    fn block(&self, channels_in: usize, activation: Activation) -> InvertedResidual {
        let hidden = channels_in * self.expansion;
        let squeezed = channels_in / SQUEEZE;
        let excite = SqueezeExcite { squeezed, activation, gate: Sigmoid };
        InvertedResidual::new(self.kernel, hidden, self.channels_out, activation)
            .excite(self.excited.then_some(excite))
    }
}

/// What networks of inverted residuals have beside their stages: a 3×3 stem of stride 2, a 1×1 head
/// and a classifier.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InvertedStages {
    /// Channels out of the stem.
    pub(crate) stem: usize,
    /// Channels out of the head.
    pub(crate) head: usize,
    /// Behind each norm but those of linear bottlenecks.
    pub(crate) activation: Activation,
    /// Whether a block has its first convolution also where it adds no channels.
    pub(crate) always_expanded: bool,
}

impl InvertedStages {
    /// Returns the network of the stages.
    pub(crate) fn network(&self, stages: impl IntoIterator<Item = InvertedStage>) -> Blueprint {
        let Self { stem, head, activation, always_expanded } = *self;
        let mut net = Net::new();
        let images = net.images();
        let stem = Convolution::new(3, stem).stride(2);
        let mut features = net.conv_norm("stem", images, stem, activation);
        for (number, row) in stages.into_iter().enumerate() {
            let strides = strides(row.blocks, row.stride);
            features = stage(&mut net, number, features, strides, |net, input, stride| {
                let block = row.block(input.channels, activation).stride(stride);
                block.always_expanded(always_expanded).forward(net, input)
            });
        }
        let features = net.conv_norm("head", features, Convolution::new(1, head), activation);
        let logits = net.classifier("classifier", features, CLASSES);
        net.finish(logits)
    }
}
