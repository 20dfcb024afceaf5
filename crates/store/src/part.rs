//! The parts of an unfinished run: one file per block, per block's samples, and per refusal.

use std::fs;
use std::path::{Path, PathBuf};

use crate::durable::TEMPORARY_SUFFIX;
use crate::{BlockKey, StoreError};

/// End of the name of every table's file.
const SUFFIX: &str = ".parquet";

/// Returns the file of a whole table.
pub(crate) fn table_path(folder: &Path, table: &str) -> PathBuf {
    folder.join(format!("{table}{SUFFIX}"))
}

/// Returns the file of the part that `key` names.
pub(crate) fn part_path(folder: &Path, table: &str, key: &str) -> PathBuf {
    folder.join(table).join(format!("{key}{SUFFIX}"))
}

/// Returns the keys of the parts of a table; none where it has none.
pub(crate) fn keys(folder: &Path, table: &str) -> Result<Vec<String>, StoreError> {
    let names = names(&folder.join(table))?;
    let stem = |name: String| Some(name.strip_suffix(SUFFIX)?.to_owned());
    Ok(names.into_iter().filter_map(stem).collect())
}

/// Returns the keys of the parts of a table that holds one part per block.
pub(crate) fn block_keys(folder: &Path, table: &str) -> Result<Vec<BlockKey>, StoreError> {
    Ok(keys(folder, table)?.iter().filter_map(|stem| BlockKey::parse(stem)).collect())
}

/// Removes the parts of a table, the leftovers of interrupted writes among them, and their folder.
pub(crate) fn remove(folder: &Path, table: &str) -> Result<(), StoreError> {
    let parts = folder.join(table);
    for name in names(&parts)? {
        if name.ends_with(TEMPORARY_SUFFIX) || name.ends_with(SUFFIX) {
            let path = parts.join(name);
            fs::remove_file(&path).map_err(StoreError::io("remove", &path))?;
        }
    }
    // A foreign file keeps the folder from being removed; no reader looks at such a file.
    drop(fs::remove_dir(parts));
    Ok(())
}

/// Returns the names in a folder; none where it does not exist.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(StoreError::io("list", folder))?,
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.collect::<Result<_, _>>().map_err(StoreError::io("list", folder))
}
