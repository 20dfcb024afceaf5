//! The harness measures what is known: engines that take a known time, machines whose noise is
//! simulated, the same cell twice.

mod cell;
mod kept;
mod known;
mod real;
mod simulated;

use std::sync::atomic::AtomicBool;

use anyhow::{Result, anyhow};
use formbench_measure::{WorkerCommand, Workers};
use formbench_protocol::EngineKind;
use formbench_report::Check;

use crate::arguments::{Arguments, SelftestArguments};
use crate::exit::Exit;
use crate::{location, output, planning};

/// Prints what the harness measures of what is known.
///
/// # Errors
/// The worker does not answer, or refuses its own instrument.
pub fn execute(arguments: &Arguments, selftest: &SelftestArguments) -> Result<Exit> {
    let checks = checks(&location::worker(arguments)?, selftest.quick)?;
    if selftest.json {
        output::json(&checks)?;
    } else {
        output::table(["check", "expected", "measured", "passed"], checks.iter().map(row))?;
    }
    let passed = checks.iter().all(|check| check.passed);
    Ok(if passed { Exit::Done } else { Exit::SelfTestFailed })
}

/// Returns what the harness finds; `quick` leaves out what takes minutes.
///
/// # Errors
/// The worker does not answer, or refuses its own instrument.
pub fn checks(worker: &WorkerCommand, quick: bool) -> Result<Vec<Check>> {
    let engines = planning::describe(worker)?.engines;
    let instrument = (engines.iter())
        .find(|info| info.kind == EngineKind::Instrument)
        .ok_or_else(|| anyhow!("the worker has no instrument to test with"))?;
    let interrupt = AtomicBool::new(false);
    let workers = Workers::new(worker, &interrupt);
    let mut checks = known::checks(&workers, instrument)?;
    checks.extend(simulated::checks(instrument)?);
    if !quick {
        checks.push(real::check(&workers, &engines)?);
    }
    Ok(checks)
}

fn row(check: &Check) -> [String; 4] {
    let passed = if check.passed { "yes" } else { "no" };
    [check.check.clone(), check.expected.clone(), check.measured.clone(), passed.to_owned()]
}
