//! Runs on many machines, by the engine that runs such machines already: Slurm.
//!
//! Owns the script of a job, how it is given to Slurm, and what its files show of what became of it. There is no daemon, no
//! server and no queue of its own. Must not know how anything is measured, what a run holds, nor Burn, polars, plotters.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod bundle;
mod error;
mod event;
mod fate;
mod job;
mod job_folder;
mod script;
mod slurm;
mod wall_time;

pub use bundle::Bundle;
pub use error::FleetError;
pub use event::{Event, EventKind};
pub use fate::{Fate, fate};
pub use job::{FleetJob, Tools, names};
pub use job_folder::{JobFolder, jobs};
pub use script::script;
pub use slurm::Slurm;
pub use wall_time::WallTime;
