//! Where cells run: worker processes on this machine, or a machine whose noise is known.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use formbench_protocol::{Prepared, TakenBlock, WarmedUp};

use crate::lost::{Answered, Lost};
use crate::process::CellProcess;
use crate::worker::{Interrupt, WorkerCommand};
use crate::{HostProbe, ProbeStart, RunCell};

/// Starts processes for cells.
pub trait Workplace {
    /// Returns a fresh process for the cell.
    ///
    /// # Errors
    /// The process did not start.
    fn start<'c>(&'c self, cell: &'c RunCell) -> Answered<Box<dyn Process + 'c>>;

    /// Returns the time on the clock that budgets are counted on.
    fn now(&self) -> Duration;

    /// Says whether the run is to end.
    fn is_interrupted(&self) -> bool;
}

/// What serves one cell: asked to prepare it, to warm it up, and for blocks.
pub trait Process {
    /// Returns the process id.
    fn id(&self) -> u32;

    /// Loads the model and returns its first answer.
    ///
    /// # Errors
    /// The process was lost.
    fn prepare(&mut self, software_gpu: bool) -> Answered<Prepared>;

    /// Runs the model untimed until its latency is steady.
    ///
    /// # Errors
    /// The process was lost.
    fn warm_up(&mut self) -> Answered<WarmedUp>;

    /// Returns one block of samples.
    ///
    /// # Errors
    /// The process was lost.
    fn block(&mut self) -> Answered<TakenBlock>;

    /// Returns how this machine and the process stand now; nothing if neither is real.
    fn probe(&self) -> Option<ProbeStart>;

    /// Lets the process end by itself and returns the end of its stderr.
    fn end(self: Box<Self>) -> String;

    /// Ends the process by force and returns the end of its stderr.
    fn kill(self: Box<Self>) -> String;
}

/// Returns a cell's first answer, given by a fresh process that ends with it.
///
/// # Errors
/// The process was lost; with the end of its stderr.
pub fn first_answer(
    workplace: &dyn Workplace,
    cell: &RunCell,
    software_gpu: bool,
) -> Result<Prepared, (Lost, String)> {
    let mut process = workplace.start(cell).map_err(|lost| (lost, String::new()))?;
    match process.prepare(software_gpu) {
        Ok(prepared) => {
            process.end();
            Ok(prepared)
        }
        Err(lost) => Err((lost, process.kill())),
    }
}

/// Worker processes on this machine.
pub struct Workers<'a> {
    command: &'a WorkerCommand,
    interrupt: &'a Interrupt,
    start: Instant,
}

impl<'a> Workers<'a> {
    /// Returns a workplace that starts such workers; `interrupt` ends what they do.
    pub fn new(command: &'a WorkerCommand, interrupt: &'a Interrupt) -> Self {
        Self { command, interrupt, start: Instant::now() }
    }
}

impl Workplace for Workers<'_> {
    fn start<'c>(&'c self, cell: &'c RunCell) -> Answered<Box<dyn Process + 'c>> {
        Ok(Box::new(CellProcess::start(self.command, cell, self.interrupt)?))
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }
}

impl Process for CellProcess<'_> {
    fn id(&self) -> u32 {
        Self::id(self)
    }

    fn prepare(&mut self, software_gpu: bool) -> Answered<Prepared> {
        Self::prepare(self, software_gpu)
    }

    fn warm_up(&mut self) -> Answered<WarmedUp> {
        Self::warm_up(self)
    }

    fn block(&mut self) -> Answered<TakenBlock> {
        Self::block(self)
    }

    fn probe(&self) -> Option<ProbeStart> {
        Some(HostProbe::start(Self::id(self)))
    }

    fn end(self: Box<Self>) -> String {
        Self::end(*self)
    }

    fn kill(self: Box<Self>) -> String {
        Self::kill(*self)
    }
}
