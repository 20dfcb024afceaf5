//! How one inference uses the last-level cache: simulated, or counted by the processor.
//!
//! A simulation runs the worker under valgrind, asks it for warm inferences, and counts exactly one:
//! the answer depends on the engine and the simulated caches and not on this machine's. Counters
//! watch the worker from outside where the kernel gives them.

mod content;
mod counters;
mod counts;
mod geometry;
mod model;
mod simulator;
mod valgrind;

pub use content::content_key;
pub use counters::{Counted, CountersError, count};
pub use counts::CacheCounts;
pub use geometry::{L1_BYTES, LastLevel};
pub use model::Models;
pub use simulator::{Simulated, Simulator, is_simulated};
pub use valgrind::{Valgrind, ValgrindError};
