//! FBNet-C: inverted residuals, each of which was searched on its own by gradient descent.
//!
//! Source: Wu et al. 2018, arXiv:1812.03443, table 1 and the figure of the searched networks.
//! Departure: 1984 channels out of the head, as timm has it.

use formbench_blueprint::{Activation::Relu, Blueprint};
use formbench_protocol::Origin::Searched;

use super::{Family, Variant};
use crate::block::{InvertedStage, InvertedStages};

/// Kernel, expansion, channels out, blocks, first stride; blocks that are alike are one row.
const STAGES: [InvertedStage; 14] = [
    InvertedStage::new(3, 1, 16, 1, 1),
    InvertedStage::new(3, 6, 24, 1, 2),
    InvertedStage::new(3, 1, 24, 2, 1),
    InvertedStage::new(5, 6, 32, 1, 2),
    InvertedStage::new(5, 3, 32, 1, 1),
    InvertedStage::new(5, 6, 32, 1, 1),
    InvertedStage::new(3, 6, 32, 1, 1),
    InvertedStage::new(5, 6, 64, 1, 2),
    InvertedStage::new(5, 3, 64, 1, 1),
    InvertedStage::new(5, 6, 64, 2, 1),
    InvertedStage::new(5, 6, 112, 3, 1),
    InvertedStage::new(5, 3, 112, 1, 1),
    InvertedStage::new(5, 6, 184, 4, 2),
    InvertedStage::new(3, 6, 352, 1, 1),
];

/// The family.
pub(crate) const FAMILY: Family<()> = Family {
    source: "Wu et al. 2018, arXiv:1812.03443, table 1",
    origin: Searched,
    network,
    variants: &[Variant { name: "fbnet-c", resolution: 224, config: () }],
};

fn network((): &()) -> Blueprint {
    let around = InvertedStages { stem: 16, head: 1984, activation: Relu, always_expanded: true };
    around.network(STAGES)
}
