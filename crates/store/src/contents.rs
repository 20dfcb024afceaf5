//! What was measured so far, read from parts and whole tables alike, each block once.

use std::collections::BTreeMap;
use std::path::Path;

use crate::parquet::{self, TableFile, if_present};
use crate::table::Table;
use crate::{BlockKey, BlockRow, RefusalRow, SampleRow, StoreError, part};

/// The acknowledged blocks and the refusals of a run; `L` is what is kept of a block's latencies.
pub(crate) struct Contents<L> {
    pub(crate) blocks: BTreeMap<BlockKey, BlockRow>,
    pub(crate) latencies: BTreeMap<BlockKey, L>,
    pub(crate) refusals: BTreeMap<(String, u32), RefusalRow>,
}

impl<L> Contents<L> {
    /// Returns what `folder` holds, in every state that an interrupted write or compaction leaves:
    /// of each block what `keep` makes of its latencies, ns in the order of their index.
    ///
    /// The order lets a reader in while a compaction goes on: a part that vanishes is in its whole
    /// table already, and a block of the whole table has its samples in theirs.
    pub(crate) fn read(folder: &Path, keep: impl Fn(Vec<u64>) -> L) -> Result<Self, StoreError> {
        let refusals = read_refusals(folder)?;
        let (mut blocks, mut latencies) = read_parts(folder, &keep)?;
        for row in read_table::<BlockRow>(folder)? {
            blocks.insert(BlockKey::from(&row), row);
        }
        let samples = part::table_path(folder, SampleRow::FACTS.name);
        latencies.append(&mut read_samples(&samples, &keep)?);
        check_pairs(folder, &blocks, &latencies)?;
        Ok(Self { blocks, latencies, refusals })
    }
}

impl Contents<()> {
    /// Returns what `folder` holds beside samples: of a part, whether its samples are there.
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
        Ok(Self { blocks, latencies, refusals })
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

/// Blocks with what is kept of their latencies.
type Blocks<L> = (BTreeMap<BlockKey, BlockRow>, BTreeMap<BlockKey, L>);

/// Returns the acknowledged parts: those whose samples are there.
fn read_parts<L>(folder: &Path, keep: &impl Fn(Vec<u64>) -> L) -> Result<Blocks<L>, StoreError> {
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

/// Returns what is kept of a file's blocks, none where it does not exist. Latencies of one block at
/// a time are in memory, besides those of a row group.
fn read_samples<L>(
    path: &Path,
    keep: &impl Fn(Vec<u64>) -> L,
) -> Result<BTreeMap<BlockKey, L>, StoreError> {
    let mut latencies = BTreeMap::new();
    let Some(file) = if_present(TableFile::<SampleRow>::open(path))? else {
        return Ok(latencies);
    };
    let mut open: Option<(BlockKey, Vec<u64>)> = None;
    for group in file.groups() {
        for of_block in group?.chunk_by(|a, b| key_parts(a) == key_parts(b)) {
            let Some(first) = of_block.first() else { continue };
            if open.as_ref().is_none_or(|(key, _)| !is_of(first, key)) {
                let key =
                    BlockKey { cell: first.cell.clone(), round: first.round, block: first.block };
                let whole = open.replace((key, Vec::new()));
                latencies.extend(whole.map(|(key, values)| (key, keep(values))));
            }
            if let Some((key, values)) = &mut open {
                if latencies.contains_key(key) {
                    let (path, block) = (path.into(), key.clone());
                    return Err(StoreError::BlockTwice { path, block });
                }
                add_samples(path, of_block, key, values)?;
            }
        }
    }
    latencies.extend(open.map(|(key, values)| (key, keep(values))));
    Ok(latencies)
}

fn key_parts(row: &SampleRow) -> (&str, u32, u32) {
    (&row.cell, row.round, row.block)
}

fn is_of(row: &SampleRow, key: &BlockKey) -> bool {
    key_parts(row) == (&key.cell, key.round, key.block)
}

/// Appends samples of one block, whose indices must go on where the last ones ended.
fn add_samples(
    path: &Path,
    rows: &[SampleRow],
    block: &BlockKey,
    to: &mut Vec<u64>,
) -> Result<(), StoreError> {
    for row in rows {
        let expected = to.len();
        if row.index as usize != expected {
            let (path, block, got) = (path.into(), block.clone(), row.index);
            return Err(StoreError::SampleOrder { path, block, expected, got });
        }
        to.push(row.latency_ns);
    }
    Ok(())
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
