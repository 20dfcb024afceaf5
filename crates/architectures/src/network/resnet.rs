//! ResNet: the residual pattern and the bottleneck pattern as networks.
//!
//! Source: He et al. 2015, arXiv:1512.03385, table 1. Departure: the bottleneck's stride is on its
//! 3×3 convolution, as torchvision has it ("v1.5").

use formbench_blueprint::{Blueprint, Convolution};
use formbench_protocol::Origin::HandDesigned;

use super::{Family, Variant};
use crate::pattern::{Stage, bottleneck, residual, stack};

/// Channels out of the stem.
const STEM_CHANNELS: usize = 64;

/// The block a network is made of.
pub(crate) enum Kind {
    /// Two 3×3 convolutions; 64 to 512 channels.
    Residual,
    /// 1×1, 3×3, 1×1; 256 to 2048 channels. The 3×3 convolution has `width` channels in the first
    /// stage, in `groups`.
    Bottleneck { width: usize, groups: usize },
}

/// Block and number of blocks in each stage.
pub(crate) struct Config(pub(crate) Kind, pub(crate) [usize; 4]);

const BOTTLENECK: Kind = Kind::Bottleneck { width: 64, groups: 1 };

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "He et al. 2015, arXiv:1512.03385, table 1",
    origin: HandDesigned,
    network,
    variants: &[
        row("resnet18", Config(Kind::Residual, [2, 2, 2, 2])),
        row("resnet34", Config(Kind::Residual, [3, 4, 6, 3])),
        row("resnet50", Config(BOTTLENECK, [3, 4, 6, 3])),
        row("resnet101", Config(BOTTLENECK, [3, 4, 23, 3])),
        row("resnet152", Config(BOTTLENECK, [3, 8, 36, 3])),
    ],
};

/// Returns a row of the table.
pub(crate) const fn row(name: &'static str, config: Config) -> Variant<Config> {
    Variant { name, resolution: 224, config }
}

/// Returns the network of a row; each stage has twice the channels of the one before.
pub(crate) fn network(Config(kind, blocks): &Config) -> Blueprint {
    let stages = |channels: usize| {
        [0, 1, 2, 3].map(|i| Stage { blocks: blocks[i], channels: channels << i })
    };
    match *kind {
        Kind::Residual => stack(STEM_CHANNELS, &stages(64), residual::block),
        Kind::Bottleneck { width, groups } => {
            stack(STEM_CHANNELS, &stages(256), |net, input, place| {
                let inner = place.channels_out / 256 * width;
                let spatial = Convolution::new(3, inner).groups(groups);
                bottleneck::with_inner(net, input, place, spatial, inner)
            })
        }
    }
}
