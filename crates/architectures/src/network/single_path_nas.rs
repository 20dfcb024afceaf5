//! Single-Path NAS: inverted residuals whose kernels and expansions were searched as parts of one
//! large kernel.
//!
//! Source: Stamoulis et al. 2019, arXiv:1904.02877, the network for the Pixel 1.
//! Departure, as in timm: images are padded alike on all sides, and the norms' epsilon is 1e-5.

use formbench_blueprint::{Activation::Relu, Blueprint};
use formbench_protocol::Origin::Searched;

use super::{Family, Variant};
use crate::block::{InvertedStage, InvertedStages};

/// Kernel, expansion, channels out, blocks, first stride; blocks that are alike are one row.
const STAGES: [InvertedStage; 10] = [
    InvertedStage::new(3, 1, 16, 1, 1),
    InvertedStage::new(3, 3, 24, 3, 2),
    InvertedStage::new(5, 6, 40, 1, 2),
    InvertedStage::new(3, 3, 40, 3, 1),
    InvertedStage::new(5, 6, 80, 1, 2),
    InvertedStage::new(3, 3, 80, 3, 1),
    InvertedStage::new(5, 6, 96, 1, 1),
    InvertedStage::new(5, 3, 96, 3, 1),
    InvertedStage::new(5, 6, 192, 4, 2),
    InvertedStage::new(3, 6, 320, 1, 1),
];

/// The family.
pub(crate) const FAMILY: Family<()> = Family {
    source: "Stamoulis et al. 2019, arXiv:1904.02877",
    origin: Searched,
    network,
    variants: &[Variant { name: "single-path-nas", resolution: 224, config: () }],
};

fn network((): &()) -> Blueprint {
    let around = InvertedStages { stem: 32, head: 1280, activation: Relu, always_expanded: false };
    around.network(STAGES)
}
