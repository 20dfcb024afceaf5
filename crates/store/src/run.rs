use std::collections::BTreeMap;
use std::path::Path;

use crate::contents::Contents;
use crate::table::Table;
use crate::{
    BlockKey, BlockRow, CellRow, ExperimentRow, HostRow, MemberRow, RefusalRow, RunFolder,
    StoreError, parquet, part,
};

/// Everything a run's folder says, in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Where and when it ran.
    pub host: HostRow,
    /// The experiments, as written.
    pub experiments: Vec<ExperimentRow>,
    /// Which experiment compares which cells, as written.
    pub members: Vec<MemberRow>,
    /// The cells by key.
    pub cells: BTreeMap<String, CellRow>,
    /// The acknowledged blocks in the order of cell, round and block.
    pub blocks: Vec<BlockRow>,
    /// The refusals in the order of cell and round.
    pub refusals: Vec<RefusalRow>,
    /// Cell → round → latencies in the order of block and index, ns.
    pub latencies: BTreeMap<String, BTreeMap<u32, Vec<u64>>>,
}

impl Run {
    /// Returns the run in `folder`, finished or not: every acknowledged sample once.
    ///
    /// # Errors
    /// [`StoreError::NotARun`] without a whole plan; else what names the file that cannot be read.
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        if !RunFolder::open(folder)?.has_plan() {
            return Err(StoreError::NotARun { folder: folder.into() });
        }
        let Contents { blocks, latencies_ns, refusals } = Contents::read(folder)?;
        let cells = read_whole::<CellRow>(folder)?.into_iter();
        Ok(Self {
            host: read_host(folder)?,
            experiments: read_whole(folder)?,
            members: read_whole(folder)?,
            cells: cells.map(|cell| (cell.cell.clone(), cell)).collect(),
            blocks: blocks.into_values().collect(),
            refusals: refusals.into_values().collect(),
            latencies: by_round(latencies_ns),
        })
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

fn by_round(
    latencies_ns: BTreeMap<BlockKey, Vec<u64>>,
) -> BTreeMap<String, BTreeMap<u32, Vec<u64>>> {
    let mut rounds = BTreeMap::<String, BTreeMap<u32, Vec<u64>>>::new();
    for (key, mut of_block) in latencies_ns {
        let of_cell = rounds.entry(key.cell).or_default();
        of_cell.entry(key.round).or_default().append(&mut of_block);
    }
    rounds
}
