//! One cell in one fresh process: prepared, warmed up, asked for blocks.

use formbench_protocol::{BlockRequest, Prepared, TakenBlock, WarmUpRequest, WarmedUp};

use crate::RunCell;
use crate::worker::{Interrupt, Worker, WorkerCommand};
use crate::worker_error::WorkerResult;

/// Inferences in a block at most: more than any quantile in use needs, and little on disk.
const MOST_INFERENCES_PER_BLOCK: u64 = 2_000;

/// A worker that serves one cell: asked to prepare it, to warm it up, and for blocks.
pub struct CellProcess<'a> {
    worker: Worker<'a>,
    cell: &'a RunCell,
}

impl<'a> CellProcess<'a> {
    /// Returns a fresh worker whose thread pools will have the cell's size.
    ///
    /// # Errors
    /// The worker did not start.
    pub fn start(
        command: &WorkerCommand,
        cell: &'a RunCell,
        interrupt: &'a Interrupt,
    ) -> WorkerResult<Self> {
        let variables = cell.thread_variables();
        Ok(Self { worker: Worker::start(command, &variables, interrupt)?, cell })
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

    /// Returns one block of samples.
    ///
    /// # Errors
    /// The worker failed.
    pub fn block(&mut self) -> WorkerResult<TakenBlock> {
        let budget = &self.cell.budget;
        let request = BlockRequest {
            min_inferences: budget.block_inferences,
            min_ns: nanoseconds(budget.block_s),
            max_inferences: MOST_INFERENCES_PER_BLOCK.max(budget.block_inferences),
        };
        self.worker.block(request, budget.limit_s + budget.block_s)
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
