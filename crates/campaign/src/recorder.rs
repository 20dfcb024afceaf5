//! Keeps what the conductor takes in a run's folder.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use formbench_analysis::rounds::turns_of;
use formbench_analysis::{BlockLatency, Run, is_disturbed, read_run};
use formbench_measure::{Burst, Measured, RecordError, Recorder, RunCell, unix_ns};
use formbench_protocol::Refusal;
use formbench_statistics::{TurnKey, TurnMedians};
use formbench_store::{BlockKey, BlockRow, CellRow, RunFolder, Sample, StoreError};

use crate::rows;

/// A run's folder with what is in it already.
pub struct FolderRecorder<'a> {
    folder: &'a RunFolder,
    session_unix_ns: u64,
    blocks: BTreeSet<BlockKey>,
    refused: BTreeSet<String>,
    spent: BTreeMap<String, Duration>,
    cells: BTreeMap<String, CellRow>,
    /// Of the turns that count.
    medians_ns: BTreeMap<String, TurnMedians>,
}

impl<'a> FolderRecorder<'a> {
    /// Returns a recorder that knows the folder's blocks and refusals.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn new(folder: &'a RunFolder) -> Result<Self, StoreError> {
        let run = read_run(folder.path())?;
        Ok(Self {
            folder,
            session_unix_ns: unix_ns(),
            blocks: run.blocks.iter().map(BlockKey::from).collect(),
            refused: run.refusals.iter().map(|row| row.cell.clone()).collect(),
            spent: spent(&run.blocks),
            medians_ns: medians_ns(&run),
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

    /// Returns how many cells are refused.
    pub fn refused(&self) -> usize {
        self.refused.len()
    }
}

/// Returns the medians of the turns that count, by cell.
fn medians_ns(run: &Run) -> BTreeMap<String, TurnMedians> {
    let mut medians_ns = BTreeMap::<String, TurnMedians>::new();
    for block in &run.blocks {
        if let Some(latency) = run.latencies_of(block) {
            let of_cell = medians_ns.entry(block.cell.clone()).or_default();
            of_cell.extend(turn_medians(block, latency));
        }
    }
    medians_ns
}

fn turn_medians(block: &BlockRow, latency: &BlockLatency) -> impl Iterator<Item = (TurnKey, f64)> {
    let place = (block.round, block.block);
    turns_of(place, block.session_unix_ns, latency).map(|(key, turn)| (key, turn.median_ns))
}

/// Returns the samples of a block, in the order they ran.
fn samples(measured: &Measured) -> Vec<Sample> {
    let of_burst = |burst: &Burst| {
        let turn = Some(burst.turn);
        burst.samples_ns.iter().map(|&latency_ns| Sample { turn, latency_ns }).collect::<Vec<_>>()
    };
    measured.taken.bursts.iter().flat_map(of_burst).collect()
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

    fn medians_ns(&self, key: &str) -> TurnMedians {
        self.medians_ns.get(key).cloned().unwrap_or_default()
    }

    fn block(&mut self, key: &str, measured: &Measured) -> Result<(), RecordError> {
        let row = rows::block(key, measured, self.session_unix_ns);
        let samples = samples(measured);
        self.folder.append_block(&row, &samples)?;
        self.blocks.insert(BlockKey::from(&row));
        let cell = self.cells.get(key);
        if cell.is_some_and(|cell| !is_disturbed(&row, cell)) {
            let of_cell = self.medians_ns.entry(key.to_owned()).or_default();
            of_cell.extend(turn_medians(&row, &BlockLatency::of(&samples)));
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
