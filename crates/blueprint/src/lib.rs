//! Layers of a network and how they are wired, as data.
//!
//! Owns what a layer is, what shapes it makes of shapes, and what it costs. Owns [`Net`] too, with
//! which a network is written down in the order in which its features flow. Estimates how large the
//! numbers in a network become; its weights follow from the estimates elsewhere. Must not know
//! Burn, the weights themselves, the names of networks or what executes them: a network that
//! changes recompiles no backend.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod activation;
mod blueprint;
mod convolution;
mod cost;
mod moment;
mod net;
mod operation;
mod pool;
mod shape;

pub use activation::Activation;
pub use blueprint::{Blueprint, Step};
pub use convolution::{Convolution, Filling, Padding};
pub use cost::Cost;
pub use net::{Features, Net};
pub use operation::{ConvolutionLayer, Operation};
pub use pool::{Pool, PoolKind};
pub use shape::{LayerShapeError, Shape};
