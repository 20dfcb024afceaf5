use std::collections::BTreeMap;
use std::path::Path;

use formbench_protocol::{
    Architecture, BlockRequest, DeviceKind, EQUAL_HASHES, Identity, Job, Output, Prepared, Refusal,
    RefusalKind, UserFile,
};
use tempfile::TempDir;

use super::valgrind::{dump, tell};
use super::{CacheCounts, LastLevel, Valgrind, ValgrindError};
use crate::worker::{Interrupt, Worker};
use crate::worker_error::{WorkerError, WorkerResult};
use crate::{RunCell, WorkerCommand, agreement, refusal};

/// Inferences that fill the simulated caches, which are empty at first. After so many, engines that
/// allocate buffers for each inference get the same addresses again.
const WARM: u64 = 4;

/// Simulates how inferences of a worker use the caches.
pub struct Simulator<'a> {
    worker: &'a WorkerCommand,
    valgrind: &'a Valgrind,
    /// Seconds that a worker under valgrind may take for one answer.
    limit_s: f64,
}

/// How one inference uses the caches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// The engine as it ran in the simulator.
    pub identity: Identity,
    /// What was counted.
    pub counts: CacheCounts,
}

impl<'a> Simulator<'a> {
    /// Returns a simulator that gives a worker up after `limit_s` without an answer.
    pub fn new(worker: &'a WorkerCommand, valgrind: &'a Valgrind, limit_s: f64) -> Self {
        Self { worker, valgrind, limit_s }
    }

    /// Returns the engines as they describe themselves in the simulator, with the vector
    /// instructions that it offers.
    ///
    /// # Errors
    /// The worker did not answer.
    pub fn engines(&self, interrupt: &Interrupt) -> WorkerResult<Vec<Identity>> {
        let command = self.valgrind.translated(self.worker);
        let mut worker = Worker::start_as(command, &BTreeMap::new(), interrupt)?;
        match worker.describe(self.limit_s) {
            Ok(description) => {
                worker.end();
                Ok(description.engines.into_iter().map(|info| info.identity).collect())
            }
            Err(lost) => Err(worker.last_words(lost)),
        }
    }

    /// Returns how a cell's inference uses the caches, if [`is_simulated`] states that it
    /// can be simulated; `model` is the file of its architecture.
    ///
    /// # Errors
    /// A refusal, also if the logits in the simulator differ from those outside it; an
    /// interruption; or there is no worker.
    pub fn simulate(
        &self,
        cell: &RunCell,
        model: &UserFile,
        last_level: LastLevel,
        interrupt: &Interrupt,
    ) -> WorkerResult<Simulated> {
        let (job, expected) = self.job(cell, model, interrupt)?;
        let folder = tempfile::tempdir().map_err(|error| failed(&error))?;
        let command = self.valgrind.simulated(self.worker, last_level, folder.path());
        let mut variables = cell.thread_variables();
        variables.insert(EQUAL_HASHES.to_owned(), "1".to_owned());
        let worker = Worker::start_as(command, &variables, interrupt)?;
        let mut session = SimulatedWorker { worker, folder, limit_s: self.limit_s };
        match session.count(cell, job, &expected) {
            Ok(simulated) => {
                session.worker.end();
                Ok(simulated)
            }
            Err(lost) => Err(named(lost, &session.worker.kill())),
        }
    }

    /// Returns the cell's job, on the file unless its engine runs modules, with its outputs outside the
    /// simulator.
    fn job(
        &self,
        cell: &RunCell,
        model: &UserFile,
        interrupt: &Interrupt,
    ) -> WorkerResult<(Job, Vec<Output>)> {
        let defined = cell.cell.job(false);
        let job = if cell.engine.runs_modules {
            defined
        } else {
            Job { architecture: Architecture::File(model.clone()), ..defined }
        };
        let outputs = self.outputs(cell, &job, interrupt)?;
        Ok((job, outputs))
    }

    fn outputs(
        &self,
        cell: &RunCell,
        job: &Job,
        interrupt: &Interrupt,
    ) -> WorkerResult<Vec<Output>> {
        let mut worker = Worker::start(self.worker, &cell.thread_variables(), interrupt)?;
        match worker.prepare(job.clone(), cell.budget.limit_s) {
            Ok(prepared) => {
                worker.end();
                Ok(prepared.outputs)
            }
            Err(lost) => Err(named(lost, &worker.kill())),
        }
    }
}

/// A worker in the simulator.
struct SimulatedWorker<'a> {
    worker: Worker<'a>,
    folder: TempDir,
    limit_s: f64,
}

impl SimulatedWorker<'_> {
    fn count(&mut self, cell: &RunCell, job: Job, expected: &[Output]) -> WorkerResult<Simulated> {
        let prepared = self.worker.prepare(job, self.limit_s)?;
        check_logits(cell, expected, &prepared)?;
        self.tell("instrumentation on")?;
        self.infer(WARM)?;
        self.tell("zero")?;
        self.infer(1)?;
        self.tell("dump")?;
        let counts = read(&dump(self.folder.path(), self.worker.id()))?;
        Ok(Simulated { identity: prepared.identity, counts })
    }

    fn infer(&mut self, inferences: u64) -> WorkerResult<()> {
        self.worker.block(BlockRequest::exactly(inferences), self.limit_s).map(|_| ())
    }

    fn tell(&self, command: &'static str) -> WorkerResult<()> {
        tell(self.folder.path(), self.worker.id(), command).map_err(|error| failed(&error))
    }
}

fn read(path: &Path) -> WorkerResult<CacheCounts> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let missing = || failed(&ValgrindError::NoCounts { path: path.into() });
    CacheCounts::parse(&text).ok_or_else(missing)
}

/// Returns whether a cell's caches can be simulated: it runs on one thread of the processor and its
/// engine did not refuse it beforehand.
///
/// Several threads would share one simulated first level, which no processor has. Another device
/// has caches of its own.
pub fn is_simulated(cell: &RunCell) -> bool {
    let kind = cell.engine.identity.device.kind;
    let on_processor = matches!(kind, DeviceKind::Cpu | DeviceKind::Simulated);
    on_processor && cell.cell.threads == 1 && cell.known_refusal(false).is_none()
}

fn check_logits(cell: &RunCell, expected: &[Output], prepared: &Prepared) -> WorkerResult<()> {
    let refuse = |reason| Err(WorkerError::Refused(Refusal::new(RefusalKind::Disagrees, reason)));
    match agreement::compare(expected, prepared, &[]) {
        Ok((true, _)) => Ok(()),
        Ok((false, largest)) => refuse(format!(
            "{} on {}: logits in the simulator differ by {:.1e}",
            cell.cell.architecture,
            cell.cell.engine,
            largest.map_or(f64::NAN, |largest| largest.difference.difference)
        )),
        Err(error) => refuse(error.to_string()),
    }
}

/// Returns a worker error as the refusal that a run records; an error that ends the run stays.
fn named(lost: WorkerError, stderr_tail: &str) -> WorkerError {
    match refusal::refusal(&lost, stderr_tail) {
        Some(refusal) => WorkerError::Refused(refusal),
        None => lost,
    }
}

fn failed(error: &dyn std::error::Error) -> WorkerError {
    WorkerError::Refused(Refusal::new(RefusalKind::Failed, error.to_string()))
}
