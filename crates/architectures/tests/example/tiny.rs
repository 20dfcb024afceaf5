//! Tiny: two convolutions, to show what a network's file holds.
//!
//! Source: none. Departure: none.

use formbench_blueprint::{Activation::Relu, Blueprint, Convolution, Net};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};

/// Channels of its convolutions.
pub(crate) struct Config {
    channels: [usize; 2],
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "nobody 2026",
    origin: HandDesigned,
    network,
    variants: &[
        Variant { name: "tiny-a", resolution: 224, config: Config { channels: [16, 32] } },
        Variant { name: "tiny-b", resolution: 224, config: Config { channels: [32, 64] } },
    ],
};

fn network(config: &Config) -> Blueprint {
    let mut net = Net::new();
    let mut features = net.images();
    for (index, channels) in config.channels.into_iter().enumerate() {
        let convolution = Convolution::new(3, channels).stride(2);
        features = net.conv_norm(&format!("layers.{index}"), features, convolution, Relu);
    }
    let logits = net.classifier("classifier", features, CLASSES);
    net.finish(logits)
}
