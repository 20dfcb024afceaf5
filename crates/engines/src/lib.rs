//! What executes an architecture: the traits [`Engine`] and [`Session`], and one file per engine.
//!
//! Owns how a model is loaded and how one inference runs, and what each engine must be told about
//! threads. Must not know experiments, YAML, Parquet or figures, and holds no clock of its own
//! except the one a simulated engine needs.

#[cfg(feature = "burn")]
mod burn;
mod clock;
mod engine;
pub mod fake;
mod registry;

pub use clock::Clock;
pub use engine::{Engine, Failure, Session};
pub use registry::{architectures, engines};
