//! formbench's own timing, in a worker that waits between its turns.

use anyhow::{Context, Result};
use formbench_experiment::{Budget, Cell, EngineSetting};
use formbench_measure::{CellProcess, Interrupt, RunCell, WorkerCommand, nanoseconds};
use formbench_protocol::{Architecture, BlockRequest, EngineInfo, Images, Options};
use formbench_statistics::{counting, median_ns};

use super::side::Side;
use super::tool::Tool;

/// What is inferred, by both sides.
pub const INPUT: Images = Images { batch: 1, resolution: 224, seed: 7 };
/// Seed of the weights, in the file too.
pub const WEIGHTS_SEED: u64 = 1;

/// Inferences of a turn at least, as the script's. The first one is not counted: it finds the other
/// side's data in the caches.
const TURN_INFERENCES: u64 = 4;

/// Inferences of a turn at most: more than its median needs.
const MOST_INFERENCES: u64 = 2_000;

/// The script warms up as long.
const BUDGET: Budget = Budget {
    rounds: 1,
    most_rounds: 1,
    blocks: 1,
    block_inferences: TURN_INFERENCES,
    block_s: 0.0,
    warm_up_inferences: 10,
    warm_up_s: 0.5,
    warm_up_cap_s: 3.0,
    warm_up_stable_within: 1.0,
    limit_s: 300.0,
    cell_limit_s: 300.0,
    ratio_half_width: 0.02,
};

/// Returns what our side measures when it is compared with a tool.
pub fn cell(architecture: &Architecture, info: &EngineInfo, threads: u32, tool: Tool) -> RunCell {
    let cell = Cell {
        architecture: architecture.clone(),
        engine: EngineSetting { engine: info.identity.name.clone(), options: Options::new() },
        input: INPUT.into(),
        weights_seed: WEIGHTS_SEED,
        threads,
    };
    let budget = Budget { block_s: tool.turn_s, ..BUDGET };
    RunCell { key: String::new(), cell, engine: info.clone(), reference: None, budget }
}

/// A worker that has loaded a cell's model.
pub struct Ours<'a> {
    process: CellProcess<'a>,
    /// What a turn holds.
    turn: BlockRequest,
    /// Processor time of its turns.
    cpu_ns: u64,
    /// Wall time of its turns.
    wall_ns: u64,
}

impl<'a> Ours<'a> {
    /// Returns a fresh worker that has loaded and warmed up a cell.
    ///
    /// # Errors
    /// The worker failed.
    pub fn start(
        worker: &WorkerCommand,
        cell: &'a RunCell,
        interrupt: &'a Interrupt,
    ) -> Result<Self> {
        let mut process = CellProcess::start(worker, cell, None, interrupt)?;
        process.prepare(false)?;
        process.warm_up()?;
        process.stop();
        let turn = BlockRequest {
            min_inferences: TURN_INFERENCES,
            min_ns: nanoseconds(cell.budget.block_s),
            max_inferences: MOST_INFERENCES,
        };
        Ok(Self { process, turn, cpu_ns: 0, wall_ns: 0 })
    }

    /// Returns how many processors its turns had on average.
    pub fn processors(&self) -> f64 {
        self.cpu_ns as f64 / self.wall_ns.max(1) as f64
    }
}

impl Side for Ours<'_> {
    fn turn_ns(&mut self) -> Result<f64> {
        self.process.go_on();
        let taken = self.process.burst(self.turn)?;
        self.process.stop();
        self.cpu_ns += taken.cpu_ns;
        self.wall_ns += taken.wall_ns;
        median_ns(counting(&taken.samples_ns)).context("the worker took no samples")
    }
}
