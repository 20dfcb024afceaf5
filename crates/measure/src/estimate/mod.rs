//! What a plan will cost: from what its cells cost on this host before, from their engine's other
//! cells where they are new, and within bounds where nothing is known.

mod bounds;
mod history;
mod line;
mod past;
mod prediction;

pub use history::{CellCost, History, PastCell};
pub use past::{PastBlock, PastRound, past_rounds};
pub use prediction::{Asked, Estimate, Sources, estimate, measured_within};
