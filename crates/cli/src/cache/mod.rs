//! What experiments ask about caches: what is known of it, and how the rest becomes known.

mod asked;
mod counting;
mod known;
mod simulating;

pub use asked::{Asked, AskedCell, is_asked};
pub use counting::counted;
pub use known::Known;
pub use simulating::{Outcome, served, simulate};
