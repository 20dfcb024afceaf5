//! What a plan will cost: from what its cells cost on this host before, from their engine's other
//! cells where they are new, and within bounds where nothing is known.

mod bounds;
mod history;
mod line;
mod past_round;
mod prediction;

pub use history::{CellCost, History, PastCell};
pub use past_round::{PastBlock, PastRound, past_rounds};
pub use prediction::{CostRequest, PredictedCost, Sources, estimate, measured_within};
