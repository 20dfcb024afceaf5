//! MobileNetV1: the depthwise separable pattern as a network.
//!
//! Source: Howard et al. 2017, arXiv:1704.04861, table 1. Departures: ReLU6, as in the authors'
//! code; the last depthwise convolution has stride 1, as the sizes in the table have it; images are
//! padded alike on all sides, and the norms' epsilon is 1e-5, as in PyTorch's versions.

use formbench_blueprint::{Activation::Relu6, Blueprint, Convolution, Net};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};
use crate::block::{depthwise_separable, rounded, stage, strides};

/// Channels out, blocks, first stride of each stage.
const STAGES: [(usize, usize, usize); 5] =
    [(64, 1, 1), (128, 2, 2), (256, 2, 2), (512, 6, 2), (1024, 2, 2)];

/// By what all channels are multiplied.
pub(crate) struct Config {
    width: f64,
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Howard et al. 2017, arXiv:1704.04861, table 1",
    origin: HandDesigned,
    network,
    variants: &[row("mobilenet-v1-x0-5", 0.5), row("mobilenet-v1", 1.0)],
};

const fn row(name: &'static str, width: f64) -> Variant<Config> {
    Variant { name, resolution: 224, config: Config { width } }
}

fn network(Config { width }: &Config) -> Blueprint {
    let scaled = |channels: usize| rounded(channels as f64 * width, 8);
    let mut net = Net::new();
    let images = net.images();
    let stem = Convolution::new(3, scaled(32)).stride(2);
    let mut features = net.conv_norm("stem", images, stem, Relu6);
    for (number, (channels, blocks, stride)) in STAGES.into_iter().enumerate() {
        let strides = strides(blocks, stride);
        features = stage(&mut net, number, features, strides, |net, input, stride| {
            depthwise_separable(net, input, scaled(channels), stride, Relu6)
        });
    }
    let logits = net.classifier("classifier", features, CLASSES);
    net.finish(logits)
}
