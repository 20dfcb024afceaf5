//! MnasNet: inverted residuals whose kernels, expansions and depths were searched for latency on a
//! phone; A1 with squeeze and excitation, B1 without.
//!
//! Source: Tan et al. 2018, arXiv:1807.11626, figure 7 (A1); the authors' code (B1). Departure, as
//! in timm: images are padded alike on all sides, and the norms' epsilon is 1e-5.

use formbench_blueprint::{Activation::Relu, Blueprint};
use formbench_protocol::Origin::Searched;

use super::{Family, Variant};
use crate::block::{InvertedStage, InvertedStages};

/// Kernel, expansion, channels out, blocks, first stride.
const B1: [InvertedStage; 7] = [
    InvertedStage::new(3, 1, 16, 1, 1),
    InvertedStage::new(3, 3, 24, 3, 2),
    InvertedStage::new(5, 3, 40, 3, 2),
    InvertedStage::new(5, 6, 80, 3, 2),
    InvertedStage::new(3, 6, 96, 2, 1),
    InvertedStage::new(5, 6, 192, 4, 2),
    InvertedStage::new(3, 6, 320, 1, 1),
];

/// The same of A1.
const A1: [InvertedStage; 7] = [
    InvertedStage::new(3, 1, 16, 1, 1),
    InvertedStage::new(3, 6, 24, 2, 2),
    InvertedStage::new(5, 3, 40, 3, 2).excited(),
    InvertedStage::new(3, 6, 80, 4, 2),
    InvertedStage::new(3, 6, 112, 2, 1).excited(),
    InvertedStage::new(5, 6, 160, 3, 2).excited(),
    InvertedStage::new(3, 6, 320, 1, 1),
];

/// The family.
pub(crate) const FAMILY: Family<[InvertedStage; 7]> = Family {
    source: "Tan et al. 2018, arXiv:1807.11626, figure 7",
    origin: Searched,
    network,
    variants: &[
        Variant { name: "mnasnet-b1", resolution: 224, config: B1 },
        Variant { name: "mnasnet-a1", resolution: 224, config: A1 },
    ],
};

fn network(stages: &[InvertedStage; 7]) -> Blueprint {
    let around = InvertedStages { stem: 32, head: 1280, activation: Relu, always_expanded: false };
    around.network(*stages)
}
