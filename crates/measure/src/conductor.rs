//! The order of measurement: rounds over groups over engines in rotated order, a fresh worker each.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use formbench_protocol::{Prepared, Refusal, RefusalKind, WarmedUp};

use crate::agreement::{self, References};
use crate::process::CellProcess;
use crate::record::{BlockPlace, Measured, Observer, RecordError, Recorder, Turn};
use crate::sampler::{self, Decision, Progress};
use crate::worker::{Answered, Lost, WorkerCommand};
use crate::{RunCell, refusing};

/// Set to stop a run; the block in flight is given up.
pub type Interrupt = AtomicBool;

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
    /// How to start workers.
    pub worker: &'a WorkerCommand,
    /// Whether software graphics adapters may be timed.
    pub software_gpu: bool,
    /// Stops the run when set.
    pub interrupt: &'a Interrupt,
    /// Keeps what was measured.
    pub recorder: &'a mut dyn Recorder,
    /// Shows what happens.
    pub observer: &'a mut dyn Observer,
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
    /// Returns a conductor that has measured nothing yet.
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
    /// Something measured could not be kept.
    pub fn run(&mut self, cells: &[RunCell], groups: &[Vec<usize>]) -> Result<End, RecordError> {
        let order = order(cells, groups, |cell| self.known_refusal(cell).is_some());
        let mut progress = vec![Progress::default(); cells.len()];
        for (done, &(index, place)) in order.iter().enumerate() {
            if self.is_interrupted() {
                break;
            }
            let cell = &cells[index];
            self.observer.turn(Turn { cell, round: place.round, done, turns: order.len() });
            let start = Instant::now();
            self.turn(cell, place, progress[index])?;
            progress[index].rounds += 1;
            progress[index].spent += start.elapsed();
        }
        Ok(if self.is_interrupted() { End::Interrupted } else { End::Finished })
    }

    fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }

    /// Gives a cell its round, unless it is there, refused or out of time.
    fn turn(
        &mut self,
        cell: &RunCell,
        place: BlockPlace,
        progress: Progress,
    ) -> Result<(), RecordError> {
        let key = &cell.key;
        let missing: Vec<u32> = (0..cell.budget.blocks)
            .filter(|&block| !self.recorder.has_block(key, place.round, block))
            .collect();
        if missing.is_empty() || self.recorder.is_refused(key) {
            return Ok(());
        }
        if let Some(refusal) = self.known_refusal(cell) {
            return self.refuse(cell, place.round, &refusal, "");
        }
        match sampler::next(&cell.budget, progress) {
            Decision::Enough => Ok(()),
            Decision::Measure => self.measure(cell, place, &missing),
            Decision::OutOfTime => {
                self.refuse(cell, place.round, &refusing::out_of_time(cell, progress), "")
            }
        }
    }

    /// Returns why the engine said beforehand that it cannot be timed here.
    fn known_refusal(&self, cell: &RunCell) -> Option<Refusal> {
        let refusal = cell.engine.refusal.as_ref()?;
        let forgiven = self.software_gpu && refusal.kind == RefusalKind::SoftwareAdapter;
        (!forgiven).then(|| refusal.clone())
    }

    fn refuse(
        &mut self,
        cell: &RunCell,
        round: u32,
        refusal: &Refusal,
        stderr_tail: &str,
    ) -> Result<(), RecordError> {
        self.observer.refused(cell, refusal);
        self.recorder.refusal(&cell.key, round, refusal, stderr_tail)
    }

    /// Takes the missing blocks of one round in a fresh process; a lost worker costs its cell only.
    fn measure(
        &mut self,
        cell: &RunCell,
        place: BlockPlace,
        missing: &[u32],
    ) -> Result<(), RecordError> {
        let (outcome, stderr_tail) = self.in_a_fresh_process(cell, place, missing);
        match outcome {
            Ok(()) => Ok(()),
            Err(Stop::NotKept(error)) => Err(error),
            Err(Stop::Lost(lost)) => match refusing::refusal(&lost, &stderr_tail) {
                Some(refusal) => self.refuse(cell, place.round, &refusal, &stderr_tail),
                None => Ok(()),
            },
        }
    }

    /// Returns how the turn went and the end of the worker's stderr.
    fn in_a_fresh_process(
        &mut self,
        cell: &RunCell,
        place: BlockPlace,
        missing: &[u32],
    ) -> (Result<(), Stop>, String) {
        if let Err((lost, stderr_tail)) = self.learn_reference(cell) {
            return (Err(Stop::Lost(lost)), stderr_tail);
        }
        let mut process = match CellProcess::start(self.worker, cell, self.interrupt) {
            Ok(process) => process,
            Err(lost) => return (Err(Stop::Lost(lost)), String::new()),
        };
        let outcome = self.take(&mut process, cell, place, missing);
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
        let reference = agreement::reference_of(cell);
        let mut process = CellProcess::start(self.worker, &reference, self.interrupt)
            .map_err(|lost| (lost, String::new()))?;
        match process.prepare(self.software_gpu) {
            Ok(prepared) => {
                process.end();
                self.references.keep(cell, prepared.logits);
                Ok(())
            }
            Err(lost) => {
                let stderr_tail = process.kill();
                Err((refusing::without_reference(lost, cell, &stderr_tail), stderr_tail))
            }
        }
    }

    fn take(
        &mut self,
        process: &mut CellProcess<'_>,
        cell: &RunCell,
        place: BlockPlace,
        missing: &[u32],
    ) -> Result<(), Stop> {
        let prepared = process.prepare(self.software_gpu)?;
        self.check(cell, &prepared)?;
        let warmed_up = process.warm_up()?;
        for &block in missing {
            let place = BlockPlace { block, ..place };
            let measured = one_block(process, place, &prepared, warmed_up)?;
            self.recorder.block(&cell.key, &measured).map_err(Stop::NotKept)?;
        }
        Ok(())
    }

    /// Compares the first logits with the reference's, or keeps them if this is the reference.
    fn check(&mut self, cell: &RunCell, prepared: &Prepared) -> Result<(), Lost> {
        match self.references.of(cell) {
            Some(reference) => {
                agreement::check(cell, reference, &prepared.logits).map_err(Lost::Refused)
            }
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

/// Returns every turn of a run: in each round all groups, in each group its engines, the first one
/// a place further every round.
/// An engine that said beforehand that it cannot be timed here has one turn, to be refused in.
fn order(
    cells: &[RunCell],
    groups: &[Vec<usize>],
    refused: impl Fn(&RunCell) -> bool,
) -> Vec<(usize, BlockPlace)> {
    let rounds = cells.iter().map(|cell| cell.budget.rounds).max().unwrap_or(0);
    let turn = |round: u32, group: &[usize], position: usize| {
        let index = group[(position + round as usize) % group.len()];
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        (index, BlockPlace { round, block: 0, position })
    };
    (0..rounds)
        .flat_map(|round| groups.iter().map(move |group| (round, group)))
        .flat_map(|(round, group)| (0..group.len()).map(move |at| turn(round, group, at)))
        .filter(|(index, place)| place.round < cells[*index].budget.rounds)
        .filter(|(index, place)| place.round == 0 || !refused(&cells[*index]))
        .collect()
}

/// Returns nanoseconds since 1970.
pub fn unix_ns() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
