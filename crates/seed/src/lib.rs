//! What follows from a seed: streams of numbers, and the images and tensors that every engine sees; tensors may lie in a
//! file instead.
//!
//! Owns reproducibility: the same seed gives the same bits on every machine and in every version.
//! Must not know architectures, engines or the clock.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod arrays;
mod images;
mod npy;
mod stream;

pub use arrays::arrays;
pub use images::images;
pub use npy::{ArrayError, ArrayHeader, array_header};
pub use stream::Stream;
