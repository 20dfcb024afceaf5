//! Pure numbers: medians, outliers, intervals of latencies, speed-ups and correlations,
//! agreement of logits.
//!
//! Owns every formula that turns samples into a statement. Must not know where samples come from,
//! nor read, print or time anything: equal inputs give equal outputs.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod agreement;
mod bootstrap;
mod estimate;
pub mod outlier;
mod quantile;
mod rank;
mod rounds;
mod student;
mod turns;

pub use agreement::{Difference, ShapeError, Tolerance, disagreement, largest_difference};
pub use bootstrap::Bootstrap;
pub use estimate::Estimate;
pub use quantile::{median_ns, quantile_ns};
pub use rank::rank_correlation;
pub use rounds::{BlockPair, PairedRound};
pub use turns::TurnBlock;
