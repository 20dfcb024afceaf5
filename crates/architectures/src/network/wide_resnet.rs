//! Wide ResNet: ResNet whose 3×3 convolutions are twice as wide.
//!
//! Source: Zagoruyko and Komodakis 2016, arXiv:1605.07146, WRN-50-2-bottleneck; 101 layers as
//! torchvision has them. Departure: none.

use formbench_protocol::Origin::HandDesigned;

use super::Family;
use super::resnet::{Config, Kind, network, row};

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Zagoruyko and Komodakis 2016, arXiv:1605.07146, WRN-50-2-bottleneck",
    origin: HandDesigned,
    network,
    variants: &[
        row("wide-resnet50-2", Config(TWICE_AS_WIDE, [3, 4, 6, 3])),
        row("wide-resnet101-2", Config(TWICE_AS_WIDE, [3, 4, 23, 3])),
    ],
};

/// Twice ResNet's 64 channels.
const TWICE_AS_WIDE: Kind = Kind::Bottleneck { width: 128, groups: 1 };
