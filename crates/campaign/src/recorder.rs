//! Keeps what the conductor takes in a run's folder.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use formbench_analysis::rounds::turns_of;
use formbench_analysis::run::{around, read_without_finals, readings};
use formbench_analysis::{BlockLatency, Run, is_disturbed};
use formbench_measure::{Burst, Measured, RecordError, Recorder, RunCell, unix_ns};
use formbench_protocol::Refusal;
use formbench_statistics::{QuietLevel, Speed, TurnKey, TurnMedian, TurnMedians};
use formbench_store::{BlockKey, BlockRow, CellRow, RunFolder, Sample, StoreError, Turn};

use crate::rows;

/// A run's folder with what is in it already.
pub struct FolderRecorder<'a> {
    folder: &'a RunFolder,
    session_unix_ns: u64,
    blocks: BTreeSet<BlockKey>,
    refused: BTreeSet<String>,
    spent: BTreeMap<String, Duration>,
    cells: BTreeMap<String, CellRow>,
    /// The turns that count, with the probe's readings just before and just after.
    turns: BTreeMap<String, BTreeMap<TurnKey, Taken>>,
    /// Every reading of the probe.
    readings: Vec<Speed>,
    /// Quiet level of earlier runs on this host.
    earlier_memory_ns: Option<f64>,
    /// Quiet level, and of how many readings.
    level: Cell<(usize, Option<QuietLevel>)>,
}

/// By what share readings may grow before the level is taken anew: it hardly changes then, and takes a sort.
const SAME_LEVEL: f64 = 0.02;

/// A turn's median latency, and the probe's readings around it.
#[derive(Clone, Copy)]
struct Taken {
    median_ns: f64,
    readings: Option<[Speed; 2]>,
}

impl<'a> FolderRecorder<'a> {
    /// Returns a recorder that knows the folder's blocks and refusals.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn new(folder: &'a RunFolder) -> Result<Self, StoreError> {
        let run = read_without_finals(folder.path())?;
        Ok(Self {
            folder,
            session_unix_ns: unix_ns(),
            blocks: run.blocks.iter().map(BlockKey::from).collect(),
            refused: run.refusals.iter().map(|row| row.cell.clone()).collect(),
            spent: spent(&run.blocks),
            turns: taken(&run),
            readings: readings(&run),
            earlier_memory_ns: run.host.quiet_memory_ns,
            level: Cell::new((0, None)),
            cells: run.cells,
        })
    }

    /// Returns how many blocks are kept.
    pub fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Returns how many rounds of a cell are there with all their blocks.
    pub fn rounds(&self, cell: &RunCell) -> u32 {
        let is_whole = |round: &u32| {
            let mut blocks = 0..cell.budget.blocks;
            blocks.all(|block| self.has_block(&cell.key, *round, block))
        };
        u32::try_from((0..cell.budget.most_rounds).filter(is_whole).count()).unwrap_or(u32::MAX)
    }

    /// Returns what a quiet turn is held against.
    fn level(&self) -> Option<QuietLevel> {
        let (count, level) = self.level.get();
        let now = self.readings.len();
        if now as f64 <= (1.0 + SAME_LEVEL) * count as f64 {
            return level;
        }
        let level = QuietLevel::of(&self.readings, self.earlier_memory_ns);
        self.level.set((now, level));
        level
    }

    /// Returns how many cells are refused.
    pub fn refused(&self) -> usize {
        self.refused.len()
    }
}

/// Returns the turns that count, by cell.
fn taken(run: &Run) -> BTreeMap<String, BTreeMap<TurnKey, Taken>> {
    let mut taken = BTreeMap::<String, BTreeMap<TurnKey, Taken>>::new();
    for block in &run.blocks {
        if let Some(latency) = run.latencies_of(block) {
            let turns = run.turns.get(&BlockKey::from(block)).map_or(&[][..], Vec::as_slice);
            let of_cell = taken.entry(block.cell.clone()).or_default();
            of_cell.extend(taken_of(block, latency, turns));
        }
    }
    taken
}

fn taken_of(
    block: &BlockRow,
    latency: &BlockLatency,
    turns: &[Turn],
) -> impl Iterator<Item = (TurnKey, Taken)> {
    let place = (block.round, block.block);
    turns_of(place, block.session_unix_ns, latency).map(|(key, kept)| {
        let turn = turns.iter().find(|turn| turn.turn == kept.turn);
        (key, Taken { median_ns: kept.median_ns, readings: turn.map(around) })
    })
}

/// Returns the samples of a block, in the order they ran.
fn samples(measured: &Measured) -> Vec<Sample> {
    let of_burst = |burst: &Burst| {
        let turn = Some(burst.turn);
        burst.samples_ns.iter().map(|&latency_ns| Sample { turn, latency_ns }).collect::<Vec<_>>()
    };
    measured.taken.bursts.iter().flat_map(of_burst).collect()
}

/// Returns the turns of a block.
fn turns(measured: &Measured) -> Vec<Turn> {
    let parts = |speed: Speed| [speed.registers_ns, speed.memory_ns];
    let turn = |burst: &Burst| Turn {
        turn: burst.turn,
        started_unix_ns: burst.started_unix_ns,
        wall_ns: burst.wall_ns,
        cpu_ns: burst.cpu_ns,
        before_ns: parts(burst.before),
        after_ns: parts(burst.after),
    };
    measured.taken.bursts.iter().map(turn).collect()
}

/// Returns what each cell's blocks and the processes that took them have cost.
fn spent(blocks: &[BlockRow]) -> BTreeMap<String, Duration> {
    let mut processes = BTreeSet::new();
    let mut spent = BTreeMap::<String, Duration>::new();
    for block in blocks {
        let mut ns = block.wall_ns;
        if processes.insert((&block.cell, block.round, block.process)) {
            ns += block.load_ns + block.first_inference_ns + block.warm_up_ns;
        }
        *spent.entry(block.cell.clone()).or_default() += Duration::from_nanos(ns);
    }
    spent
}

impl Recorder for FolderRecorder<'_> {
    fn has_block(&self, key: &str, round: u32, block: u32) -> bool {
        self.blocks.contains(&BlockKey { cell: key.to_owned(), round, block })
    }

    fn is_refused(&self, key: &str) -> bool {
        self.refused.contains(key)
    }

    fn spent(&self, key: &str) -> Duration {
        self.spent.get(key).copied().unwrap_or_default()
    }

    fn turns(&self, key: &str) -> TurnMedians {
        let level = self.level();
        let of_cell = self.turns.get(key).into_iter().flatten();
        let turns = of_cell.map(|(key, &Taken { median_ns, readings })| {
            let conditions = level.zip(readings).map(|(level, both)| level.conditions(both));
            (*key, TurnMedian { median_ns, conditions })
        });
        turns.collect()
    }

    fn block(&mut self, key: &str, measured: &Measured) -> Result<(), RecordError> {
        let row = rows::block(key, measured, self.session_unix_ns);
        let samples = samples(measured);
        let (block, turns) = (BlockKey::from(&row), turns(measured));
        self.folder.append_turns(&block, &turns)?;
        self.folder.append_block(&row, &samples)?;
        self.blocks.insert(block);
        self.readings.extend(measured.taken.readings());
        let cell = self.cells.get(key);
        if cell.is_some_and(|cell| !is_disturbed(&row, cell)) {
            let of_cell = self.turns.entry(key.to_owned()).or_default();
            of_cell.extend(taken_of(&row, &BlockLatency::of(&samples), &turns));
        }
        Ok(())
    }

    fn refusal(
        &mut self,
        key: &str,
        round: u32,
        refusal: &Refusal,
        stderr_tail: &str,
    ) -> Result<(), RecordError> {
        self.folder.append_refusal(&rows::refusal(key, round, refusal, stderr_tail))?;
        self.refused.insert(key.to_owned());
        Ok(())
    }
}
