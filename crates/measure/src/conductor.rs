//! The conductor: gives groups of cells their rounds, a fresh process for each cell of a round.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use formbench_protocol::Refusal;

use crate::agreement::References;
use crate::error::MeasureError;
use crate::group::Group;
use crate::launcher::Launcher;
use crate::record::{Observer, Recorder, RoundProgress};
use crate::scheduler::{CellProgress, Scheduler};
use crate::{RunCell, refusal};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every cell has its samples or its refusal, or the run's time is spent.
    Finished,
    /// It was interrupted; the same plan goes on where it stopped.
    Interrupted,
}

/// Measures cells.
pub struct Conductor<'a> {
    pub(crate) launcher: &'a dyn Launcher,
    pub(crate) software_gpu: bool,
    pub(crate) recorder: &'a mut dyn Recorder,
    pub(crate) observer: &'a mut dyn Observer,
    pub(crate) references: References,
}

impl<'a> Conductor<'a> {
    /// Returns a conductor that has measured nothing yet; software graphics adapters are timed only
    /// with `software_gpu`.
    pub fn new(
        launcher: &'a dyn Launcher,
        software_gpu: bool,
        recorder: &'a mut dyn Recorder,
        observer: &'a mut dyn Observer,
    ) -> Self {
        let references = References::default();
        Self { launcher, software_gpu, recorder, observer, references }
    }

    /// Measures the rounds that cells lack, and further ones where intervals are too wide, until no
    /// interval is too wide or the `limit` is reached.
    ///
    /// # Errors
    /// Something measured could not be kept, or workers do not start.
    pub fn run(
        &mut self,
        cells: &[RunCell],
        groups: &[Group],
        limit: Option<Duration>,
    ) -> Result<End, MeasureError> {
        let progress = cells.iter().map(|cell| self.progress(cell)).collect();
        let mut scheduler = Scheduler::new(cells, groups, progress, limit);
        self.refuse_known(cells, &mut scheduler)?;
        let (start, missing) = (self.launcher.now(), scheduler.missing_rounds());
        let mut done = 0;
        while !self.launcher.is_interrupted() {
            let elapsed = self.launcher.now() - start;
            let next = scheduler.next(elapsed).or_else(|| {
                self.look_again(cells, &mut scheduler);
                scheduler.next(elapsed)
            });
            let Some(next) = next else {
                self.refuse_unmeasured(cells, limit, &mut scheduler)?;
                return Ok(End::Finished);
            };
            self.observer.round(RoundProgress {
                cells,
                next: &next,
                done,
                missing,
                elapsed,
                limit,
            });
            self.round(cells, &next, &mut scheduler)?;
            scheduler.took(&next, self.launcher.now() - start - elapsed);
            done += 1;
        }
        Ok(End::Interrupted)
    }

    /// Looks at all turns anew: what counts as quiet is known better at the end than when they were taken.
    fn look_again(&self, cells: &[RunCell], scheduler: &mut Scheduler<'_>) {
        for (index, cell) in cells.iter().enumerate() {
            scheduler.progress_mut(index).turns = self.recorder.turns(&cell.key);
        }
        scheduler.look_at_all();
    }

    /// Returns what the recorder has of a cell.
    fn progress(&self, cell: &RunCell) -> CellProgress {
        let rounds = 0..cell.budget.most_rounds;
        let whole_rounds: Vec<u32> =
            rounds.filter(|&round| self.missing(cell, round).is_empty()).collect();
        CellProgress {
            turns: self.recorder.turns(&cell.key),
            whole_rounds,
            spent: self.recorder.spent(&cell.key),
            is_refused: self.recorder.is_refused(&cell.key),
        }
    }

    /// Returns the blocks of a round that the recorder does not have.
    pub(crate) fn missing(&self, cell: &RunCell, round: u32) -> Vec<u32> {
        let blocks = 0..cell.budget.blocks;
        blocks.filter(|&block| !self.recorder.has_block(&cell.key, round, block)).collect()
    }

    /// Refuses the cells of engines that reported beforehand that they cannot be timed here.
    fn refuse_known(
        &mut self,
        cells: &[RunCell],
        scheduler: &mut Scheduler<'_>,
    ) -> Result<(), MeasureError> {
        for (index, cell) in cells.iter().enumerate() {
            let known = cell.known_refusal(self.software_gpu);
            if let Some(refusal) = known.filter(|_| !scheduler.progress(index).is_refused) {
                self.refuse(cell, 0, refusal, "")?;
                scheduler.progress_mut(index).is_refused = true;
            }
        }
        Ok(())
    }

    /// Refuses the cells that a limited run did not reach.
    fn refuse_unmeasured(
        &mut self,
        cells: &[RunCell],
        limit: Option<Duration>,
        scheduler: &mut Scheduler<'_>,
    ) -> Result<(), MeasureError> {
        for (index, cell) in cells.iter().enumerate() {
            let progress = scheduler.progress(index);
            let is_missing = progress.whole_rounds.is_empty() && !progress.is_refused;
            if let Some(limit) = limit.filter(|_| is_missing) {
                self.refuse(cell, 0, &refusal::budget_spent(limit), "")?;
            }
        }
        Ok(())
    }

    pub(crate) fn refuse(
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
}

/// Returns nanoseconds since 1970.
pub fn unix_ns() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
