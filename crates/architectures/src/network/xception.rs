//! Xception: depthwise separable convolutions with shortcuts.
//!
//! Source: Chollet 2016, arXiv:1610.02357, figure 5. The stem is without padding, as in the
//! author's release. Departure, as in timm: windows of stride 2 are padded alike on all sides, and the
//! norms' epsilon is 1e-5.

use formbench_blueprint::{
    Activation::{self, Identity, Relu},
    Blueprint, Convolution, Features, Net, Pool,
};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};
use crate::block::{chain, projection, stage};

/// What is before a block's first convolution, and the channels out of each.
type Config = (Activation, &'static [usize]);

/// Stride of a flow's blocks, and the blocks; the features of the stem are behind a ReLU already.
const FLOWS: [(usize, &[Config]); 3] = [
    (2, &[(Identity, &[128, 128]), (Relu, &[256, 256]), (Relu, &[728, 728])]),
    (1, &[MIDDLE; 8]),
    (2, &[(Relu, &[728, 1024])]),
];

/// A block of the middle flow.
const MIDDLE: Config = (Relu, &[728, 728, 728]);

/// The family.
pub(crate) const FAMILY: Family<()> = Family {
    source: "Chollet 2016, arXiv:1610.02357, figure 5",
    origin: HandDesigned,
    network,
    variants: &[Variant { name: "xception", resolution: 299, config: () }],
};

fn network((): &()) -> Blueprint {
    let mut net = Net::new();
    let images = net.images();
    let first = [32, 64].map(|channels| Convolution::new(3, channels).padding(0));
    let mut features = chain(&mut net, "stem", images, &[first[0].stride(2), first[1]]);
    for (number, (stride, blocks)) in FLOWS.into_iter().enumerate() {
        features = stage(&mut net, number, features, blocks, |net, input, config| {
            block(net, input, *config, stride)
        });
    }
    for (name, channels) in [("head.0", 1536), ("head.1", 2048)] {
        features = separable(&mut net, name, features, channels);
        features = net.activation(features, Relu);
    }
    let logits = net.classifier("classifier", features, CLASSES);
    net.finish(logits)
}

/// Returns the sum of convolutions, pooled if the stride asks for it, and a shortcut.
fn block(net: &mut Net, input: Features, (first, channels): Config, stride: usize) -> Features {
    let mut branch = input;
    for (index, channels) in channels.iter().enumerate() {
        branch = net.activation(branch, if index == 0 { first } else { Relu });
        branch = separable(net, &index.to_string(), branch, *channels);
    }
    if stride > 1 {
        branch = net.pool(branch, Pool::max(3, stride).padding(1));
    }
    let shortcut = projection(net, input, branch.channels, stride);
    net.add(&[branch, shortcut])
}

/// Returns the features of a 3×3 convolution of each channel and a 1×1 convolution of all, with
/// norm.
fn separable(net: &mut Net, name: &str, input: Features, channels: usize) -> Features {
    net.within(name, |net| {
        let spatial = net.convolution("depthwise", input, Convolution::depthwise(3));
        let mixed = net.convolution("pointwise", spatial, Convolution::new(1, channels));
        net.batch_norm("norm", mixed)
    })
}
