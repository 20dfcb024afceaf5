//! What follows from a seed: streams of numbers, and the images that every engine sees.
//!
//! Owns reproducibility: the same seed gives the same bits on every machine and in every version.
//! Must not know architectures, engines or the clock.

mod images;
mod stream;

pub use images::images;
pub use stream::Stream;
