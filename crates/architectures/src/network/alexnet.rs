//! AlexNet: five convolutions and three linear layers.
//!
//! Source: Krizhevsky 2014, arXiv:1404.5997, whose network is that of Krizhevsky et al.
//! 2012, figure 2, in one tower.
//! Departure: channels as torchvision has them, without the normalisation of neighbouring channels.

use formbench_blueprint::{Blueprint, Convolution, Net, Pool};
use formbench_protocol::Origin::HandDesigned;

use super::{Family, Variant};
use crate::block::{conv_relu, hidden_classifier, stage};

/// Convolutions between pools.
const STAGES: [&[Convolution]; 3] = [
    &[Convolution::new(11, 64).stride(4).padding(2)],
    &[Convolution::new(5, 192)],
    &[Convolution::new(3, 384), Convolution::new(3, 256), Convolution::new(3, 256)],
];

/// The family.
pub(crate) const FAMILY: Family<()> = Family {
    source: "Krizhevsky 2014, arXiv:1404.5997; Krizhevsky et al. 2012, figure 2",
    origin: HandDesigned,
    network,
    variants: &[Variant { name: "alexnet", resolution: 224, config: () }],
};

fn network((): &()) -> Blueprint {
    let mut net = Net::new();
    let mut features = net.images();
    for (number, convolutions) in STAGES.into_iter().enumerate() {
        features = stage(&mut net, number, features, convolutions, |net, input, convolution| {
            conv_relu(net, "conv", input, *convolution)
        });
        features = net.pool(features, Pool::max(3, 2));
    }
    let logits = hidden_classifier(&mut net, features, 6);
    net.finish(logits)
}
