//! Every architecture as a blueprint.
//!
//! Owns the networks, the patterns and how they are stacked, the registry of their names, and the
//! search for the width at which a pattern has a given cost. Must not know weights, Burn, the clock,
//! the disk or the engines.
//!
//! A pattern's file has the pattern's name (`depthwise-bottleneck` is
//! `pattern/depthwise_bottleneck.rs`). A network's file has the name of its family, whose networks
//! are the rows of its table (`resnet18` and `resnet50` are rows in `network/resnet.rs`).
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod block;
mod error;
mod fit;
mod network;
mod pattern;
#[cfg(test)]
mod probe;
mod registry;

pub use error::ArchitectureError;
pub use fit::{Fit, TOLERANCE, fit};
pub use registry::{blueprint, registry};
