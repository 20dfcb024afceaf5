use formbench_blueprint::LayerShapeError;
use formbench_protocol::{CostTarget, Width};
use thiserror::Error;

use crate::fit::TOLERANCE;

/// Why an architecture cannot be built.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ArchitectureError {
    /// No network has this name.
    #[error("unknown network `{name}`; known: {known}")]
    UnknownNetwork {
        /// The name asked for.
        name: String,
        /// Names in registry order, separated by commas.
        known: String,
    },
    /// No pattern has this name.
    #[error("unknown pattern `{name}`; known: {known}")]
    UnknownPattern {
        /// The name asked for.
        name: String,
        /// Names in registry order, separated by commas.
        known: String,
    },
    /// The architecture is not defined here.
    #[error("`{path}` is an ONNX file; only what is defined here has layers to build")]
    File {
        /// The file's path.
        path: String,
    },
    /// A depth that the four stages cannot have.
    #[error(
        "{pattern}: depth `{depth}` is impossible; expected {least} to {most} blocks, \
         one for each stage at least"
    )]
    Depth {
        /// The pattern's name.
        pattern: String,
        /// Blocks asked for.
        depth: u32,
        /// Least possible number of blocks.
        least: u32,
        /// Largest possible number of blocks.
        most: u32,
    },
    /// A width that no stage can have.
    #[error(
        "{pattern}: width `{width}` is impossible; expected {least} to {most} channels out of \
         the first stage"
    )]
    Width {
        /// The pattern's name.
        pattern: String,
        /// Channels asked for.
        width: Width,
        /// Least possible number of channels.
        least: u32,
        /// Largest possible number of channels.
        most: u32,
    },
    /// Images that a layer cannot take.
    #[error("{pattern}: images of `{resolution}` pixels are too small; ask for larger ones")]
    Images {
        /// The pattern's name.
        pattern: String,
        /// Height and width asked for, in pixels.
        resolution: u32,
        /// The layer.
        source: LayerShapeError,
    },
    /// No width is near a cost.
    #[error(
        "{pattern} of depth `{depth}`: no width costs `{target}`, give or take {:.0} %; the nearest, \
         `{width}`, costs {nearest}, {:+.2} %; ask for another depth or cost",
        100.0 * TOLERANCE, 100.0 * target.difference(*nearest)
    )]
    Cost {
        /// The pattern's name.
        pattern: String,
        /// Blocks asked for.
        depth: u32,
        /// The width that is nearest.
        width: Width,
        /// What it costs.
        nearest: CostTarget,
        /// The cost asked for.
        target: CostTarget,
    },
    /// A cost that even the narrowest network exceeds.
    #[error(
        "{pattern} of depth `{depth}`: even the least width, `{width}`, costs {nearest}, {:.1} % \
         more than `{target}`; ask for fewer blocks or a higher cost",
        100.0 * target.difference(*nearest)
    )]
    LeastCost {
        /// The pattern's name.
        pattern: String,
        /// Blocks asked for.
        depth: u32,
        /// The least width.
        width: Width,
        /// What it costs.
        nearest: CostTarget,
        /// The cost asked for.
        target: CostTarget,
    },
}
