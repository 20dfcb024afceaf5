//! The tables of a run's folder, and of its finals.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use formbench_store::{RunFolder, TABLES, TableShape, finals};

use crate::PackError;
use crate::digest::{Hashes, sha256};
use crate::name::{FINALS, is_plain, of_table};

/// Returns the files of all tables of a finished run, its finals' among them, by their names in a pack.
///
/// # Errors
/// The run or a final is not finished, a table has an unknown column, or a final has a name that cannot travel.
pub(crate) fn tables(run: &Path) -> Result<BTreeMap<String, PathBuf>, PackError> {
    let mut tables = BTreeMap::new();
    add(run, "", &mut tables)?;
    for folder in finals(run)? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !is_plain(&name) {
            return Err(PackError::RunName { run: folder, name });
        }
        add(&folder, &format!("{FINALS}/{name}/"), &mut tables)?;
    }
    Ok(tables)
}

fn add(run: &Path, prefix: &str, tables: &mut BTreeMap<String, PathBuf>) -> Result<(), PackError> {
    if !RunFolder::open(run)?.is_finished() {
        return Err(PackError::Unfinished { run: run.into() });
    }
    for table in &TABLES {
        let Some(shape) = TableShape::read(run, table)? else { continue };
        let is_known = |name: &String| table.columns.iter().any(|column| column.name == name);
        if let Some(column) = shape.columns.into_iter().find(|name| !is_known(name)) {
            return Err(PackError::UnknownColumn { run: run.into(), table: table.name, column });
        }
        let file = of_table(table.name);
        tables.insert(format!("{prefix}{file}"), run.join(file));
    }
    Ok(())
}

/// Returns the hashes of all tables of a run.
///
/// # Errors
/// Those of [`tables`], or a file cannot be read.
pub(crate) fn hashes(run: &Path) -> Result<Hashes, PackError> {
    let hash = |(name, path): (String, PathBuf)| {
        Ok((name, sha256(&fs::read(&path).map_err(PackError::io("read", &path))?)))
    };
    tables(run)?.into_iter().map(hash).collect()
}
