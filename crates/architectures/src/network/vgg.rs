//! VGG: stages of 3×3 convolutions and three linear layers.
//!
//! Source: Simonyan and Zisserman 2014, arXiv:1409.1556, table 1, columns A, B, D and E.
//! Departure: none; convolutions have biases and no batch normalisation.

use std::iter::repeat_n;

use formbench_blueprint::{Blueprint, Convolution, Net, Pool};
use formbench_protocol::Origin::HandDesigned;

use super::{Family, Variant};
use crate::block::{conv_relu, hidden_classifier, stage};

/// Channels out of each stage's convolutions.
const CHANNELS: [usize; 5] = [64, 128, 256, 512, 512];

/// Number of convolutions in each stage.
pub(crate) struct Config([usize; 5]);

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Simonyan and Zisserman 2014, arXiv:1409.1556, table 1",
    origin: HandDesigned,
    network,
    variants: &[
        row("vgg11", [1, 1, 2, 2, 2]),
        row("vgg13", [2, 2, 2, 2, 2]),
        row("vgg16", [2, 2, 3, 3, 3]),
        row("vgg19", [2, 2, 4, 4, 4]),
    ],
};

const fn row(name: &'static str, convolutions: [usize; 5]) -> Variant<Config> {
    Variant { name, resolution: 224, config: Config(convolutions) }
}

fn network(Config(convolutions): &Config) -> Blueprint {
    let mut net = Net::new();
    let mut features = net.images();
    for (number, (channels, count)) in CHANNELS.into_iter().zip(*convolutions).enumerate() {
        let convolutions = repeat_n(Convolution::new(3, channels), count);
        features = stage(&mut net, number, features, convolutions, |net, input, convolution| {
            conv_relu(net, "conv", input, convolution)
        });
        features = net.pool(features, Pool::max(2, 2));
    }
    let logits = hidden_classifier(&mut net, features, 7);
    net.finish(logits)
}
