//! GoogLeNet: modules of four branches.
//!
//! Source: Szegedy et al. 2014, arXiv:1409.4842, table 1. Departure: as torchvision has it,
//! batch-normalised, with 3×3 convolutions for those of 5×5; without the auxiliary classifiers,
//! which are for training.

use formbench_blueprint::{Blueprint, Convolution, Features, Net, Pool};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};
use crate::block::{chain, stage};

/// Channels of a module: 1×1; 1×1 and 3×3 of the second branch; those of the third; 1×1 behind the
/// pool.
type Channels = [usize; 6];

/// Before all stages but the last, and behind the first convolution.
const POOL: Pool = Pool::max(3, 2).ceil();

/// The pool before each stage, and the stage's modules.
const STAGES: [(Pool, &[Channels]); 3] = [
    (POOL, &[[64, 96, 128, 16, 32, 32], [128, 128, 192, 32, 96, 64]]),
    (
        POOL,
        &[
            [192, 96, 208, 16, 48, 64],
            [160, 112, 224, 24, 64, 64],
            [128, 128, 256, 24, 64, 64],
            [112, 144, 288, 32, 64, 64],
            [256, 160, 320, 32, 128, 128],
        ],
    ),
    (Pool::max(2, 2).ceil(), &[[256, 160, 320, 32, 128, 128], [384, 192, 384, 48, 128, 128]]),
];

/// The family.
pub(crate) const FAMILY: Family<()> = Family {
    source: "Szegedy et al. 2014, arXiv:1409.4842, table 1",
    origin: HandDesigned,
    network,
    variants: &[Variant { name: "googlenet", resolution: 224, config: () }],
};

fn network((): &()) -> Blueprint {
    let mut net = Net::new().with_epsilon(1e-3);
    let images = net.images();
    let features = chain(&mut net, "stem", images, &[Convolution::new(7, 64).stride(2)]);
    let features = net.pool(features, POOL);
    let second = [Convolution::new(1, 64), Convolution::new(3, 192)];
    let mut features = chain(&mut net, "second", features, &second);
    for (number, (pool, modules)) in STAGES.into_iter().enumerate() {
        features = net.pool(features, pool);
        features = stage(&mut net, number, features, modules, module);
    }
    let logits = net.classifier("classifier", features, CLASSES);
    net.finish(logits)
}

fn module(net: &mut Net, input: Features, channels: &Channels) -> Features {
    let [pointwise, reduced, spatial, reduced_again, wide, projected] = *channels;
    let conv = Convolution::new;
    let pool = net.pool(input, Pool::max(3, 1).padding(1));
    let branches = [
        chain(net, "pointwise", input, &[conv(1, pointwise)]),
        chain(net, "spatial", input, &[conv(1, reduced), conv(3, spatial)]),
        chain(net, "wide", input, &[conv(1, reduced_again), conv(3, wide)]),
        chain(net, "projection", pool, &[conv(1, projected)]),
    ];
    net.concatenate(&branches)
}
