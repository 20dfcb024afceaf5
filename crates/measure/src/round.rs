//! One round of a group: a fresh process for each cell, all of them alive, whose blocks take turns.

use std::time::Duration;

use formbench_protocol::{Prepared, WarmedUp};

use crate::conductor::{Conductor, unix_ns};
use crate::error::MeasureError;
use crate::launcher::{Process, first_answer};
use crate::order::order;
use crate::record::{BlockPlace, Measured};
use crate::scheduler::{NextRound, Scheduler};
use crate::worker_error::{WorkerError, WorkerResult};
use crate::{ProbeStart, RunCell, agreement, refusal};

/// A cell whose process is warm; it has none once that failed.
struct Ready<'c> {
    index: usize,
    cell: &'c RunCell,
    process: Option<Box<dyn Process + 'c>>,
    prepared: Prepared,
    warmed_up: WarmedUp,
}

impl Conductor<'_> {
    /// Takes a round; a process that fails ends its own cell only.
    ///
    /// # Errors
    /// A block or a refusal could not be kept, or workers do not start.
    pub(crate) fn round(
        &mut self,
        cells: &[RunCell],
        next: &NextRound,
        scheduler: &mut Scheduler<'_>,
    ) -> Result<(), MeasureError> {
        let mut ready = Vec::new();
        for &index in &next.cells {
            ready.extend(self.make_ready(&cells[index], index, next.round, scheduler)?);
        }
        let blocks = ready.iter().map(|one| one.cell.budget.blocks).max().unwrap_or(0);
        for block in 0..blocks {
            for (place, position) in order(ready.len(), next.round, block).into_iter().zip(0..) {
                let place_of_block = BlockPlace { round: next.round, block, position };
                self.turn(&mut ready[place], place_of_block, scheduler)?;
            }
        }
        ready.into_iter().try_for_each(|one| self.close(one, next.round, scheduler))
    }

    /// Returns a cell's process, prepared, checked and warm, or nothing if it failed.
    fn make_ready<'c>(
        &mut self,
        cell: &'c RunCell,
        index: usize,
        round: u32,
        scheduler: &mut Scheduler<'_>,
    ) -> Result<Option<Ready<'c>>, MeasureError>
    where
        Self: 'c,
    {
        if let Err((lost, stderr_tail)) = self.learn_reference(cell) {
            return self.give_up(cell, index, round, &lost, &stderr_tail, scheduler).map(|()| None);
        }
        let launcher = self.launcher;
        let start = launcher.now();
        let (outcome, stderr_tail) = match launcher.start(cell) {
            Err(lost) => (Err(lost), String::new()),
            Ok(mut process) => match self.warm(process.as_mut(), cell) {
                Ok((prepared, warmed_up)) => {
                    let process = Some(process);
                    (Ok(Ready { index, cell, process, prepared, warmed_up }), String::new())
                }
                Err(lost) => {
                    let stderr_tail = ended(process, &lost);
                    (Err(lost), stderr_tail)
                }
            },
        };
        scheduler.progress_mut(index).spent += launcher.now() - start;
        match outcome {
            Ok(ready) => Ok(Some(ready)),
            Err(lost) => {
                self.give_up(cell, index, round, &lost, &stderr_tail, scheduler).map(|()| None)
            }
        }
    }

    fn warm(
        &mut self,
        process: &mut dyn Process,
        cell: &RunCell,
    ) -> WorkerResult<(Prepared, WarmedUp)> {
        let prepared = process.prepare(self.software_gpu)?;
        self.check(cell, &prepared)?;
        Ok((prepared, process.warm_up()?))
    }

    /// Has the reference engine compute the group's logits, unless they are known or this cell is
    /// about to give them; a reference that fails comes with the end of its stderr.
    fn learn_reference(&mut self, cell: &RunCell) -> Result<(), (WorkerError, String)> {
        if agreement::is_reference(cell) || self.references.of(cell).is_some() {
            return Ok(());
        }
        let Some(reference) = agreement::reference_of(cell) else {
            return Err((WorkerError::Refused(refusal::no_reference(cell)), String::new()));
        };
        let prepared = first_answer(self.launcher, &reference, self.software_gpu).map_err(
            |(lost, stderr_tail)| {
                (refusal::without_reference(lost, cell, &stderr_tail), stderr_tail)
            },
        )?;
        self.references.keep(cell, prepared.logits);
        Ok(())
    }

    /// Compares engine and first logits with what was described and with the reference's; keeps the
    /// logits if this is the reference.
    fn check(&mut self, cell: &RunCell, prepared: &Prepared) -> Result<(), WorkerError> {
        if prepared.identity != cell.engine.identity {
            return Err(WorkerError::Refused(refusal::another_engine(cell, &prepared.identity)));
        }
        match self.references.of(cell) {
            Some(reference) => {
                agreement::check(cell, reference, prepared).map_err(WorkerError::Refused)
            }
            None => {
                self.references.keep(cell, prepared.logits.clone());
                Ok(())
            }
        }
    }

    /// Takes and keeps one block, if it is not there already.
    fn turn(
        &mut self,
        ready: &mut Ready<'_>,
        place: BlockPlace,
        scheduler: &mut Scheduler<'_>,
    ) -> Result<(), MeasureError> {
        let BlockPlace { round, block, .. } = place;
        let cell = ready.cell;
        let is_there = self.recorder.has_block(&cell.key, round, block);
        let is_asked = block < cell.budget.blocks && !is_there;
        let Some(process) = ready.process.as_mut().filter(|_| is_asked) else { return Ok(()) };
        let start = self.launcher.now();
        let taken = one_block(process.as_mut(), place, &ready.prepared, ready.warmed_up);
        scheduler.progress_mut(ready.index).spent += self.launcher.now() - start;
        match taken {
            Ok(measured) => {
                self.recorder.block(&cell.key, &measured).map_err(MeasureError::NotKept)
            }
            Err(lost) => {
                let stderr_tail = ready.process.take().map(|process| ended(process, &lost));
                let stderr_tail = stderr_tail.unwrap_or_default();
                self.give_up(cell, ready.index, round, &lost, &stderr_tail, scheduler)
            }
        }
    }

    /// Keeps why a cell ends, unless it is the run that ends.
    fn give_up(
        &mut self,
        cell: &RunCell,
        index: usize,
        round: u32,
        lost: &WorkerError,
        stderr_tail: &str,
        scheduler: &mut Scheduler<'_>,
    ) -> Result<(), MeasureError> {
        // Without the executable no cell can be measured: that refuses no single cell.
        if let WorkerError::NotStarted { reason } = lost {
            return Err(MeasureError::NoWorker(WorkerError::NotStarted { reason: reason.clone() }));
        }
        let Some(refusal) = refusal::refusal(lost, stderr_tail) else { return Ok(()) };
        scheduler.progress_mut(index).is_refused = true;
        self.refuse(cell, round, &refusal, stderr_tail)
    }

    /// Ends a process and counts its round; a cell whose time is spent before its rounds is refused.
    fn close(
        &mut self,
        ready: Ready<'_>,
        round: u32,
        scheduler: &mut Scheduler<'_>,
    ) -> Result<(), MeasureError> {
        let Ready { index, cell, process, .. } = ready;
        if let Some(process) = process {
            process.end();
        }
        let is_whole = self.missing(cell, round).is_empty();
        let progress = scheduler.progress_mut(index);
        progress.medians_ns = self.recorder.medians_ns(&cell.key);
        progress.whole_rounds.extend(is_whole.then_some(round));
        let lacks_rounds = progress.whole_rounds.len() < cell.budget.rounds as usize;
        let is_late = progress.spent >= Duration::from_secs_f64(cell.budget.cell_limit_s);
        if !(lacks_rounds && is_late) || progress.is_refused || self.launcher.is_interrupted() {
            return Ok(());
        }
        progress.is_refused = true;
        let refusal = refusal::out_of_time(cell, progress);
        self.refuse(cell, round + 1, &refusal, "")
    }
}

/// Ends a failed process, by force unless it refused, and returns the end of its stderr.
fn ended(process: Box<dyn Process + '_>, lost: &WorkerError) -> String {
    match lost {
        WorkerError::Refused(_) => process.end(),
        _ => process.kill(),
    }
}

fn one_block(
    process: &mut dyn Process,
    place: BlockPlace,
    prepared: &Prepared,
    warmed_up: WarmedUp,
) -> WorkerResult<Measured> {
    let before = process.probe();
    let started_unix_ns = unix_ns();
    let taken = process.block()?;
    let environment = before.map(ProbeStart::end).unwrap_or_default();
    Ok(Measured {
        place,
        process: process.id(),
        started_unix_ns,
        load_ns: prepared.load_ns,
        first_inference_ns: prepared.first_inference_ns,
        warmed_up,
        taken,
        environment,
    })
}
