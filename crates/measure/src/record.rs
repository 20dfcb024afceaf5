//! What leaves the conductor: blocks and refusals to keep, and events to show.

use std::time::Duration;

use formbench_protocol::{Refusal, TakenBlock, WarmedUp};
use formbench_statistics::{QuietLevel, Speed, TurnMedian, TurnMedians, counting, median_ns};

use crate::agreement::Camps;
use crate::scheduler::NextRound;
use crate::{BlockEnvironment, ProcessorSet, RunCell};

/// Which block of which cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockPlace {
    /// Round, from 0.
    pub round: u32,
    /// Block of the round, from 0.
    pub block: u32,
    /// Place of the cell in the first turn of its group in this block, from 0.
    pub position: u32,
}

/// A block with the process that took it.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Where it belongs.
    pub place: BlockPlace,
    /// Process id of the worker.
    pub process: u32,
    /// When the block was asked for, in nanoseconds since 1970.
    pub started_unix_ns: u64,
    /// Building the model and filling its weights, in nanoseconds.
    pub load_ns: u64,
    /// The process's first inference, in nanoseconds.
    pub first_inference_ns: u64,
    /// How the process warmed up.
    pub warmed_up: WarmedUp,
    /// From when it was asked for to the end of its last burst, turns of other cells included, in
    /// nanoseconds.
    pub span_ns: u64,
    /// The samples.
    pub taken: TakenBursts,
    /// What was seen of it from outside.
    pub environment: BlockEnvironment,
    /// The processors that the worker may run on, if not any.
    pub processors: Option<ProcessorSet>,
    /// Whether the worker was stopped while others had their turns.
    pub is_stopped: bool,
}

/// Consecutive inferences of a cell within one turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burst {
    /// Number of the turn within the block, from 0.
    pub turn: u32,
    /// When it was asked for, in nanoseconds since 1970.
    pub started_unix_ns: u64,
    /// Latency of each inference in the order they ran, in nanoseconds.
    pub samples_ns: Vec<u64>,
    /// Its wall time, in nanoseconds.
    pub wall_ns: u64,
    /// Processor time of the worker's whole process, in nanoseconds.
    pub cpu_ns: u64,
    /// How fast the machine was just before.
    pub before: Speed,
    /// How fast the machine was just after.
    pub after: Speed,
}

/// What a cell took in the turns of one block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenBursts {
    /// The bursts in the order of their turns.
    pub bursts: Vec<Burst>,
    /// Largest resident set of the worker so far, in bytes.
    pub peak_rss_bytes: u64,
}

impl TakenBursts {
    /// Adds what was taken in a turn that began then, with the speed of the machine before and after it.
    pub fn add(
        &mut self,
        turn: u32,
        started_unix_ns: u64,
        taken: TakenBlock,
        [before, after]: [Speed; 2],
    ) {
        let TakenBlock { samples_ns, wall_ns, cpu_ns, peak_rss_bytes } = taken;
        let burst = Burst { turn, started_unix_ns, samples_ns, wall_ns, cpu_ns, before, after };
        self.bursts.push(burst);
        self.peak_rss_bytes = self.peak_rss_bytes.max(peak_rss_bytes);
    }

    /// Returns the wall time of the bursts, in nanoseconds.
    pub fn wall_ns(&self) -> u64 {
        self.bursts.iter().map(|burst| burst.wall_ns).sum()
    }

    /// Returns the processor time of the worker's whole process during the bursts, in nanoseconds.
    pub fn cpu_ns(&self) -> u64 {
        self.bursts.iter().map(|burst| burst.cpu_ns).sum()
    }

    /// Returns the median latency of each turn, of the inferences that count, with what the host was like by
    /// a quiet level.
    pub fn turns(&self, level: Option<QuietLevel>) -> impl Iterator<Item = (u32, TurnMedian)> {
        self.bursts.iter().filter_map(move |burst| {
            let conditions = level.map(|level| level.conditions([burst.before, burst.after]));
            let median_ns = median_ns(counting(&burst.samples_ns))?;
            Some((burst.turn, TurnMedian { median_ns, conditions }))
        })
    }

    /// Returns every reading of the probe.
    pub fn readings(&self) -> impl Iterator<Item = Speed> {
        self.bursts.iter().flat_map(|burst| [burst.before, burst.after])
    }
}

/// Keeps what was measured; a call returns when it is durable.
pub trait Recorder {
    /// Returns whether this block is there already.
    fn has_block(&self, key: &str, round: u32, block: u32) -> bool;
    /// Returns whether the cell was refused already.
    fn is_refused(&self, key: &str) -> bool;
    /// Returns what the cell's turns of earlier commands have cost.
    fn spent(&self, key: &str) -> Duration;
    /// Returns the turns that are there already and count.
    fn turns(&self, key: &str) -> TurnMedians;
    /// Keeps one block.
    ///
    /// # Errors
    /// The block could not be kept.
    fn block(&mut self, key: &str, measured: &Measured) -> Result<(), RecordError>;
    /// Keeps the reason why a cell has no more samples.
    ///
    /// # Errors
    /// The refusal could not be kept.
    fn refusal(
        &mut self,
        key: &str,
        round: u32,
        refusal: &Refusal,
        stderr_tail: &str,
    ) -> Result<(), RecordError>;
}

/// Why something could not be kept.
pub type RecordError = Box<dyn std::error::Error + Send + Sync>;

/// A round of a group that begins, and how far the run is.
#[derive(Clone, Copy, Debug)]
pub struct RoundProgress<'a> {
    /// The run's cells.
    pub cells: &'a [RunCell],
    /// The round, and who takes part.
    pub next: &'a NextRound,
    /// Rounds of groups before this one.
    pub done: usize,
    /// Rounds of groups that the budgets ask for at least; further ones follow where intervals are
    /// too wide.
    pub missing: usize,
    /// Time since the run began.
    pub elapsed: Duration,
    /// How long it may take, if that is limited.
    pub limit: Option<Duration>,
}

/// Shows what the conductor does; nothing of it is kept.
pub trait Observer {
    /// A round begins.
    fn round(&mut self, round: RoundProgress<'_>);
    /// A cell is refused.
    fn refused(&mut self, cell: &RunCell, refusal: &Refusal);
    /// Engines that load the file of a cell were held against each other.
    fn judged(&mut self, _cell: &RunCell, _camps: &Camps) {}
}
