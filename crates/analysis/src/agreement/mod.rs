//! A run against another: do the same comparisons come to the same speed-ups?

mod compared;
mod rows;
mod speed_ups;

pub use compared::{Agreement, Compared, EngineAgreement, MeanRatios, agreement};
pub(crate) use speed_ups::{Definition, SpeedUp, speed_ups};
