//! The conductor: starts a fresh worker per cell and round, takes turns, and decides when enough is
//! enough.
//!
//! Owns processes, their limits and the order of measurement. Must not know Burn, polars or
//! plotters: what it takes goes to a [`Recorder`], what it does to an [`Observer`].

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod agreement;
pub mod cache;
mod conductor;
mod error;
mod estimate;
mod group;
mod host;
mod inspector;
mod key;
mod lost;
pub mod noise;
mod order;
mod parity;
mod pipe;
mod process;
mod record;
mod refusing;
mod round;
mod sampler;
mod setting;
mod simulated;
mod witness;
mod worker;
mod workplace;

pub use conductor::{Conductor, End, unix_ns};
pub use error::MeasureError;
pub use estimate::{
    Asked, CellCost, Estimate, History, PastBlock, PastCell, PastRound, Sources, estimate,
    measured_within, past_rounds,
};
pub use group::{Comparison, Group, groups};
pub use host::{Host, short_hash};
pub use inspector::Inspector;
pub use key::{RunCell, run_cells};
pub use lost::{Answered, Lost};
pub use parity::{Compared, Outcome, Parity};
pub use process::{CellProcess, nanoseconds};
pub use record::{BlockPlace, Measured, Observer, RecordError, Recorder, Turn};
pub use sampler::{BlockMedians, NextRound};
pub use setting::Settings;
pub use simulated::{Noise, SimulatedMachine};
pub use witness::{Before, Witness, Witnessed};
pub use worker::{Interrupt, WorkerCommand};
pub use workplace::{Process, Workers, Workplace};
