//! What is recorded of forward passes, and what is refused.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod activations;
mod constants;
mod errors;
mod names;
mod networks;
mod operations;
mod padding;
mod patterns;
mod recording;
