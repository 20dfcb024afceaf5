use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::block_key::check_cell;
use crate::compaction::{self, sample_rows, write_table};
use crate::contents::{read_refusals, read_table};
use crate::run::read_host;
use crate::table::Table;
use crate::{
    AttributesRow, BlockKey, BlockRow, CacheRow, CellRow, CheckRow, ExperimentRow, HostRow,
    MemberRow, OperatorRow, RefusalRow, RooflineRow, Sample, SampleRow, StoreError, Turn, TurnRow,
    durable, parquet, part,
};

/// The folder of one run, written by one process at a time (see [`DataLock`](crate::DataLock)).
#[derive(Clone, Debug)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Creates `<runs>/<date>-<host>-<n>` with the least free `n` from 1.
    ///
    /// # Errors
    /// [`StoreError::Io`] if a folder cannot be created.
    pub fn create(runs: &Path, date: &str, host: &str) -> Result<Self, StoreError> {
        durable::create_folder(runs)?;
        let mut n = 1u32;
        loop {
            let path = runs.join(format!("{date}-{host}-{n}"));
            match fs::create_dir(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => n += 1,
                created => {
                    created.map_err(StoreError::io("create folder", &path))?;
                    durable::sync_folder(runs)?;
                    return Ok(Self { path });
                }
            }
        }
    }

    /// Returns the run in an existing folder, whether its plan is whole or not.
    ///
    /// # Errors
    /// [`StoreError::NotARun`] if `folder` is no folder.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        if folder.is_dir() {
            Ok(Self { path: folder.into() })
        } else {
            Err(StoreError::NotARun { folder: folder.into() })
        }
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the folder of the run's finals, which are runs of their own, whether it is there or not.
    pub fn finals(&self) -> PathBuf {
        self.path.join("finals")
    }

    /// Returns the folder's own name, such as `2026-11-23-hal-1`.
    pub fn name(&self) -> &str {
        self.path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Writes what the run is about to measure, the host last: its presence makes the plan whole.
    ///
    /// # Errors
    /// [`StoreError::Io`] if the disk refuses.
    pub fn write_plan(
        &self,
        host: &HostRow,
        experiments: &[ExperimentRow],
        members: &[MemberRow],
        cells: &[CellRow],
    ) -> Result<(), StoreError> {
        write_table(&self.path, experiments.iter().cloned())?;
        write_table(&self.path, members.iter().cloned())?;
        write_table(&self.path, cells.iter().cloned())?;
        write_table(&self.path, [host.clone()])
    }

    /// Writes what the run's architectures cost, once, before anything is timed.
    ///
    /// # Errors
    /// [`StoreError::Io`] if the disk refuses.
    pub fn write_attributes(&self, rows: &[AttributesRow]) -> Result<(), StoreError> {
        write_table(&self.path, rows.iter().cloned())
    }

    /// Returns whether [`RunFolder::write_attributes`] is done.
    pub fn has_attributes(&self) -> bool {
        part::table_path(&self.path, AttributesRow::FACTS.name).is_file()
    }

    /// Writes what the machine can do, once, before anything is timed.
    ///
    /// # Errors
    /// [`StoreError::Io`] if the disk refuses.
    pub fn write_rooflines(&self, rows: &[RooflineRow]) -> Result<(), StoreError> {
        write_table(&self.path, rows.iter().cloned())
    }

    /// Returns whether [`RunFolder::write_rooflines`] is done.
    pub fn has_rooflines(&self) -> bool {
        part::table_path(&self.path, RooflineRow::FACTS.name).is_file()
    }

    /// Writes what inferences ask of the caches; a later call replaces the table.
    ///
    /// # Errors
    /// [`StoreError::Io`] if the disk refuses.
    pub fn write_caches(&self, rows: &[CacheRow]) -> Result<(), StoreError> {
        write_table(&self.path, rows.iter().cloned())
    }

    /// Returns what inferences ask of the caches; nothing where nobody looked.
    ///
    /// # Errors
    /// [`StoreError`] if the table cannot be read.
    pub fn caches(&self) -> Result<Vec<CacheRow>, StoreError> {
        read_table(&self.path)
    }

    /// Writes where the time of cells' inferences goes; a later call replaces the table.
    ///
    /// # Errors
    /// [`StoreError::Io`] if the disk refuses.
    pub fn write_operators(&self, rows: &[OperatorRow]) -> Result<(), StoreError> {
        write_table(&self.path, rows.iter().cloned())
    }

    /// Returns whether [`RunFolder::write_operators`] is done.
    pub fn has_operators(&self) -> bool {
        part::table_path(&self.path, OperatorRow::FACTS.name).is_file()
    }

    /// Writes the results of the self-test, once, before anything is timed.
    ///
    /// # Errors
    /// [`StoreError::Io`] if the disk refuses.
    pub fn write_checks(&self, rows: &[CheckRow]) -> Result<(), StoreError> {
        write_table(&self.path, rows.iter().cloned())
    }

    /// Returns whether [`RunFolder::write_checks`] is done.
    pub fn has_checks(&self) -> bool {
        part::table_path(&self.path, CheckRow::FACTS.name).is_file()
    }

    /// Returns whether the whole plan is on disk.
    pub fn has_plan(&self) -> bool {
        part::table_path(&self.path, HostRow::FACTS.name).is_file()
    }

    /// Returns the host's row, which a whole plan has.
    ///
    /// # Errors
    /// [`StoreError`] if the plan is not whole or cannot be read.
    pub fn host(&self) -> Result<HostRow, StoreError> {
        read_host(&self.path)
    }

    /// Acknowledges a block: returns once it and its samples, in the order they ran, survive a power cut.
    ///
    /// # Errors
    /// [`StoreError::Acknowledged`] if the block is there already, [`StoreError::NoSamples`],
    /// [`StoreError::CellKey`], or [`StoreError::Io`] if the disk refuses.
    pub fn append_block(&self, block: &BlockRow, samples: &[Sample]) -> Result<(), StoreError> {
        check_cell(&block.cell)?;
        let key = BlockKey::from(block);
        if samples.is_empty() {
            return Err(StoreError::NoSamples { block: key });
        }
        if self.is_acknowledged(&key)? {
            return Err(StoreError::Acknowledged { folder: self.path.clone(), block: key });
        }
        self.write_part(&key.to_string(), [block.clone()])?;
        self.write_part(&key.to_string(), sample_rows(&key, samples))
    }

    /// Keeps the turns of a block that is about to be acknowledged.
    ///
    /// # Errors
    /// [`StoreError::CellKey`], or [`StoreError::Io`] if the disk refuses.
    pub fn append_turns(&self, block: &BlockKey, turns: &[Turn]) -> Result<(), StoreError> {
        check_cell(&block.cell)?;
        self.write_part(&block.to_string(), TurnRow::rows(block, turns))
    }

    /// Records why a cell has no samples in a round; a later refusal of the same round replaces it.
    ///
    /// # Errors
    /// [`StoreError::CellKey`], or [`StoreError::Io`] if the disk refuses.
    pub fn append_refusal(&self, refusal: &RefusalRow) -> Result<(), StoreError> {
        check_cell(&refusal.cell)?;
        let key = format!("{}-r{}", refusal.cell, refusal.round);
        self.write_part(&key, [refusal.clone()])
    }

    /// Returns the blocks whose samples are on disk.
    ///
    /// # Errors
    /// [`StoreError`] if the folder or `blocks.parquet` cannot be read.
    pub fn acknowledged(&self) -> Result<BTreeSet<BlockKey>, StoreError> {
        let parts = part::block_keys(&self.path, SampleRow::FACTS.name)?;
        let whole = read_table::<BlockRow>(&self.path)?;
        Ok(parts.into_iter().chain(whole.iter().map(BlockKey::from)).collect())
    }

    /// Returns the recorded refusals in the order of cell and round.
    ///
    /// # Errors
    /// [`StoreError`] if a file cannot be read.
    pub fn refusals(&self) -> Result<Vec<RefusalRow>, StoreError> {
        Ok(read_refusals(&self.path)?.into_values().collect())
    }

    /// Returns whether the run was compacted and nothing was appended since.
    pub fn is_finished(&self) -> bool {
        compaction::is_compacted(&self.path)
    }

    /// Merges the parts into `samples.parquet`, `turns.parquet`, `blocks.parquet` and `refusals.parquet`.
    ///
    /// May be killed at any point and called again; a run that goes on afterwards appends parts,
    /// which the next call merges. The files depend on the rows alone.
    ///
    /// # Errors
    /// [`StoreError`] if a file cannot be read or written.
    pub fn compact(&self) -> Result<(), StoreError> {
        compaction::compact(&self.path)
    }

    /// Writes whole tables at once: blocks that were measured elsewhere, each with its samples, in
    /// the order of cell, round and block. Whole tables of blocks and samples that exist already
    /// are replaced.
    ///
    /// # Errors
    /// [`StoreError::Io`] if the disk refuses.
    pub fn write_measured(
        &self,
        measured: impl IntoIterator<Item = (BlockRow, Vec<Sample>)>,
    ) -> Result<(), StoreError> {
        let mut blocks = Vec::new();
        let samples = measured.into_iter().flat_map(|(block, samples)| {
            let rows: Vec<_> = sample_rows(&BlockKey::from(&block), &samples).collect();
            blocks.push(block);
            rows
        });
        write_table(&self.path, samples)?;
        write_table(&self.path, blocks)?;
        write_table(&self.path, read_refusals(&self.path)?.into_values())
    }

    fn is_acknowledged(&self, key: &BlockKey) -> Result<bool, StoreError> {
        if part::part_path(&self.path, SampleRow::FACTS.name, &key.to_string()).exists() {
            return Ok(true);
        }
        Ok(read_table::<BlockRow>(&self.path)?.iter().any(|row| BlockKey::from(row) == *key))
    }

    fn write_part<T: Table>(
        &self,
        key: &str,
        rows: impl IntoIterator<Item = T>,
    ) -> Result<(), StoreError> {
        durable::create_folder(&self.path.join(T::FACTS.name))?;
        let path = part::part_path(&self.path, T::FACTS.name, key);
        durable::write(&path, &parquet::encode(&path, rows)?)
    }
}

/// Returns the folders of the finals of the run in `folder`, those with a whole plan, in the order of their names.
///
/// # Errors
/// [`StoreError::NotARun`] if `folder` is no folder.
pub fn finals(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = fs::read_dir(RunFolder::open(folder)?.finals()).into_iter().flatten().flatten();
    let has_plan = |path: &PathBuf| RunFolder::open(path).is_ok_and(|folder| folder.has_plan());
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(has_plan).collect();
    folders.sort_unstable();
    Ok(folders)
}
