//! What was measured so far, read from parts and whole tables alike, each block once.

use std::collections::BTreeMap;
use std::iter;
use std::ops::Range;
use std::path::Path;

use crate::group::Group;
use crate::parquet::{self, TableFile, if_present};
use crate::table::Table;
use crate::{BlockKey, BlockRow, RefusalRow, Sample, SampleRow, StoreError, Turn, TurnRow, part};

/// The acknowledged blocks and the refusals of a run; `L` is what is kept of a block's latencies.
pub(crate) struct Contents<L> {
    pub(crate) blocks: BTreeMap<BlockKey, BlockRow>,
    pub(crate) latencies: BTreeMap<BlockKey, L>,
    /// Of those blocks that have turns.
    pub(crate) turns: BTreeMap<BlockKey, Vec<Turn>>,
    pub(crate) refusals: BTreeMap<(String, u32), RefusalRow>,
}

impl<L> Contents<L> {
    /// Returns what `folder` holds, in every state that an interrupted write or compaction leaves.
    /// Of each block it has what `keep` makes of the samples, in the order of their index.
    ///
    /// The order of reading is safe while a compaction goes on. A part that vanishes is in its
    /// whole table already, and a block in the whole table has its samples in the whole table of
    /// samples.
    pub(crate) fn read(folder: &Path, keep: impl Fn(Vec<Sample>) -> L) -> Result<Self, StoreError> {
        let refusals = read_refusals(folder)?;
        let (mut blocks, mut latencies) = read_parts(folder, &keep)?;
        for row in read_table::<BlockRow>(folder)? {
            blocks.insert(BlockKey::from(&row), row);
        }
        let samples = part::table_path(folder, SampleRow::FACTS.name);
        latencies.append(&mut read_samples(&samples, &keep)?);
        check_pairs(folder, &blocks, &latencies)?;
        let turns = read_turns(folder, &blocks)?;
        Ok(Self { blocks, latencies, turns, refusals })
    }
}

impl Contents<()> {
    /// Returns what `folder` holds besides samples; a part of a block counts only if the part of
    /// its samples is there.
    pub(crate) fn read_without_samples(folder: &Path) -> Result<Self, StoreError> {
        let refusals = read_refusals(folder)?;
        let mut blocks = BTreeMap::new();
        for key in part::block_keys(folder, SampleRow::FACTS.name)? {
            let path = part::part_path(folder, BlockRow::FACTS.name, &key.to_string());
            let rows = if_present(parquet::read::<BlockRow>(&path))?.unwrap_or_default();
            blocks.extend(rows.into_iter().map(|row| (BlockKey::from(&row), row)));
        }
        for row in read_table::<BlockRow>(folder)? {
            blocks.insert(BlockKey::from(&row), row);
        }
        let latencies = blocks.keys().map(|key| (key.clone(), ())).collect();
        let turns = read_turns(folder, &blocks)?;
        Ok(Self { blocks, latencies, turns, refusals })
    }
}

/// Returns the refusals by cell and round; a part is newer than the table.
pub(crate) fn read_refusals(
    folder: &Path,
) -> Result<BTreeMap<(String, u32), RefusalRow>, StoreError> {
    let mut parts = Vec::new();
    for key in part::keys(folder, RefusalRow::FACTS.name)? {
        let path = part::part_path(folder, RefusalRow::FACTS.name, &key);
        parts.extend(if_present(parquet::read(&path))?.unwrap_or_default());
    }
    let rows = read_table::<RefusalRow>(folder)?.into_iter().chain(parts);
    Ok(rows.map(|row| ((row.cell.clone(), row.round), row)).collect())
}

/// Returns the rows of a whole table, none before its first compaction.
pub(crate) fn read_table<T: Table>(folder: &Path) -> Result<Vec<T>, StoreError> {
    let path = part::table_path(folder, T::FACTS.name);
    Ok(if_present(parquet::read(&path))?.unwrap_or_default())
}

/// Returns the turns of these blocks. The turns of a block are written before the block is acknowledged, so
/// that there may be some of a block that was not.
fn read_turns(
    folder: &Path,
    blocks: &BTreeMap<BlockKey, BlockRow>,
) -> Result<BTreeMap<BlockKey, Vec<Turn>>, StoreError> {
    let mut turns = BTreeMap::new();
    for key in part::block_keys(folder, TurnRow::FACTS.name)? {
        let path = part::part_path(folder, TurnRow::FACTS.name, &key.to_string());
        let rows = if_present(parquet::read::<TurnRow>(&path))?.unwrap_or_default();
        turns.insert(key, rows.iter().map(Turn::from).collect::<Vec<_>>());
    }
    let whole = read_table::<TurnRow>(folder)?;
    for of_block in whole.chunk_by(|one, next| one.key() == next.key()) {
        let rows = of_block.iter().map(Turn::from).collect();
        turns.extend(of_block.first().map(|row| (row.key(), rows)));
    }
    turns.retain(|key, _| blocks.contains_key(key));
    Ok(turns)
}

/// Blocks with what is kept of their latencies.
type Blocks<L> = (BTreeMap<BlockKey, BlockRow>, BTreeMap<BlockKey, L>);

/// Returns the acknowledged parts: those whose samples are there.
fn read_parts<L>(folder: &Path, keep: &impl Fn(Vec<Sample>) -> L) -> Result<Blocks<L>, StoreError> {
    let (mut blocks, mut latencies) = (BTreeMap::new(), BTreeMap::new());
    for key in part::block_keys(folder, SampleRow::FACTS.name)? {
        let stem = key.to_string();
        let block = part::part_path(folder, BlockRow::FACTS.name, &stem);
        for row in if_present(parquet::read::<BlockRow>(&block))?.unwrap_or_default() {
            blocks.insert(BlockKey::from(&row), row);
        }
        let samples = part::part_path(folder, SampleRow::FACTS.name, &stem);
        latencies.append(&mut read_samples(&samples, keep)?);
    }
    Ok((blocks, latencies))
}

/// Returns what is kept of a file's blocks; none where the file does not exist. Only the latencies
/// of one block and of some row groups are in memory at a time.
fn read_samples<L>(
    path: &Path,
    keep: &impl Fn(Vec<Sample>) -> L,
) -> Result<BTreeMap<BlockKey, L>, StoreError> {
    let mut latencies = BTreeMap::new();
    let Some(file) = if_present(TableFile::<SampleRow>::open(path))? else {
        return Ok(latencies);
    };
    let mut open: Option<(BlockKey, Vec<Sample>)> = None;
    for group in file.groups() {
        let group = group?;
        let samples = Samples::of(&group)?;
        for rows in samples.blocks() {
            let (cell, round, block) = samples.key(rows.start);
            if open.as_ref().is_none_or(|(key, _)| parts(key) != (cell, round, block)) {
                let key = BlockKey { cell: cell.to_owned(), round, block };
                let whole = open.replace((key, Vec::new()));
                latencies.extend(whole.map(|(key, values)| (key, keep(values))));
            }
            if let Some((key, values)) = &mut open {
                if latencies.contains_key(key) {
                    let (path, block) = (path.into(), key.clone());
                    return Err(StoreError::BlockTwice { path, block });
                }
                samples.append(rows, path, key, values)?;
            }
        }
    }
    latencies.extend(open.map(|(key, values)| (key, keep(values))));
    Ok(latencies)
}

fn parts(key: &BlockKey) -> (&str, u32, u32) {
    (&key.cell, key.round, key.block)
}

/// The samples of some row groups by column: a struct for each of millions of rows would be slow.
struct Samples<'a> {
    cells: Vec<&'a str>,
    rounds: Vec<u32>,
    blocks: Vec<u32>,
    turns: Vec<Option<u32>>,
    indices: Vec<u32>,
    latencies_ns: Vec<u64>,
}

impl<'a> Samples<'a> {
    fn of(group: &'a Group<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            cells: group.texts("cell")?,
            rounds: group.values("round")?,
            blocks: group.values("block")?,
            turns: group.values("turn")?,
            indices: group.values("index")?,
            latencies_ns: group.values("latency_ns")?,
        })
    }

    fn key(&self, row: usize) -> (&'a str, u32, u32) {
        (self.cells[row], self.rounds[row], self.blocks[row])
    }

    /// Returns the rows of each block, one block after the other.
    fn blocks(&self) -> impl Iterator<Item = Range<usize>> {
        let mut from = 0;
        iter::from_fn(move || {
            let start = from;
            let of_block = |row: &usize| self.key(*row) == self.key(start);
            from += (start..self.cells.len()).take_while(of_block).count();
            (from > start).then_some(start..from)
        })
    }

    /// Appends samples of one block, whose indices must continue where the last ones ended.
    fn append(
        &self,
        rows: Range<usize>,
        path: &Path,
        block: &BlockKey,
        to: &mut Vec<Sample>,
    ) -> Result<(), StoreError> {
        for (expected, &got) in (to.len()..).zip(&self.indices[rows.clone()]) {
            if got as usize != expected {
                let (path, block) = (path.into(), block.clone());
                return Err(StoreError::SampleOrder { path, block, expected, got });
            }
        }
        let samples =
            rows.map(|row| Sample { turn: self.turns[row], latency_ns: self.latencies_ns[row] });
        to.extend(samples);
        Ok(())
    }
}

/// Fails if a block has no samples or samples have no block.
fn check_pairs<L>(
    folder: &Path,
    blocks: &BTreeMap<BlockKey, BlockRow>,
    latencies: &BTreeMap<BlockKey, L>,
) -> Result<(), StoreError> {
    let torn = |block: &BlockKey, table| {
        Err(StoreError::Torn { folder: folder.into(), block: block.clone(), table })
    };
    if let Some(block) = blocks.keys().find(|key| !latencies.contains_key(key)) {
        return torn(block, SampleRow::FACTS.name);
    }
    match latencies.keys().find(|key| !blocks.contains_key(key)) {
        Some(block) => torn(block, BlockRow::FACTS.name),
        None => Ok(()),
    }
}
