//! EfficientNet: the depthwise bottleneck pattern with squeeze and excitation as a searched
//! network, made wider, deeper and its images larger together.
//!
//! Source: Tan and Le 2019, arXiv:1905.11946, table 1; factors and resolutions of B1 to B4 are
//! those of the authors' code. Departure, as in torchvision: images are padded alike on all sides,
//! and the norms' epsilon is 1e-5.

use formbench_blueprint::{Activation::Silu, Blueprint};
use formbench_protocol::Origin::Searched;

use super::{Family, Variant};
use crate::block::{InvertedStage, InvertedStages, rounded};

/// Kernel, expansion, channels out, blocks, first stride.
const STAGES: [InvertedStage; 7] = [
    InvertedStage::new(3, 1, 16, 1, 1),
    InvertedStage::new(3, 6, 24, 2, 2),
    InvertedStage::new(5, 6, 40, 2, 2),
    InvertedStage::new(3, 6, 80, 3, 2),
    InvertedStage::new(5, 6, 112, 3, 1),
    InvertedStage::new(5, 6, 192, 4, 2),
    InvertedStage::new(3, 6, 320, 1, 1),
];

/// By what all channels and the blocks of all stages are multiplied.
pub(crate) struct Config {
    width: f64,
    depth: f64,
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Tan and Le 2019, arXiv:1905.11946, table 1",
    origin: Searched,
    network,
    variants: &[
        row("efficientnet-b0", 1.0, 1.0, 224),
        row("efficientnet-b1", 1.0, 1.1, 240),
        row("efficientnet-b2", 1.1, 1.2, 260),
        row("efficientnet-b3", 1.2, 1.4, 300),
        row("efficientnet-b4", 1.4, 1.8, 380),
    ],
};

const fn row(name: &'static str, width: f64, depth: f64, resolution: u32) -> Variant<Config> {
    Variant { name, resolution, config: Config { width, depth } }
}

fn network(Config { width, depth }: &Config) -> Blueprint {
    let around = InvertedStages {
        stem: rounded(32.0 * width, 8),
        head: rounded(1280.0 * width, 8),
        activation: Silu,
        always_expanded: false,
    };
    around.network(STAGES.map(|stage| stage.excited().scaled(*width, *depth)))
}
