//! ShuffleNetV2: the channel shuffle pattern as a network.
//!
//! Source: Ma et al. 2018, arXiv:1807.11164, table 5. Departure: none.

use formbench_blueprint::{Activation::Relu, Blueprint, Convolution, Net, Pool};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};
use crate::block::{shuffle_unit, stage, strides};

/// Blocks of each stage.
const BLOCKS: [usize; 3] = [4, 8, 4];
/// Channels out of the stem.
const STEM_CHANNELS: usize = 24;

/// Channels out of each stage and of the head.
pub(crate) struct Config {
    stages: [usize; 3],
    head: usize,
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Ma et al. 2018, arXiv:1807.11164, table 5",
    origin: HandDesigned,
    network,
    variants: &[
        row("shufflenet-v2-x0-5", [48, 96, 192], 1024),
        row("shufflenet-v2-x1-0", [116, 232, 464], 1024),
        row("shufflenet-v2-x1-5", [176, 352, 704], 1024),
        row("shufflenet-v2-x2-0", [244, 488, 976], 2048),
    ],
};

const fn row(name: &'static str, stages: [usize; 3], head: usize) -> Variant<Config> {
    Variant { name, resolution: 224, config: Config { stages, head } }
}

fn network(Config { stages, head }: &Config) -> Blueprint {
    let mut net = Net::new();
    let images = net.images();
    let stem = Convolution::new(3, STEM_CHANNELS).stride(2);
    let stem = net.conv_norm("stem", images, stem, Relu);
    let mut features = net.pool(stem, Pool::max(3, 2).padding(1));
    for (number, (channels, blocks)) in stages.iter().zip(BLOCKS).enumerate() {
        features = stage(&mut net, number, features, strides(blocks, 2), |net, input, stride| {
            shuffle_unit(net, input, *channels, stride)
        });
    }
    let features = net.conv_norm("head", features, Convolution::new(1, *head), Relu);
    let logits = net.classifier("classifier", features, CLASSES);
    net.finish(logits)
}
