//! Every architecture as Burn modules, generic over the backend.
//!
//! Owns the networks, the patterns and how they are stacked, their deterministic weights and
//! the registry of their names. Must not know the clock, the disk or the engines.
//!
//! A pattern's file has the pattern's name (`depthwise-bottleneck` is
//! `pattern/depthwise_bottleneck.rs`). A network's file has the name of its family, with which the
//! name of every variant begins (`resnet18` and `resnet50` are rows in `network/resnet.rs`).
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod block;
mod error;
mod inference;
mod network;
mod pattern;
#[cfg(test)]
mod probe;
mod registry;
mod weights;

pub use error::ArchitectureError;
pub use inference::{BuiltNetwork, Network};
pub use registry::{build, registry};
