//! MobileNetV2: inverted residuals with linear bottlenecks, the depthwise bottleneck pattern as a
//! network.
//!
//! Source: Sandler et al. 2018, arXiv:1801.04381, table 2. Departure, as in
//! torchvision: images are padded alike on all sides, and the norms' epsilon is 1e-5.

use formbench_blueprint::{Activation::Relu6, Blueprint};
use formbench_protocol::Origin::HandDesigned;

use super::{Family, Variant};
use crate::block::{InvertedStage, InvertedStages, rounded};

/// Kernel, expansion, channels out, blocks, first stride.
const STAGES: [InvertedStage; 7] = [
    InvertedStage::new(3, 1, 16, 1, 1),
    InvertedStage::new(3, 6, 24, 2, 2),
    InvertedStage::new(3, 6, 32, 3, 2),
    InvertedStage::new(3, 6, 64, 4, 2),
    InvertedStage::new(3, 6, 96, 3, 1),
    InvertedStage::new(3, 6, 160, 3, 2),
    InvertedStage::new(3, 6, 320, 1, 1),
];

/// By what all channels are multiplied; the head's only by more than 1.
pub(crate) struct Config {
    width: f64,
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Sandler et al. 2018, arXiv:1801.04381, table 2",
    origin: HandDesigned,
    network,
    variants: &[
        row("mobilenet-v2-x0-5", 0.5),
        row("mobilenet-v2-x0-75", 0.75),
        row("mobilenet-v2", 1.0),
        row("mobilenet-v2-x1-4", 1.4),
    ],
};

const fn row(name: &'static str, width: f64) -> Variant<Config> {
    Variant { name, resolution: 224, config: Config { width } }
}

fn network(Config { width }: &Config) -> Blueprint {
    let around = InvertedStages {
        stem: rounded(32.0 * width, 8),
        head: rounded(1280.0 * width.max(1.0), 8),
        activation: Relu6,
        always_expanded: false,
    };
    around.network(STAGES.map(|stage| stage.scaled(*width, 1.0)))
}
