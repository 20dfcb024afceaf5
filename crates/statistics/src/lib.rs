//! Pure numbers: medians, intervals of latencies, speed-ups and correlations, agreement
//! of logits, disturbed blocks.
//!
//! Owns every formula that turns samples into a statement. Must not know where samples come from,
//! nor read, print or time anything: equal inputs give equal outputs.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod agreement;
mod bootstrap;
mod cache;
mod deciding;
mod dirt;
mod estimate;
mod pairing;
mod quantile;
mod rank;
mod ranking;
mod rounds;
mod student;
mod turns;

pub use agreement::{Difference, ShapeError, Tolerance, disagreement, largest_difference};
pub use bootstrap::Bootstrap;
pub use cache::cache_efficacy;
pub use deciding::{growth_past, growth_to_rank};
pub use dirt::{BlockTime, Dirt, DirtRule};
pub use estimate::Estimate;
pub use pairing::{BlockMedians, TurnKey, paired, paired_rounds};
pub use quantile::{median_ns, quantile_ns};
pub use rank::rank_correlation;
pub use ranking::Ranking;
pub use rounds::{BlockPair, PairedRound, turn_scatter};
pub use turns::TurnBlock;
