//! SqueezeNet: modules that squeeze the channels before a 1×1 and a 3×3 convolution side by side.
//!
//! Source: Iandola et al. 2016, arXiv:1602.07360, table 1; 1.1 is from the authors' release.
//! Departure: images have 224 pixels, as torchvision's, where the release has 227.

use formbench_blueprint::{Blueprint, Convolution, Features, Net, Pool};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};
use crate::block::{conv_relu, stage};

/// Channels of each module: squeezed, and out of either convolution.
const MODULES: [(usize, usize); 8] =
    [(16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256)];

/// First convolution, and how many of the modules are in each stage; a pool is before each.
pub(crate) struct Config(Convolution, [usize; 3]);

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Iandola et al. 2016, arXiv:1602.07360, table 1",
    origin: HandDesigned,
    network,
    variants: &[
        row("squeezenet1-0", Config(Convolution::new(7, 96), [3, 4, 1])),
        row("squeezenet1-1", Config(Convolution::new(3, 64), [2, 2, 4])),
    ],
};

const fn row(name: &'static str, config: Config) -> Variant<Config> {
    Variant { name, resolution: 224, config }
}

fn network(Config(stem, stages): &Config) -> Blueprint {
    let mut net = Net::new();
    let images = net.images();
    let mut features = conv_relu(&mut net, "stem", images, stem.stride(2).padding(0));
    let mut modules = MODULES.into_iter();
    for (number, count) in stages.iter().enumerate() {
        features = net.pool(features, Pool::max(3, 2).ceil());
        features = stage(&mut net, number, features, modules.by_ref().take(*count), module);
    }
    let planes = conv_relu(&mut net, "classifier", features, Convolution::new(1, CLASSES));
    let means = net.global_average(planes);
    let logits = net.flatten(means, 1);
    net.finish(logits)
}

fn module(net: &mut Net, input: Features, (squeezed, expanded): (usize, usize)) -> Features {
    let squeeze = conv_relu(net, "squeeze", input, Convolution::new(1, squeezed));
    let pointwise = conv_relu(net, "pointwise", squeeze, Convolution::new(1, expanded));
    let spatial = conv_relu(net, "spatial", squeeze, Convolution::new(3, expanded));
    net.concatenate(&[pointwise, spatial])
}
