//! The conductor: starts a fresh worker per cell and round, takes turns, and decides when enough is
//! enough.
//!
//! Owns processes, their limits and the order of measurement. Must not know Burn, polars or
//! plotters: what it takes goes to a [`Recorder`], what it does to an [`Observer`].

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

pub mod agreement;
mod attribute_client;
pub mod cache;
mod client;
mod conductor;
mod error;
mod estimate;
mod group;
pub mod host;
mod key;
mod launcher;
mod order;
mod pipe;
mod process;
mod record;
pub mod refusal;
mod round;
mod scheduler;
pub mod suspension;
mod worker;
mod worker_error;

pub use attribute_client::AttributeClient;
pub use conductor::{Conductor, End, unix_ns};
pub use error::MeasureError;
pub use estimate::{
    CellCost, CostRequest, History, PastBlock, PastCell, PastRound, PredictedCost, Sources,
    estimate, measured_within, past_rounds,
};
pub use group::{Group, groups};
pub use host::{
    AllowedProcessors, BlockEnvironment, Host, HostProbe, ProbeStart, ProcessorSet, Settings,
    available_memory, limit_memory, short_hash,
};
pub use key::{RunCell, run_cells};
pub use launcher::{Launcher, LocalLauncher, Process, first_answer};
pub use order::BURST;
pub use process::{CellProcess, nanoseconds};
pub use record::{
    BlockPlace, Burst, Measured, Observer, RecordError, Recorder, RoundProgress, TakenBursts,
};
pub use scheduler::NextRound;
pub use worker::{Interrupt, WorkerCommand};
pub use worker_error::{WorkerError, WorkerResult};
