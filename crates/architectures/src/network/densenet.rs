//! DenseNet: each layer reads the features of all layers before it in its block.
//!
//! Source: Huang et al. 2016, arXiv:1608.06993, table 1 (DenseNet-BC), figures 1 and 2; 161 layers
//! are from the authors' release. Departure: none.

use std::iter::repeat_n;

use formbench_blueprint::{Activation::Relu, Blueprint, Convolution, Features, Net, Pool};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};
use crate::block::{stage, stem};

/// Channels of a layer's 1×1 convolution for each that its 3×3 convolution adds.
const BOTTLENECK: usize = 4;

/// Channels that each layer adds, and layers in each block.
pub(crate) struct Config {
    growth: usize,
    layers: [usize; 4],
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Huang et al. 2016, arXiv:1608.06993, table 1",
    origin: HandDesigned,
    network,
    variants: &[
        row("densenet121", 32, [6, 12, 24, 16]),
        row("densenet161", 48, [6, 12, 36, 24]),
        row("densenet169", 32, [6, 12, 32, 32]),
        row("densenet201", 32, [6, 12, 48, 32]),
    ],
};

const fn row(name: &'static str, growth: usize, layers: [usize; 4]) -> Variant<Config> {
    Variant { name, resolution: 224, config: Config { growth, layers } }
}

fn network(Config { growth, layers }: &Config) -> Blueprint {
    let mut net = Net::new();
    let images = net.images();
    let mut features = stem(&mut net, images, 2 * growth);
    for (number, count) in layers.iter().enumerate() {
        if number > 0 {
            let transition = Convolution::new(1, features.channels / 2);
            let name = format!("stages.{number}.transition");
            features = preactivated(&mut net, &name, features, transition);
            features = net.pool(features, Pool::average(2, 2));
        }
        features = stage(&mut net, number, features, repeat_n(*growth, *count), layer);
    }
    let features = net.batch_norm("head", features);
    let features = net.activation(features, Relu);
    let logits = net.classifier("classifier", features, CLASSES);
    net.finish(logits)
}

/// Returns the features with `growth` more.
fn layer(net: &mut Net, input: Features, growth: usize) -> Features {
    let inner = Convolution::new(1, BOTTLENECK * growth);
    let reduced = preactivated(net, "reduce", input, inner);
    let added = preactivated(net, "spatial", reduced, Convolution::new(3, growth));
    net.concatenate(&[input, added])
}

/// Returns the features of norm, ReLU and convolution: `NAME.norm`, `NAME.conv`.
fn preactivated(net: &mut Net, name: &str, input: Features, convolution: Convolution) -> Features {
    net.within(name, |net| {
        let features = net.batch_norm("norm", input);
        let features = net.activation(features, Relu);
        net.convolution("conv", features, convolution)
    })
}
