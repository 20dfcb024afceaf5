//! The harness measures what is known: engines that take a known time, machines whose noise is simulated,
//! the same cell twice.

mod cell;
mod in_memory;
mod known;
mod real;
mod simulated;

use std::sync::atomic::AtomicBool;

use anyhow::{Result, anyhow};
use formbench_measure::{LocalLauncher, WorkerCommand};
use formbench_protocol::{EngineInfo, EngineKind};
use formbench_store::CheckRow;

// For the example `two_designs`, which measures on a simulated machine, too.
pub use in_memory::{InMemory, measure};

/// Returns what the harness finds on a worker that has these engines. So many pairs of a cell with itself are measured on an
/// engine that computes, which takes some seven seconds each.
///
/// # Errors
/// The worker does not answer, or refuses its own instrument.
pub fn checks(worker: &WorkerCommand, engines: &[EngineInfo], pairs: u32) -> Result<Vec<CheckRow>> {
    let instrument = (engines.iter())
        .find(|info| info.kind == EngineKind::Instrument)
        .ok_or_else(|| anyhow!("the worker has no instrument to test with"))?;
    let interrupt = AtomicBool::new(false);
    let launcher = LocalLauncher::new(worker, &interrupt);
    let mut checks = known::checks(&launcher, instrument)?;
    checks.extend(simulated::checks()?);
    if pairs > 0 {
        checks.push(real::check(&launcher, engines, pairs)?);
    }
    Ok(checks)
}
