//! The order of measurement: rounds over groups over engines in rotated order, a fresh worker each.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use formbench_protocol::{Prepared, Refusal, WarmedUp};

use crate::agreement::{self, References};
use crate::error::MeasureError;
use crate::lost::{Answered, Lost};
use crate::order::order;
use crate::process::{CellProcess, first_answer};
use crate::record::{BlockPlace, Measured, Observer, RecordError, Recorder, Turn};
use crate::sampler::{self, Decision, Progress};
use crate::worker::{Interrupt, WorkerCommand};
use crate::{RunCell, refusing};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every cell has its samples or its refusal.
    Finished,
    /// It was interrupted; the same plan goes on where it stopped.
    Interrupted,
}

/// Measures cells.
pub struct Conductor<'a> {
    worker: &'a WorkerCommand,
    software_gpu: bool,
    interrupt: &'a Interrupt,
    recorder: &'a mut dyn Recorder,
    observer: &'a mut dyn Observer,
    references: References,
}

/// What ends a turn before its blocks are taken.
enum Stop {
    Lost(Lost),
    NotKept(RecordError),
}

impl From<Lost> for Stop {
    fn from(lost: Lost) -> Self {
        Self::Lost(lost)
    }
}

impl<'a> Conductor<'a> {
    /// Returns a conductor that has measured nothing yet; `interrupt` stops it when set, and
    /// `software_gpu` says whether software graphics adapters may be timed.
    pub fn new(
        worker: &'a WorkerCommand,
        software_gpu: bool,
        interrupt: &'a Interrupt,
        recorder: &'a mut dyn Recorder,
        observer: &'a mut dyn Observer,
    ) -> Self {
        let references = References::default();
        Self { worker, software_gpu, interrupt, recorder, observer, references }
    }

    /// Measures every round of every cell that the recorder does not have; `groups` holds the
    /// indices of cells that are compared with each other.
    ///
    /// # Errors
    /// Something measured could not be kept, or workers do not start.
    pub fn run(&mut self, cells: &[RunCell], groups: &[Vec<usize>]) -> Result<End, MeasureError> {
        let mut order = order(cells, groups, |cell| self.known_refusal(cell).is_some());
        let mut progress: Vec<Progress> = (cells.iter())
            .map(|cell| Progress { rounds: 0, spent: self.recorder.spent(&cell.key) })
            .collect();
        order.retain(|&(index, place)| {
            let is_there = self.missing(&cells[index], place.round).is_empty();
            progress[index].rounds += u32::from(is_there);
            !is_there && !self.recorder.is_refused(&cells[index].key)
        });
        for (done, &(index, place)) in order.iter().enumerate() {
            if self.is_interrupted() {
                break;
            }
            let cell = &cells[index];
            self.observer.turn(Turn { cell, round: place.round, done, turns: order.len() });
            let spent = self.turn(cell, place, progress[index])?;
            progress[index].spent += spent;
            progress[index].rounds += 1;
        }
        Ok(if self.is_interrupted() { End::Interrupted } else { End::Finished })
    }

    fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }

    /// Returns the blocks of a round that the recorder does not have.
    fn missing(&self, cell: &RunCell, round: u32) -> Vec<u32> {
        let blocks = 0..cell.budget.blocks;
        blocks.filter(|&block| !self.recorder.has_block(&cell.key, round, block)).collect()
    }

    /// Gives a cell its round, unless it is refused or out of time, and returns what that cost.
    fn turn(
        &mut self,
        cell: &RunCell,
        place: BlockPlace,
        progress: Progress,
    ) -> Result<Duration, MeasureError> {
        let round = place.round;
        if self.recorder.is_refused(&cell.key) {
            return Ok(Duration::ZERO);
        }
        if let Some(refusal) = self.known_refusal(cell).cloned() {
            self.refuse(cell, round, &refusal, "")?;
            return Ok(Duration::ZERO);
        }
        match sampler::next(&cell.budget, progress) {
            Decision::Enough => {}
            Decision::OutOfTime => {
                self.refuse(cell, round, &refusing::out_of_time(cell, progress), "")?;
            }
            Decision::Measure => return self.measure(cell, place),
        }
        Ok(Duration::ZERO)
    }

    fn known_refusal<'c>(&self, cell: &'c RunCell) -> Option<&'c Refusal> {
        cell.known_refusal(self.software_gpu)
    }

    fn refuse(
        &mut self,
        cell: &RunCell,
        round: u32,
        refusal: &Refusal,
        stderr_tail: &str,
    ) -> Result<(), MeasureError> {
        self.observer.refused(cell, refusal);
        let kept = self.recorder.refusal(&cell.key, round, refusal, stderr_tail);
        kept.map_err(MeasureError::NotKept)
    }

    /// Takes the missing blocks of one round in a fresh process; a lost worker costs its cell only.
    fn measure(&mut self, cell: &RunCell, place: BlockPlace) -> Result<Duration, MeasureError> {
        let learned = self.learn_reference(cell);
        let start = Instant::now();
        let (outcome, stderr_tail) = match learned {
            Ok(()) => self.in_a_fresh_process(cell, place),
            Err((lost, stderr_tail)) => (Err(Stop::Lost(lost)), stderr_tail),
        };
        let spent = start.elapsed();
        match outcome {
            Ok(()) => {}
            Err(Stop::NotKept(error)) => return Err(MeasureError::NotKept(error)),
            // Without its executable no cell can be measured: that is nobody's refusal.
            Err(Stop::Lost(lost @ Lost::NotStarted { .. })) => {
                return Err(MeasureError::NoWorker(lost));
            }
            Err(Stop::Lost(lost)) => {
                if let Some(refusal) = refusing::refusal(&lost, &stderr_tail) {
                    self.refuse(cell, place.round, &refusal, &stderr_tail)?;
                }
            }
        }
        Ok(spent)
    }

    /// Returns how the turn went and the end of the worker's stderr.
    fn in_a_fresh_process(
        &mut self,
        cell: &RunCell,
        place: BlockPlace,
    ) -> (Result<(), Stop>, String) {
        let mut process = match CellProcess::start(self.worker, cell, self.interrupt) {
            Ok(process) => process,
            Err(lost) => return (Err(Stop::Lost(lost)), String::new()),
        };
        let outcome = self.take(&mut process, cell, place);
        let stderr_tail = match &outcome {
            Err(Stop::Lost(Lost::Refused(_))) | Ok(()) => process.end(),
            Err(_) => process.kill(),
        };
        (outcome, stderr_tail)
    }

    /// Has the reference engine compute the group's logits, unless they are known or this cell is
    /// about to give them; a lost reference comes with the end of its stderr.
    fn learn_reference(&mut self, cell: &RunCell) -> Result<(), (Lost, String)> {
        if agreement::is_reference(cell) || self.references.of(cell).is_some() {
            return Ok(());
        }
        let Some(reference) = agreement::reference_of(cell) else {
            return Err((Lost::Refused(refusing::no_reference(cell)), String::new()));
        };
        let prepared = first_answer(self.worker, &reference, self.software_gpu, self.interrupt)
            .map_err(|(lost, stderr_tail)| {
                (refusing::without_reference(lost, cell, &stderr_tail), stderr_tail)
            })?;
        self.references.keep(cell, prepared.logits);
        Ok(())
    }

    fn take(
        &mut self,
        process: &mut CellProcess<'_>,
        cell: &RunCell,
        place: BlockPlace,
    ) -> Result<(), Stop> {
        let prepared = process.prepare(self.software_gpu)?;
        self.check(cell, &prepared)?;
        let warmed_up = process.warm_up()?;
        for block in self.missing(cell, place.round) {
            let place = BlockPlace { block, ..place };
            let measured = one_block(process, place, &prepared, warmed_up)?;
            self.recorder.block(&cell.key, &measured).map_err(Stop::NotKept)?;
        }
        Ok(())
    }

    /// Compares engine and first logits with what was described and with the reference's; keeps the
    /// logits if this is the reference.
    fn check(&mut self, cell: &RunCell, prepared: &Prepared) -> Result<(), Lost> {
        if prepared.identity != cell.engine.identity {
            return Err(Lost::Refused(refusing::another_engine(cell, &prepared.identity)));
        }
        match self.references.of(cell) {
            Some(reference) => agreement::check(cell, reference, prepared).map_err(Lost::Refused),
            None => {
                self.references.keep(cell, prepared.logits.clone());
                Ok(())
            }
        }
    }
}

fn one_block(
    process: &mut CellProcess<'_>,
    place: BlockPlace,
    prepared: &Prepared,
    warmed_up: WarmedUp,
) -> Answered<Measured> {
    let started_unix_ns = unix_ns();
    let taken = process.block()?;
    Ok(Measured {
        place,
        process: process.id(),
        started_unix_ns,
        load_ns: prepared.load_ns,
        first_inference_ns: prepared.first_inference_ns,
        warmed_up,
        taken,
    })
}

/// Returns nanoseconds since 1970.
pub fn unix_ns() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
