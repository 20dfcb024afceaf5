//! What experiments ask about caches: what is known of it, and how the rest becomes known.

mod counting;
mod request;
mod simulating;
mod stored;
mod update;

pub use counting::counted;
pub use request::{CacheRequest, SimulationRequest, is_asked};
pub use simulating::{SimulationProgress, served, simulate};
pub use stored::StoredSimulations;
pub use update::update;
