//! Burn modules of a blueprint, generic over the backend.
//!
//! Owns what each layer of a blueprint is in Burn, and the deterministic weights: a pure function of
//! the architecture's name, the layer's path and a seed, the same bits on every backend. Must not
//! know the names of architectures, the clock, the disk or the engines.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod activation;
mod flow;
mod flows;
mod layer;
mod network;
mod path;
mod pool;
mod rearrange;
mod scale;
mod token;
mod weights;

pub use network::{ModuleError, Network};
