//! Serves one engine over a pipe and owns the clock: the timed span starts and stops in `timing`.
//!
//! Owns the order of requests, the images, warm-up and blocks. Must not know YAML, Parquet or
//! figures, nor which engines exist: they come in a [`Catalogue`].

mod block;
mod catalogue;
#[cfg(target_os = "linux")]
mod hashes;
mod loaded;
mod operators;
mod process;
mod roofline;
mod serve;
mod timing;
mod warm_up;

pub use catalogue::{Catalogue, Inspector};
pub use process::{claim_stdout, end_with_parent};
pub use roofline::take as roofline;
pub use serve::serve;
