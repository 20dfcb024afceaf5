//! GhostNet: the ghost pattern as a network, some of its blocks with squeeze and excitation.
//!
//! Source: Han et al. 2019, arXiv:1911.11907, table 1. Departure: channels of narrower, wider and
//! squeezed layers are multiples of 4, as in the authors' code.

use formbench_blueprint::{
    Activation::{HardSigmoid, Relu},
    Blueprint, Convolution, Net,
};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};
use crate::block::{GhostBottleneck, SqueezeExcite, rounded};

/// Kernel (which only blocks that change the shape have), hidden channels, channels out, stride,
/// whether there is squeeze and excitation.
const BLOCKS: [(usize, usize, usize, usize, bool); 16] = [
    (3, 16, 16, 1, false),
    (3, 48, 24, 2, false),
    (3, 72, 24, 1, false),
    (5, 72, 40, 2, true),
    (5, 120, 40, 1, true),
    (3, 240, 80, 2, false),
    (3, 200, 80, 1, false),
    (3, 184, 80, 1, false),
    (3, 184, 80, 1, false),
    (3, 480, 112, 1, true),
    (3, 672, 112, 1, true),
    (5, 672, 160, 2, true),
    (5, 960, 160, 1, false),
    (5, 960, 160, 1, true),
    (5, 960, 160, 1, false),
    (5, 960, 160, 1, true),
];

/// Of which all channels are a multiple.
const MULTIPLE: usize = 4;
/// Length of the hidden vectors behind the head, whatever the width.
const HIDDEN: usize = 1280;

/// By what all channels but the hidden vectors' are multiplied.
pub(crate) struct Config {
    width: f64,
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Han et al. 2019, arXiv:1911.11907, table 1",
    origin: HandDesigned,
    network,
    variants: &[row("ghostnet-x0-5", 0.5), row("ghostnet-x1-0", 1.0), row("ghostnet-x1-3", 1.3)],
};

const fn row(name: &'static str, width: f64) -> Variant<Config> {
    Variant { name, resolution: 224, config: Config { width } }
}

fn network(Config { width }: &Config) -> Blueprint {
    let scaled = |channels: usize| rounded(channels as f64 * width, MULTIPLE);
    let mut net = Net::new();
    let images = net.images();
    let stem = Convolution::new(3, scaled(16)).stride(2);
    let mut features = net.conv_norm("stem", images, stem, Relu);
    for (index, (kernel, hidden, channels, stride, excited)) in BLOCKS.into_iter().enumerate() {
        let (hidden, channels_out) = (scaled(hidden), scaled(channels));
        let squeezed = rounded(hidden as f64 / 4.0, MULTIPLE);
        let excite = SqueezeExcite { squeezed, activation: Relu, gate: HardSigmoid };
        let excite = excited.then_some(excite);
        let block = GhostBottleneck { kernel, hidden, channels_out, stride, excite };
        features = net.within(format!("blocks.{index}"), |net| block.forward(net, features));
    }
    let features = net.conv_norm("head", features, Convolution::new(1, scaled(960)), Relu);
    let pooled = net.global_average(features);
    let hidden = net.convolution("hidden", pooled, Convolution::new(1, HIDDEN).bias());
    let hidden = net.activation(hidden, Relu);
    let vectors = net.flatten(hidden, 1);
    let logits = net.linear("classifier", vectors, CLASSES);
    net.finish(logits)
}
