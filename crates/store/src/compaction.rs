//! Merges parts into whole tables, so that a finished run is a handful of files.

use std::fs;
use std::path::Path;

use crate::contents::Contents;
use crate::durable::{self, TEMPORARY_SUFFIX};
use crate::table::Table;
use crate::{
    BlockKey, BlockRow, RefusalRow, Sample, SampleRow, StoreError, TurnRow, parquet, part,
};

/// The tables that have parts until a run is finished, and that every finished run has.
pub(crate) const TABLES_WITH_PARTS: [&str; 3] =
    [SampleRow::FACTS.name, BlockRow::FACTS.name, RefusalRow::FACTS.name];

/// The table that has parts until a run is finished; a run of version 0.1 has none.
const TURNS: &str = TurnRow::FACTS.name;

/// Merges the parts into the whole tables and removes them.
///
/// Samples and turns go first: a block in `blocks.parquet` always has them in their whole tables. Parts go
/// last, so every state in between still holds everything.
pub(crate) fn compact(folder: &Path) -> Result<(), StoreError> {
    let Contents { blocks, latencies, turns, refusals } = Contents::read(folder, |all| all)?;
    write_table(folder, latencies.iter().flat_map(|(key, values)| sample_rows(key, values)))?;
    if !turns.is_empty() {
        write_table(folder, turns.iter().flat_map(|(key, turns)| TurnRow::rows(key, turns)))?;
    }
    write_table(folder, blocks.into_values())?;
    write_table(folder, refusals.into_values())?;
    part::remove(folder, TURNS)?;
    TABLES_WITH_PARTS.iter().try_for_each(|table| part::remove(folder, table))?;
    remove_temporaries(folder)?;
    durable::sync_folder(folder)
}

/// Returns whether every part has gone into a whole table.
pub(crate) fn is_compacted(folder: &Path) -> bool {
    TABLES_WITH_PARTS.iter().all(|table| {
        part::table_path(folder, table).is_file()
            && part::keys(folder, table).is_ok_and(|keys| keys.is_empty())
    })
}

/// Writes a whole table durably.
pub(crate) fn write_table<T: Table>(
    folder: &Path,
    rows: impl IntoIterator<Item = T>,
) -> Result<(), StoreError> {
    let path = part::table_path(folder, T::FACTS.name);
    durable::write(&path, &parquet::encode(&path, rows)?)
}

/// Returns one row per sample of a block, in the order they were taken.
pub(crate) fn sample_rows<'a>(
    key: &'a BlockKey,
    samples: &'a [Sample],
) -> impl Iterator<Item = SampleRow> + 'a {
    (0..).zip(samples).map(|(index, &Sample { turn, latency_ns })| SampleRow {
        cell: key.cell.clone(),
        round: key.round,
        block: key.block,
        turn,
        index,
        latency_ns,
    })
}

fn remove_temporaries(folder: &Path) -> Result<(), StoreError> {
    for name in part::names(folder)?.iter().filter(|name| name.ends_with(TEMPORARY_SUFFIX)) {
        let path = folder.join(name);
        fs::remove_file(&path).map_err(StoreError::io("remove", &path))?;
    }
    Ok(())
}
