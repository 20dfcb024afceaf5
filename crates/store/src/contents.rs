//! What was measured so far, read from parts and whole tables alike, each block once.

use std::collections::BTreeMap;
use std::path::Path;

use crate::parquet::{self, TableFile, if_present};
use crate::table::Table;
use crate::{BlockKey, BlockRow, RefusalRow, SampleRow, StoreError, part};

/// Latencies of each block in the order of their index, ns.
type Latencies = BTreeMap<BlockKey, Vec<u64>>;

/// The acknowledged blocks and the refusals of a run.
pub(crate) struct Contents {
    pub(crate) blocks: BTreeMap<BlockKey, BlockRow>,
    pub(crate) latencies_ns: Latencies,
    pub(crate) refusals: BTreeMap<(String, u32), RefusalRow>,
}

impl Contents {
    /// Returns what `folder` holds, in every state that an interrupted write or compaction leaves.
    ///
    /// The order lets a reader in while a compaction goes on: a part that vanishes is in its whole
    /// table already, and a block of the whole table has its samples in theirs.
    pub(crate) fn read(folder: &Path) -> Result<Self, StoreError> {
        let refusals = read_refusals(folder)?;
        let (mut blocks, mut latencies_ns) = read_parts(folder)?;
        for row in read_table::<BlockRow>(folder)? {
            blocks.insert(BlockKey::from(&row), row);
        }
        latencies_ns.append(&mut read_samples(&part::table_path(folder, SampleRow::FACTS.name))?);
        check_pairs(folder, &blocks, &latencies_ns)?;
        Ok(Self { blocks, latencies_ns, refusals })
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

/// Returns the acknowledged parts: those whose samples are there.
fn read_parts(folder: &Path) -> Result<(BTreeMap<BlockKey, BlockRow>, Latencies), StoreError> {
    let (mut blocks, mut latencies_ns) = (BTreeMap::new(), BTreeMap::new());
    for key in part::block_keys(folder, SampleRow::FACTS.name)? {
        let stem = key.to_string();
        let block = part::part_path(folder, BlockRow::FACTS.name, &stem);
        for row in if_present(parquet::read::<BlockRow>(&block))?.unwrap_or_default() {
            blocks.insert(BlockKey::from(&row), row);
        }
        let samples = part::part_path(folder, SampleRow::FACTS.name, &stem);
        latencies_ns.append(&mut read_samples(&samples)?);
    }
    Ok((blocks, latencies_ns))
}

/// Returns the latencies of a file's blocks, none where it does not exist.
fn read_samples(path: &Path) -> Result<Latencies, StoreError> {
    let mut latencies_ns = Latencies::new();
    let Some(file) = if_present(TableFile::<SampleRow>::open(path))? else {
        return Ok(latencies_ns);
    };
    for group in file.groups() {
        for of_block in group?.chunk_by(|a, b| key_parts(a) == key_parts(b)) {
            add_samples(path, of_block, &mut latencies_ns)?;
        }
    }
    Ok(latencies_ns)
}

fn key_parts(row: &SampleRow) -> (&str, u32, u32) {
    (&row.cell, row.round, row.block)
}

/// Appends samples of one block, whose indices must go on where the last ones ended.
fn add_samples(path: &Path, rows: &[SampleRow], to: &mut Latencies) -> Result<(), StoreError> {
    let Some(first) = rows.first() else {
        return Ok(());
    };
    let block = BlockKey { cell: first.cell.clone(), round: first.round, block: first.block };
    let latencies_ns = to.entry(block.clone()).or_default();
    for row in rows {
        let expected = latencies_ns.len();
        if row.index as usize != expected {
            let (path, got) = (path.into(), row.index);
            return Err(StoreError::SampleOrder { path, block, expected, got });
        }
        latencies_ns.push(row.latency_ns);
    }
    Ok(())
}

/// Fails if a block has no samples or samples have no block.
fn check_pairs(
    folder: &Path,
    blocks: &BTreeMap<BlockKey, BlockRow>,
    latencies_ns: &Latencies,
) -> Result<(), StoreError> {
    let torn = |block: &BlockKey, table| {
        Err(StoreError::Torn { folder: folder.into(), block: block.clone(), table })
    };
    if let Some(block) = blocks.keys().find(|key| !latencies_ns.contains_key(key)) {
        return torn(block, SampleRow::FACTS.name);
    }
    match latencies_ns.keys().find(|key| !blocks.contains_key(key)) {
        Some(block) => torn(block, BlockRow::FACTS.name),
        None => Ok(()),
    }
}
