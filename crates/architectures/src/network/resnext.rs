//! ResNeXt: ResNet whose 3×3 convolutions are wider and cut into groups.
//!
//! Source: Xie et al. 2016, arXiv:1611.05431, table 1; 101 layers of 32×8d are from Mahajan et al.
//! 2018, arXiv:1805.00932. Departure: none.

use formbench_protocol::Origin::HandDesigned;

use super::Family;
use super::resnet::{Config, Kind, network, row};

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Xie et al. 2016, arXiv:1611.05431, table 1",
    origin: HandDesigned,
    network,
    variants: &[
        row("resnext50-32x4d", Config(of_32_groups(4), [3, 4, 6, 3])),
        row("resnext101-32x8d", Config(of_32_groups(8), [3, 4, 23, 3])),
    ],
};

/// Returns blocks of 32 groups of so many channels in the first stage.
const fn of_32_groups(channels: usize) -> Kind {
    Kind::Bottleneck { width: 32 * channels, groups: 32 }
}
