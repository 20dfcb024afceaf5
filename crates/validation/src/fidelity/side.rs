//! What both sides of a comparison have in common.

use anyhow::Result;

/// Who takes turns; it is stopped while it has none.
pub trait Side {
    /// Returns the median latency of one turn, in nanoseconds.
    ///
    /// # Errors
    /// The side failed.
    fn turn_ns(&mut self) -> Result<f64>;
}
