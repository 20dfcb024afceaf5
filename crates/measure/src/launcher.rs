//! Where cells run: worker processes on this machine, or a machine whose noise is known.

use std::cell::RefCell;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use formbench_protocol::{Architecture, BlockRequest, OutputCheck, Prepared, TakenBlock, WarmedUp};
use formbench_statistics::Speed;

use crate::host::{Host, SpeedProbe};
use crate::process::CellProcess;
use crate::worker::{Interrupt, WorkerCommand};
use crate::worker_error::{WorkerError, WorkerResult};
use crate::{AllowedProcessors, HostProbe, ProbeStart, ProcessorSet, RunCell};

/// Starts processes for cells.
pub trait Launcher {
    /// Returns a fresh process for the cell, on these processors alone if some are given.
    ///
    /// # Errors
    /// The process did not start.
    fn start<'c>(
        &'c self,
        cell: &'c RunCell,
        processors: Option<&ProcessorSet>,
    ) -> WorkerResult<Box<dyn Process + 'c>>;

    /// Returns the processors that processes may run on; nothing where none can be chosen.
    fn processors(&self) -> Option<&AllowedProcessors>;

    /// Returns how fast the machine is now, on one of these processors; without a set, on any.
    fn speed(&self, processors: Option<&ProcessorSet>) -> Speed;

    /// Returns the time on the clock that budgets are counted on.
    fn now(&self) -> Duration;

    /// Returns whether the run is to end.
    fn is_interrupted(&self) -> bool;

    /// Returns how the outputs of a cell's file are held against another engine's; none stands for number by number.
    fn output_checks(&self, _cell: &RunCell) -> Vec<OutputCheck> {
        Vec::new()
    }
}

/// What serves one cell: asked to prepare it, to warm it up, and for bursts.
pub trait Process {
    /// Returns the process id.
    fn id(&self) -> u32;

    /// Loads the model and returns its first answer.
    ///
    /// # Errors
    /// The process failed.
    fn prepare(&mut self, software_gpu: bool) -> WorkerResult<Prepared>;

    /// Runs the model untimed until its latency is steady.
    ///
    /// # Errors
    /// The process failed.
    fn warm_up(&mut self) -> WorkerResult<WarmedUp>;

    /// Returns one burst of consecutive inferences.
    ///
    /// # Errors
    /// The process failed.
    fn burst(&mut self, request: BlockRequest) -> WorkerResult<TakenBlock>;

    /// Stops the process until it is to go on, and returns whether it has stopped.
    fn stop(&mut self) -> bool;

    /// Lets a stopped process go on.
    fn go_on(&mut self);

    /// Returns the state of this machine and the process now; nothing if neither is real.
    fn probe(&self) -> Option<ProbeStart>;

    /// Lets the process end by itself and returns the end of its stderr.
    fn end(self: Box<Self>) -> String;

    /// Ends the process by force and returns the end of its stderr.
    fn kill(self: Box<Self>) -> String;
}

/// Returns a cell's first answer, given by a fresh process that ends with it.
///
/// # Errors
/// The process failed; with the end of its stderr.
pub fn first_answer(
    launcher: &dyn Launcher,
    cell: &RunCell,
    software_gpu: bool,
) -> Result<Prepared, (WorkerError, String)> {
    let mut process = launcher.start(cell, None).map_err(|lost| (lost, String::new()))?;
    match process.prepare(software_gpu) {
        Ok(prepared) => {
            process.end();
            Ok(prepared)
        }
        Err(lost) => Err((lost, process.kill())),
    }
}

/// Worker processes on this machine.
pub struct LocalLauncher<'a> {
    command: &'a WorkerCommand,
    interrupt: &'a Interrupt,
    processors: Option<AllowedProcessors>,
    speed: RefCell<SpeedProbe>,
    start: Instant,
}

impl<'a> LocalLauncher<'a> {
    /// Returns a launcher that starts such workers; `interrupt` ends what they do.
    pub fn new(command: &'a WorkerCommand, interrupt: &'a Interrupt) -> Self {
        Self {
            command,
            interrupt,
            processors: AllowedProcessors::here(),
            speed: RefCell::new(SpeedProbe::new(Host::here().l3_bytes)),
            start: Instant::now(),
        }
    }
}

impl Launcher for LocalLauncher<'_> {
    fn start<'c>(
        &'c self,
        cell: &'c RunCell,
        processors: Option<&ProcessorSet>,
    ) -> WorkerResult<Box<dyn Process + 'c>> {
        Ok(Box::new(CellProcess::start(self.command, cell, processors, self.interrupt)?))
    }

    fn processors(&self) -> Option<&AllowedProcessors> {
        self.processors.as_ref()
    }

    fn speed(&self, processors: Option<&ProcessorSet>) -> Speed {
        self.speed.borrow_mut().read(processors)
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }

    fn output_checks(&self, cell: &RunCell) -> Vec<OutputCheck> {
        match &cell.cell.architecture {
            Architecture::File(file) => {
                // A file of which nobody can say what it gives is refused by every engine.
                self.command.interface(file).map(|found| found.checks).unwrap_or_default()
            }
            Architecture::Network { .. } | Architecture::Pattern { .. } => Vec::new(),
        }
    }
}

impl Process for CellProcess<'_> {
    fn id(&self) -> u32 {
        Self::id(self)
    }

    fn prepare(&mut self, software_gpu: bool) -> WorkerResult<Prepared> {
        Self::prepare(self, software_gpu)
    }

    fn warm_up(&mut self) -> WorkerResult<WarmedUp> {
        Self::warm_up(self)
    }

    fn burst(&mut self, request: BlockRequest) -> WorkerResult<TakenBlock> {
        Self::burst(self, request)
    }

    fn stop(&mut self) -> bool {
        Self::stop(self)
    }

    fn go_on(&mut self) {
        Self::go_on(self);
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
