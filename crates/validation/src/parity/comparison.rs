//! Every engine's logits against its reference engine's, without timing anything.

use std::sync::atomic::AtomicBool;

use formbench_measure::agreement::{self, References};
use formbench_measure::{
    LocalLauncher, RunCell, WorkerCommand, WorkerError, first_answer, refusal,
};
use formbench_protocol::{Precision, Prepared, Refusal, RefusalKind};

/// A cell's logits beside the reference's.
#[derive(Clone, Debug, PartialEq)]
pub enum ParityOutcome {
    /// They were compared.
    Compared(LogitDifference),
    /// There is nothing to compare.
    Refused(Refusal),
}

/// The largest difference of a cell's logits from the reference's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogitDifference {
    /// Numbers that the engine computed in.
    pub precision: Precision,
    /// Whether every logit is within the tolerance.
    pub agrees: bool,
    /// Magnitude of the difference that is largest relative to what is allowed there.
    pub difference: f64,
    /// What the tolerance allows there.
    pub allowed: f64,
}

/// Compares cells, computing the logits of each reference once.
pub struct Parity<'a> {
    worker: &'a WorkerCommand,
    software_gpu: bool,
    references: References,
}

impl<'a> Parity<'a> {
    /// Returns a comparison that has seen nothing yet.
    pub fn new(worker: &'a WorkerCommand, software_gpu: bool) -> Self {
        Self { worker, software_gpu, references: References::default() }
    }

    /// Returns how a cell's logits compare with its reference's.
    pub fn of(&mut self, cell: &RunCell) -> ParityOutcome {
        if let Some(refusal) = cell.known_refusal(self.software_gpu) {
            return ParityOutcome::Refused(refusal.clone());
        }
        match self.compare(cell) {
            Ok(compared) => ParityOutcome::Compared(compared),
            Err((lost, stderr_tail)) => {
                ParityOutcome::Refused(refusal::refusal_or(&lost, &stderr_tail))
            }
        }
    }

    fn compare(&mut self, cell: &RunCell) -> Result<LogitDifference, (WorkerError, String)> {
        if self.references.of(cell).is_none() {
            let reference = agreement::reference_of(cell).ok_or_else(|| {
                (WorkerError::Refused(refusal::no_reference(cell)), String::new())
            })?;
            let prepared = self.prepare(&reference)?;
            self.references.keep(cell, prepared.outputs);
        }
        let prepared = self.prepare(cell)?;
        let reference = self.references.of(cell).unwrap_or_default();
        let (agrees, largest) = agreement::compare(reference, &prepared).map_err(|error| {
            let refusal = Refusal::new(RefusalKind::Disagrees, error.to_string());
            (WorkerError::Refused(refusal), String::new())
        })?;
        let (difference, allowed) =
            largest.map_or((0.0, 0.0), |it| (it.difference.difference, it.difference.allowed));
        Ok(LogitDifference { precision: prepared.precision, agrees, difference, allowed })
    }

    fn prepare(&self, cell: &RunCell) -> Result<Prepared, (WorkerError, String)> {
        let never = AtomicBool::new(false);
        first_answer(&LocalLauncher::new(self.worker, &never), cell, self.software_gpu)
    }
}
