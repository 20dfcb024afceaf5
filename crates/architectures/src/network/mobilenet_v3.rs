//! MobileNetV3: inverted residuals searched one by one, with hard swishes and hard gates.
//!
//! Source: Howard et al. 2019, arXiv:1905.02244, tables 1 and 2. Departures: a quarter of the hidden
//! channels is rounded to a multiple of 8 to squeeze them, as in the authors' code; images are
//! padded alike on all sides, as in torchvision.

use formbench_blueprint::{
    Activation::{self, HardSigmoid, HardSwish, Relu},
    Blueprint, Convolution, Net,
};
use formbench_protocol::{CLASSES, Origin::Searched};

use super::{Family, Variant};
use crate::block::{InvertedResidual, SqueezeExcite, rounded};

/// Kernel, hidden channels, channels out, whether there is squeeze and excitation, activation,
/// stride.
type Block = (usize, usize, usize, bool, Activation, usize);

const LARGE: [Block; 15] = [
    (3, 16, 16, false, Relu, 1),
    (3, 64, 24, false, Relu, 2),
    (3, 72, 24, false, Relu, 1),
    (5, 72, 40, true, Relu, 2),
    (5, 120, 40, true, Relu, 1),
    (5, 120, 40, true, Relu, 1),
    (3, 240, 80, false, HardSwish, 2),
    (3, 200, 80, false, HardSwish, 1),
    (3, 184, 80, false, HardSwish, 1),
    (3, 184, 80, false, HardSwish, 1),
    (3, 480, 112, true, HardSwish, 1),
    (3, 672, 112, true, HardSwish, 1),
    (5, 672, 160, true, HardSwish, 2),
    (5, 960, 160, true, HardSwish, 1),
    (5, 960, 160, true, HardSwish, 1),
];

const SMALL: [Block; 11] = [
    (3, 16, 16, true, Relu, 2),
    (3, 72, 24, false, Relu, 2),
    (3, 88, 24, false, Relu, 1),
    (5, 96, 40, true, HardSwish, 2),
    (5, 240, 40, true, HardSwish, 1),
    (5, 240, 40, true, HardSwish, 1),
    (5, 120, 48, true, HardSwish, 1),
    (5, 144, 48, true, HardSwish, 1),
    (5, 288, 96, true, HardSwish, 2),
    (5, 576, 96, true, HardSwish, 1),
    (5, 576, 96, true, HardSwish, 1),
];

/// Blocks, channels out of the 1×1 head, length of the hidden vectors behind it.
pub(crate) struct Config {
    blocks: &'static [Block],
    head: usize,
    hidden: usize,
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Howard et al. 2019, arXiv:1905.02244, tables 1 and 2",
    origin: Searched,
    network,
    variants: &[
        row("mobilenet-v3-large", Config { blocks: &LARGE, head: 960, hidden: 1280 }),
        row("mobilenet-v3-small", Config { blocks: &SMALL, head: 576, hidden: 1024 }),
    ],
};

const fn row(name: &'static str, config: Config) -> Variant<Config> {
    Variant { name, resolution: 224, config }
}

fn network(Config { blocks, head, hidden }: &Config) -> Blueprint {
    let mut net = Net::new().with_epsilon(1e-3);
    let images = net.images();
    let stem = Convolution::new(3, 16).stride(2);
    let mut features = net.conv_norm("stem", images, stem, HardSwish);
    for (index, row) in blocks.iter().enumerate() {
        features = net.within(format!("blocks.{index}"), |net| block(row).forward(net, features));
    }
    let features = net.conv_norm("head", features, Convolution::new(1, *head), HardSwish);
    let pooled = net.global_average(features);
    let vectors = net.flatten(pooled, 1);
    let hidden = net.linear("hidden", vectors, *hidden);
    let hidden = net.activation(hidden, HardSwish);
    let logits = net.linear("classifier", hidden, CLASSES);
    net.finish(logits)
}

fn block(&(kernel, hidden, channels_out, excited, activation, stride): &Block) -> InvertedResidual {
    let squeezed = rounded(hidden as f64 / 4.0, 8);
    let excite = SqueezeExcite { squeezed, activation: Relu, gate: HardSigmoid };
    InvertedResidual::new(kernel, hidden, channels_out, activation)
        .stride(stride)
        .excite(excited.then_some(excite))
}
