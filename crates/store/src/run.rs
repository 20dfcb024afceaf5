use std::collections::BTreeMap;
use std::path::Path;

use crate::contents::{Contents, read_table};
use crate::table::Table;
use crate::{
    AttributesRow, BlockKey, BlockRow, CacheRow, CellRow, CheckRow, ExperimentRow, HostRow,
    MemberRow, OperatorRow, RefusalRow, RooflineRow, RunFolder, Sample, StoreError, Turn, parquet,
    part,
};

/// Latencies by cell, round and block, or what is kept of them.
pub type Latencies<L> = BTreeMap<String, BTreeMap<u32, BTreeMap<u32, L>>>;

/// Everything a run's folder holds, in memory. `L` is what is kept of a block's samples: by
/// default all of them, in the order of their index.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run<L = Vec<Sample>> {
    /// Where and when it ran.
    pub host: HostRow,
    /// The experiments, as written.
    pub experiments: Vec<ExperimentRow>,
    /// Which experiment compares which cells, as written.
    pub members: Vec<MemberRow>,
    /// The cells by key.
    pub cells: BTreeMap<String, CellRow>,
    /// What the architectures cost, as written; empty where nobody looked.
    pub attributes: Vec<AttributesRow>,
    /// What the machine can do, as written; empty where nobody looked.
    pub rooflines: Vec<RooflineRow>,
    /// What inferences ask of the caches, as written; empty where nobody looked.
    pub caches: Vec<CacheRow>,
    /// What the harness found where the answer is known, as written; empty where nobody looked.
    pub checks: Vec<CheckRow>,
    /// Where the time of cells' inferences goes, as written; empty where nobody looked.
    pub operators: Vec<OperatorRow>,
    /// The acknowledged blocks in the order of cell, round and block.
    pub blocks: Vec<BlockRow>,
    /// The refusals in the order of cell and round.
    pub refusals: Vec<RefusalRow>,
    /// Cell → round → block → what is kept of its latencies.
    pub latencies: Latencies<L>,
    /// The turns of blocks; a run of version 0.1 has none.
    pub turns: BTreeMap<BlockKey, Vec<Turn>>,
    /// Its finals, in which those who may be first by its numbers took turns with each other.
    pub finals: Vec<Self>,
}

impl Run {
    /// Returns the run in `folder`, finished or not: every acknowledged sample once.
    ///
    /// # Errors
    /// [`StoreError::NotARun`] without a whole plan; else an error that names the file that cannot
    /// be read.
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        Self::read_keeping(folder, |samples| samples)
    }
}

impl Run<()> {
    /// Returns the run in `folder`, finished or not, without any sample, which is far quicker.
    ///
    /// # Errors
    /// Those of [`Run::read`].
    pub fn read_without_samples(folder: &Path) -> Result<Self, StoreError> {
        if !RunFolder::open(folder)?.has_plan() {
            return Err(StoreError::NotARun { folder: folder.into() });
        }
        Self::of(folder, Contents::read_without_samples(folder)?)
    }
}

impl<L> Run<L> {
    /// Returns the run in `folder`, finished or not, without its finals, with what `keep` makes of each acknowledged
    /// block's samples. `keep` sees one block at a time, so that millions of samples need not be
    /// in memory.
    ///
    /// # Errors
    /// Those of [`Run::read`].
    pub fn read_keeping(
        folder: &Path,
        keep: impl Fn(Vec<Sample>) -> L,
    ) -> Result<Self, StoreError> {
        if !RunFolder::open(folder)?.has_plan() {
            return Err(StoreError::NotARun { folder: folder.into() });
        }
        Self::of(folder, Contents::read(folder, keep)?)
    }

    /// Returns the plan in `folder` with what was measured of it.
    fn of(folder: &Path, contents: Contents<L>) -> Result<Self, StoreError> {
        let Contents { blocks, latencies, turns, refusals } = contents;
        let cells = read_whole::<CellRow>(folder)?.into_iter();
        Ok(Self {
            host: read_host(folder)?,
            experiments: read_whole(folder)?,
            members: read_whole(folder)?,
            cells: cells.map(|cell| (cell.cell.clone(), cell)).collect(),
            attributes: read_table(folder)?,
            rooflines: read_table(folder)?,
            caches: read_table(folder)?,
            checks: read_table(folder)?,
            operators: read_table(folder)?,
            blocks: blocks.into_values().collect(),
            refusals: refusals.into_values().collect(),
            latencies: by_round(latencies),
            turns,
            finals: Vec::new(),
        })
    }

    /// Returns the rows of a cell's blocks, in the order of round and block.
    pub fn blocks_of(&self, cell: &str) -> &[BlockRow] {
        let from = self.blocks.partition_point(|block| block.cell.as_str() < cell);
        let to = self.blocks.partition_point(|block| block.cell.as_str() <= cell);
        &self.blocks[from..to]
    }

    /// Returns what is kept of a block's latencies, if anything is.
    pub fn latencies_of(&self, block: &BlockRow) -> Option<&L> {
        self.latencies.get(&block.cell)?.get(&block.round)?.get(&block.block)
    }

    /// Returns what one inference of a cell costs, if that was recorded.
    pub fn attributes_of(&self, cell: &CellRow) -> Option<&AttributesRow> {
        self.attributes.iter().find(|row| row.is_of(cell))
    }

    /// Returns where the time of a cell's inference goes, in the order of positions.
    pub fn operators_of(&self, cell: &str) -> Vec<&OperatorRow> {
        let mut rows: Vec<_> = self.operators.iter().filter(|row| row.cell == cell).collect();
        rows.sort_by_key(|row| row.position);
        rows
    }

    /// Returns what one inference of a cell asks of each last-level cache that was looked at,
    /// ordered by source and size.
    pub fn caches_of(&self, cell: &CellRow) -> Vec<&CacheRow> {
        let mut rows: Vec<_> = self.caches.iter().filter(|row| row.is_of(cell)).collect();
        rows.sort_by_key(|row| (row.source, row.cache_bytes));
        rows
    }
}

/// Returns the rows of a table that a whole plan has.
fn read_whole<T: Table>(folder: &Path) -> Result<Vec<T>, StoreError> {
    parquet::read(&part::table_path(folder, T::FACTS.name))
}

/// Returns the only row of the host's table.
pub(crate) fn read_host(folder: &Path) -> Result<HostRow, StoreError> {
    let mut rows = read_whole::<HostRow>(folder)?;
    let got = rows.len();
    rows.pop().filter(|_| got == 1).ok_or_else(|| StoreError::HostRows {
        path: part::table_path(folder, HostRow::FACTS.name),
        got,
    })
}

fn by_round<L>(latencies: BTreeMap<BlockKey, L>) -> Latencies<L> {
    let mut cells = Latencies::new();
    for (BlockKey { cell, round, block }, kept) in latencies {
        let rounds: &mut BTreeMap<_, BTreeMap<_, _>> = cells.entry(cell).or_default();
        rounds.entry(round).or_default().insert(block, kept);
    }
    cells
}
