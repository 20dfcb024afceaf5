//! Skeleton: one convolution and a classifier. Source: none. Departure: none.

use formbench_blueprint::{Activation::Relu, Blueprint, Convolution, Net};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};

/// The family: a row for each network, with what tells it from the others.
pub(crate) const FAMILY: Family<usize> = Family {
    source: "nobody 2026",
    origin: HandDesigned,
    network,
    variants: &[
        Variant { name: "skeleton-16", resolution: 224, config: 16 },
        Variant { name: "skeleton-32", resolution: 224, config: 32 },
    ],
};

fn network(channels: &usize) -> Blueprint {
    let mut net = Net::new();
    let images = net.images();
    let features = net.conv_norm("stem", images, Convolution::new(3, *channels).stride(2), Relu);
    let logits = net.classifier("classifier", features, CLASSES);
    net.finish(logits)
}
