use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::contents::{Contents, read_table};
use crate::table::Table;
use crate::{
    AttributesRow, BlockKey, BlockRow, CellRow, ExperimentRow, HostRow, MemberRow, RefusalRow,
    RooflineRow, RunFolder, StoreError, parquet, part,
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
    /// What the architectures cost, as written; empty where nobody looked.
    pub attributes: Vec<AttributesRow>,
    /// What the machine can do, as written; empty where nobody looked.
    pub rooflines: Vec<RooflineRow>,
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
            attributes: read_table(folder)?,
            rooflines: read_table(folder)?,
            blocks: blocks.into_values().collect(),
            refusals: refusals.into_values().collect(),
            latencies: by_round(latencies_ns),
        })
    }

    /// Returns the rounds that both cells have samples of, each as the two cells' latencies in ns.
    ///
    /// A round whose sides were taken by different commands is left out: pairing cancels drift only
    /// between neighbours in time.
    pub fn paired_rounds(&self, baseline: &str, accelerated: &str) -> Vec<(&[u64], &[u64])> {
        let Some(others) = self.latencies.get(accelerated) else { return Vec::new() };
        let rounds = self.latencies.get(baseline).into_iter().flatten();
        rounds
            .filter_map(|(round, samples)| Some((round, samples, others.get(round)?)))
            .filter(|(_, samples, other)| !samples.is_empty() && !other.is_empty())
            .filter(|(round, ..)| {
                self.sessions(baseline, **round) == self.sessions(accelerated, **round)
            })
            .map(|(_, samples, other)| (samples.as_slice(), other.as_slice()))
            .collect()
    }

    /// Returns what one inference of a cell costs, if that was looked at.
    pub fn attributes_of(&self, cell: &CellRow) -> Option<&AttributesRow> {
        self.attributes.iter().find(|row| row.is_of(cell))
    }

    /// Returns when the commands started that took the cell's blocks of a round.
    fn sessions(&self, cell: &str, round: u32) -> BTreeSet<u64> {
        let from = self.blocks.partition_point(|block| block.cell.as_str() < cell);
        let of_cell = self.blocks[from..].iter().take_while(|block| block.cell == cell);
        of_cell.filter(|block| block.round == round).map(|block| block.session_unix_ns).collect()
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
