//! One round of a group: a fresh process for each cell, all of them alive, whose bursts take turns.

use std::time::Duration;

use formbench_protocol::{DeviceKind, Prepared, TakenBlock, WarmedUp};
use formbench_statistics::Speed;

use crate::agreement::{self, Answer};
use crate::conductor::{Conductor, unix_ns};
use crate::error::MeasureError;
use crate::launcher::{Process, first_answer};
use crate::order::{BURST, Turns};
use crate::record::{BlockPlace, Measured, TakenBursts};
use crate::scheduler::{NextRound, Scheduler};
use crate::worker_error::{WorkerError, WorkerResult};
use crate::{ProbeStart, ProcessorSet, RunCell, refusal};

/// A cell whose process is warm and waits for its turn; it has none once that failed.
struct Ready<'c> {
    index: usize,
    cell: &'c RunCell,
    process: Option<Box<dyn Process + 'c>>,
    /// The processors that the process may run on, if not any.
    processors: Option<ProcessorSet>,
    prepared: Prepared,
    warmed_up: WarmedUp,
    /// The block that it takes.
    open: Option<OpenBlock>,
}

/// A block whose turns are not over.
struct OpenBlock {
    place: BlockPlace,
    started_unix_ns: u64,
    probe: Option<ProbeStart>,
    taken: TakenBursts,
    /// Whether the process was stopped before each of its bursts.
    is_stopped: bool,
}

impl Ready<'_> {
    /// Returns how long one inference took while it warmed up, in seconds.
    fn inference_s(&self) -> f64 {
        let WarmedUp { inferences, wall_ns, .. } = self.warmed_up;
        wall_ns as f64 / 1e9 / inferences.max(1) as f64
    }
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
        if let Some(&first) = next.cells.first() {
            self.judge(&cells[first], cells)?;
        }
        let mut ready = Vec::new();
        for &index in &next.cells {
            ready.extend(self.make_ready(&cells[index], index, next.round, scheduler)?);
        }
        let turns = Turns::new(ready.iter().map(|one| (one.inference_s(), &one.cell.budget)));
        let blocks = ready.iter().map(|one| one.cell.budget.blocks).max().unwrap_or(0);
        for block in 0..blocks {
            self.block(&mut ready, &turns, [next.round, block], scheduler)?;
        }
        ready.into_iter().try_for_each(|one| self.close(one, next.round, scheduler))
    }

    /// Has the engines of a file's group give their outputs, unless it is known who agrees with whom. An engine that
    /// fails is no judge; its own cell finds out why.
    ///
    /// # Errors
    /// Workers do not start.
    fn judge(&mut self, of: &RunCell, cells: &[RunCell]) -> Result<(), MeasureError> {
        if !agreement::is_judged(of) || self.references.camps(of).is_some() {
            return Ok(());
        }
        let checks = self.launcher.output_checks(of);
        let camps = agreement::judge(of, cells, checks, |judge| self.answer(judge))?;
        if !self.launcher.is_interrupted() {
            self.observer.judged(of, &camps);
        }
        self.references.keep_camps(of, camps);
        Ok(())
    }

    /// Returns what an engine gives for a file, unless it fails.
    ///
    /// # Errors
    /// Workers do not start.
    fn answer(&self, judge: &RunCell) -> Result<Option<Answer>, MeasureError> {
        if judge.known_refusal(self.software_gpu).is_some() || self.launcher.is_interrupted() {
            return Ok(None);
        }
        let engine = judge.engine.identity.name.clone();
        match first_answer(self.launcher, judge, self.software_gpu) {
            Ok(Prepared { precision, outputs, .. }) => {
                Ok(Some(Answer { engine, precision, outputs }))
            }
            Err((WorkerError::NotStarted { reason }, _)) => {
                Err(MeasureError::NoWorker(WorkerError::NotStarted { reason }))
            }
            Err(_) => Ok(None),
        }
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
        let is_on_processor = cell.engine.identity.device.kind == DeviceKind::Cpu;
        let allowed = launcher.processors().filter(|_| is_on_processor);
        let processors = allowed.map(|allowed| allowed.choose(cell.cell.threads, round));
        let (outcome, stderr_tail) = match launcher.start(cell, processors.as_ref()) {
            Err(lost) => (Err(lost), String::new()),
            Ok(mut process) => match self.warm(process.as_mut(), cell) {
                Ok((prepared, warmed_up)) => {
                    process.stop();
                    let (process, open) = (Some(process), None);
                    let ready =
                        Ready { index, cell, process, processors, prepared, warmed_up, open };
                    (Ok(ready), String::new())
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
        let is_known = agreement::is_judged(cell) || self.references.of(cell).is_some();
        if is_known || agreement::is_reference(cell) {
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
        self.references.keep(cell, prepared.outputs);
        Ok(())
    }

    /// Compares engine and first logits with what was described and with the reference's; keeps the
    /// logits if this is the reference.
    fn check(&mut self, cell: &RunCell, prepared: &Prepared) -> Result<(), WorkerError> {
        if prepared.identity != cell.engine.identity {
            return Err(WorkerError::Refused(refusal::another_engine(cell, &prepared.identity)));
        }
        if agreement::is_judged(cell) {
            let checked = self
                .references
                .camps(cell)
                .map_or(Ok(()), |camps| agreement::check_camps(cell, camps, prepared));
            return checked.map_err(WorkerError::Refused);
        }
        match self.references.of(cell) {
            Some(reference) => {
                agreement::check(cell, reference, prepared).map_err(WorkerError::Refused)
            }
            None => {
                self.references.keep(cell, prepared.outputs.clone());
                Ok(())
            }
        }
    }

    /// Takes the turns of a block, whose number is that of the round and its own, and keeps what each cell
    /// took that does not have the block already.
    fn block(
        &mut self,
        ready: &mut [Ready<'_>],
        turns: &Turns,
        [round, block]: [u32; 2],
        scheduler: &mut Scheduler<'_>,
    ) -> Result<(), MeasureError> {
        for (place, position) in turns.order(round, block, 0).into_iter().zip(0..) {
            self.open(&mut ready[place], BlockPlace { round, block, position });
        }
        let mut speed = None;
        for turn in 0..turns.count() {
            for place in turns.order(round, block, turn) {
                self.turn(&mut ready[place], [round, turn], &mut speed, scheduler)?;
            }
        }
        // All blocks end before the first is written: what one writes is no part of another.
        let mut measured = Vec::new();
        for one in ready {
            let open = one.open.take().filter(|_| one.process.is_some());
            measured.extend(open.map(|open| (&one.cell.key, open.measured(one))));
        }
        for (key, block) in measured {
            self.recorder.block(key, &block).map_err(MeasureError::NotKept)?;
        }
        Ok(())
    }

    /// Begins a block, if it is asked for and not there already.
    fn open(&self, ready: &mut Ready<'_>, place: BlockPlace) {
        let BlockPlace { round, block, .. } = place;
        let is_there = self.recorder.has_block(&ready.cell.key, round, block);
        let is_asked = block < ready.cell.budget.blocks && !is_there;
        let process = ready.process.as_ref().filter(|_| is_asked);
        ready.open = process.map(|process| OpenBlock {
            place,
            started_unix_ns: unix_ns(),
            probe: process.probe(),
            taken: TakenBursts::default(),
            is_stopped: true,
        });
    }

    /// Takes the burst of a cell in one turn of a round, and looks how fast the machine is just before and
    /// after it; `speed` is what was seen after the burst before this one.
    fn turn(
        &mut self,
        ready: &mut Ready<'_>,
        [round, turn]: [u32; 2],
        speed: &mut Option<Speed>,
        scheduler: &mut Scheduler<'_>,
    ) -> Result<(), MeasureError> {
        let (Some(process), Some(open)) = (ready.process.as_mut(), ready.open.as_mut()) else {
            return Ok(());
        };
        let start = self.launcher.now();
        let look = || self.launcher.speed(ready.processors.as_ref());
        let before = speed.take().unwrap_or_else(look);
        let started_unix_ns = unix_ns();
        let taken = open.burst(process.as_mut());
        let after = look();
        *speed = Some(after);
        scheduler.progress_mut(ready.index).spent += self.launcher.now() - start;
        match taken {
            Ok(taken) => {
                open.taken.add(turn, started_unix_ns, taken, [before, after]);
                Ok(())
            }
            Err(lost) => {
                let stderr_tail = ready.process.take().map(|process| ended(process, &lost));
                let stderr_tail = stderr_tail.unwrap_or_default();
                self.give_up(ready.cell, ready.index, round, &lost, &stderr_tail, scheduler)
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
        progress.turns = self.recorder.turns(&cell.key);
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

impl OpenBlock {
    /// Takes a burst of a process that is stopped before and after it.
    fn burst(&mut self, process: &mut dyn Process) -> WorkerResult<TakenBlock> {
        process.go_on();
        let taken = process.burst(BURST);
        self.is_stopped &= process.stop();
        taken
    }

    fn measured(self, of: &Ready<'_>) -> Measured {
        Measured {
            place: self.place,
            process: of.process.as_ref().map_or(0, |process| process.id()),
            started_unix_ns: self.started_unix_ns,
            load_ns: of.prepared.load_ns,
            first_inference_ns: of.prepared.first_inference_ns,
            warmed_up: of.warmed_up,
            span_ns: unix_ns().saturating_sub(self.started_unix_ns),
            taken: self.taken,
            environment: self.probe.map(ProbeStart::end).unwrap_or_default(),
            processors: of.processors.clone(),
            is_stopped: self.is_stopped,
        }
    }
}
