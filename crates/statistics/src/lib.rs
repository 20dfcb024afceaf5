//! Pure numbers: medians, intervals of latencies, speed-ups and correlations, agreement
//! of logits, disturbed blocks.
//!
//! Owns every formula that turns samples into a statement. Must not know where samples come from,
//! nor read, print or time anything: equal inputs give equal outputs.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod agreement;
mod bootstrap;
mod burst;
mod cache;
mod contention;
mod crossed;
mod disturbance;
mod estimate;
mod histogram;
mod level;
mod multiple;
mod pairing;
mod quantile;
mod quiet_limit;
mod rank;
mod ranking;
mod ratio;
mod required_rounds;
mod rounds;
mod speed;
mod student;
mod turns;
mod variance_parts;

pub use agreement::{Difference, ShapeError, Tolerance, disagreement, largest_difference};
pub use bootstrap::Bootstrap;
pub use burst::counting;
pub use cache::cache_hit_rate;
pub use contention::RatioSlope;
pub use crossed::CrossedTable;
pub use disturbance::{BlockTime, Disturbance, DisturbanceRule};
pub use estimate::Estimate;
pub use histogram::Histogram;
pub use level::{LevelChange, RunLevel, RunScatter};
pub use multiple::holm;
pub use pairing::{TurnKey, TurnMedian, TurnMedians, paired, paired_rounds};
pub use quantile::{median_ns, quantile, quantile_ns};
pub use quiet_limit::{QuietLimit, Watched};
pub use rank::rank_correlation;
pub use ranking::Ranking;
pub use required_rounds::{
    rounds_factor_to_exclude, rounds_factor_to_narrow, rounds_factor_to_rank,
};
pub use rounds::{PairedRound, RoundSpread, TurnPair, log_ratio_sd, log_speed_up_variance};
pub use speed::{Conditions, Found, QuietLevel, Speed, quiet_turns};
pub use turns::TurnBlock;
pub use variance_parts::{VariancePart, VarianceSplit};
