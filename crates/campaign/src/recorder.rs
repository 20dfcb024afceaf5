//! Keeps what the conductor takes in a run's folder.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use formbench_analysis::rounds::turn_key;
use formbench_analysis::{DisturbedBlocks, is_disturbed};
use formbench_measure::{Measured, RecordError, Recorder, RunCell, unix_ns};
use formbench_protocol::Refusal;
use formbench_statistics::{BlockMedians, median_ns};
use formbench_store::{BlockKey, BlockRow, CellRow, Run, RunFolder, StoreError};

use crate::rows;

/// A run's folder with what is in it already.
pub struct FolderRecorder<'a> {
    folder: &'a RunFolder,
    session_unix_ns: u64,
    blocks: BTreeSet<BlockKey>,
    refused: BTreeSet<String>,
    spent: BTreeMap<String, Duration>,
    cells: BTreeMap<String, CellRow>,
    /// Of the blocks that count.
    medians_ns: BTreeMap<String, BlockMedians>,
}

impl<'a> FolderRecorder<'a> {
    /// Returns a recorder that knows the folder's blocks and refusals.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn new(folder: &'a RunFolder) -> Result<Self, StoreError> {
        let median_of = |latencies_ns: Vec<u64>| median_ns(&latencies_ns).unwrap_or_default();
        let mut run = Run::read_keeping(folder.path(), median_of)?;
        DisturbedBlocks::of(&run).leave_out(&mut run);
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

/// Returns the medians of the blocks that count, by cell.
fn medians_ns(run: &Run<f64>) -> BTreeMap<String, BlockMedians> {
    let mut medians_ns = BTreeMap::<String, BlockMedians>::new();
    for block in &run.blocks {
        if let Some(&median_ns) = run.latencies_of(block) {
            medians_ns.entry(block.cell.clone()).or_default().insert(turn_key(block), median_ns);
        }
    }
    medians_ns
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

    fn medians_ns(&self, key: &str) -> BlockMedians {
        self.medians_ns.get(key).cloned().unwrap_or_default()
    }

    fn block(&mut self, key: &str, measured: &Measured) -> Result<(), RecordError> {
        let row = rows::block(key, measured, self.session_unix_ns);
        self.folder.append_block(&row, &measured.taken.samples_ns)?;
        self.blocks.insert(BlockKey::from(&row));
        let cell = self.cells.get(key);
        if cell.is_some_and(|cell| !is_disturbed(&row, cell)) {
            let median_ns = median_ns(&measured.taken.samples_ns).unwrap_or_default();
            self.medians_ns.entry(key.to_owned()).or_default().insert(turn_key(&row), median_ns);
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
