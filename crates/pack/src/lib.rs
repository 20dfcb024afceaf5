//! A run's folder to one file that travels, and back.
//!
//! Owns what a pack holds and under which names, what of a run may not travel unasked, and everything that is checked
//! before a pack is put among the runs. A pack is a function of the run's data, of the experiments and of the licence:
//! no clock, equal bytes from equal folders. Must not know Burn, plotters, or how anything was measured.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod added_runs;
mod archive;
mod contents;
mod digest;
mod error;
mod experiments;
mod fault;
mod host_card;
mod licence;
mod limits;
mod manifest;
mod name;
mod packing;
mod privacy;
mod research_object;
mod results;
mod tables;

pub use added_runs::{AddedRun, AddedRuns};
pub use error::PackError;
pub use fault::Fault;
pub use licence::{Licence, LicenceError};
pub use limits::{
    MOST_BYTES, MOST_FILES, MOST_GROUP_BYTES, MOST_GROUP_ROWS, MOST_ROWS, MOST_TEXT_BYTES,
};
pub use packing::{PackRequest, PackedRun, pack};
pub use privacy::Surroundings;
