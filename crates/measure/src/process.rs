//! One cell in one fresh process: prepared, warmed up, asked for bursts.

use formbench_protocol::{BlockRequest, Prepared, TakenBlock, WarmUpRequest, WarmedUp};

use crate::worker::{Interrupt, Worker, WorkerCommand};
use crate::worker_error::WorkerResult;
use crate::{ProcessorSet, RunCell};

/// A worker that serves one cell: asked to prepare it, to warm it up, and for bursts.
pub struct CellProcess<'a> {
    worker: Worker<'a>,
    cell: &'a RunCell,
}

impl<'a> CellProcess<'a> {
    /// Returns a fresh worker whose thread pools will have the cell's size, on these processors alone if
    /// some are given.
    ///
    /// # Errors
    /// The worker did not start.
    pub fn start(
        command: &WorkerCommand,
        cell: &'a RunCell,
        processors: Option<&ProcessorSet>,
        interrupt: &'a Interrupt,
    ) -> WorkerResult<Self> {
        let variables = cell.thread_variables();
        let start = || Worker::start(command, &variables, interrupt);
        Ok(Self { worker: ProcessorSet::within(processors, start)?, cell })
    }

    /// Returns the process id.
    pub fn id(&self) -> u32 {
        self.worker.id()
    }

    /// Loads the model and returns its first answer.
    ///
    /// # Errors
    /// The worker failed.
    pub fn prepare(&mut self, software_gpu: bool) -> WorkerResult<Prepared> {
        self.worker.prepare(self.cell.cell.job(software_gpu), self.cell.budget.limit_s)
    }

    /// Runs the model untimed until its latency is steady.
    ///
    /// # Errors
    /// The worker failed.
    pub fn warm_up(&mut self) -> WorkerResult<WarmedUp> {
        let budget = &self.cell.budget;
        let request = WarmUpRequest {
            min_inferences: budget.warm_up_inferences,
            min_ns: nanoseconds(budget.warm_up_s),
            cap_ns: nanoseconds(budget.warm_up_cap_s),
            stable_within: budget.warm_up_stable_within,
        };
        self.worker.warm_up(request, budget.limit_s + budget.warm_up_cap_s)
    }

    /// Returns one burst of consecutive inferences.
    ///
    /// # Errors
    /// The worker failed.
    pub fn burst(&mut self, request: BlockRequest) -> WorkerResult<TakenBlock> {
        self.worker.block(request, self.cell.budget.limit_s + request.min_ns as f64 / 1e9)
    }

    /// Stops the process until it is to go on, and returns whether it has stopped; a system without such
    /// signals lets it wait as it likes.
    pub fn stop(&mut self) -> bool {
        self.worker.stop()
    }

    /// Lets a stopped process go on.
    pub fn go_on(&mut self) {
        self.worker.go_on();
    }

    /// Lets the process end by itself and returns the end of its stderr.
    pub fn end(self) -> String {
        self.worker.end()
    }

    /// Ends the process by force and returns the end of its stderr.
    pub fn kill(self) -> String {
        self.worker.kill()
    }
}

/// Returns whole nanoseconds of a budget's seconds.
pub fn nanoseconds(seconds: f64) -> u64 {
    (seconds * 1e9).round() as u64
}
