//! Every engine's logits against its reference engine's, without timing anything.

use std::convert::Infallible;
use std::sync::atomic::AtomicBool;

use formbench_measure::agreement::{self, Answer, Camps, References};
use formbench_measure::{
    Launcher, LocalLauncher, RunCell, WorkerCommand, WorkerError, first_answer, refusal,
};
use formbench_protocol::{Output, OutputCheck, Precision, Prepared, Refusal, RefusalKind};

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

    /// Returns how a cell's logits compare with its reference's; of a file, with those of the engines among `cells` that
    /// agree on it.
    pub fn of(&mut self, cell: &RunCell, cells: &[RunCell]) -> ParityOutcome {
        if let Some(refusal) = cell.known_refusal(self.software_gpu) {
            return ParityOutcome::Refused(refusal.clone());
        }
        let compared = if agreement::is_judged(cell) {
            self.judge(cell, cells);
            self.compare_judged(cell)
        } else {
            self.compare(cell)
        };
        match compared {
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
        difference(reference, &prepared, &[])
    }

    /// Finds out which engines agree on a cell's file, unless it is known.
    fn judge(&mut self, of: &RunCell, cells: &[RunCell]) {
        if self.references.camps(of).is_some() {
            return;
        }
        let never = AtomicBool::new(false);
        let checks = LocalLauncher::new(self.worker, &never).output_checks(of);
        let answer = |judge: &RunCell| Ok::<_, Infallible>(self.answer(judge));
        let Ok(camps) = agreement::judge(of, cells, checks, answer);
        self.references.keep_camps(of, camps);
    }

    /// Returns what an engine gives for a file, unless it fails.
    fn answer(&self, judge: &RunCell) -> Option<Answer> {
        if judge.known_refusal(self.software_gpu).is_some() {
            return None;
        }
        let Prepared { precision, outputs, .. } = self.prepare(judge).ok()?;
        Some(Answer { engine: judge.engine.identity.name.clone(), precision, outputs })
    }

    fn compare_judged(&self, cell: &RunCell) -> Result<LogitDifference, (WorkerError, String)> {
        let prepared = self.prepare(cell)?;
        let none = Camps::default();
        let camps = self.references.camps(cell).unwrap_or(&none);
        match camps.majority() {
            Some(right) if camps.are_several() => difference(right, &prepared, camps.checks()),
            _ if camps.are_several() => Err(refused(RefusalKind::Disagrees, camps.sentence())),
            _ => Err(refused(RefusalKind::Unsupported, camps.sentence())),
        }
    }

    fn prepare(&self, cell: &RunCell) -> Result<Prepared, (WorkerError, String)> {
        let never = AtomicBool::new(false);
        first_answer(&LocalLauncher::new(self.worker, &never), cell, self.software_gpu)
    }
}

fn difference(
    reference: &[Output],
    prepared: &Prepared,
    checks: &[OutputCheck],
) -> Result<LogitDifference, (WorkerError, String)> {
    let compared = agreement::compare(reference, prepared, checks);
    let (agrees, largest) =
        compared.map_err(|error| refused(RefusalKind::Disagrees, error.to_string()))?;
    let (difference, allowed) =
        largest.map_or((0.0, 0.0), |it| (it.difference.difference, it.difference.allowed));
    Ok(LogitDifference { precision: prepared.precision, agrees, difference, allowed })
}

fn refused(kind: RefusalKind, reason: String) -> (WorkerError, String) {
    (WorkerError::Refused(Refusal::new(kind, reason)), String::new())
}
