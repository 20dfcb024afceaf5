//! Whether unpacked tables are those of one finished run, and what they come to.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

use formbench_analysis::{Run, read_run};
use formbench_store::{RunFolder, StoreError, TABLES, TableShape};

use crate::Fault;
use crate::digest::Hashes;
use crate::limits::{MOST_GROUP_BYTES, MOST_GROUP_ROWS, MOST_ROWS};
use crate::name::{FINALS, is_table};

/// Returns the run of the tables in `folder`, which are those of `found`.
///
/// # Errors
/// A table cannot be read, or its rows do not join those of the others.
pub(crate) fn check(folder: &Path, found: &Hashes) -> Result<Run, Fault> {
    let finals: BTreeSet<&str> = found.keys().filter_map(|name| final_of(name)).collect();
    check_folder(folder, "")?;
    for name in &finals {
        check_folder(&folder.join(FINALS).join(name), &format!("'s final `{name}`"))?;
    }
    let run = read_run(folder).map_err(|error| unreadable(&error, folder))?;
    check_rows(&run, folder)?;
    for (name, of) in finals.iter().zip(&run.finals) {
        check_rows(of, &folder.join(FINALS).join(name))?;
        let machine = |run: &Run| (run.host.fingerprint.clone(), run.host.machine.clone());
        if machine(of) != machine(&run) {
            return Err(Fault::OtherMachine { name: (*name).to_owned() });
        }
    }
    Ok(run)
}

/// Returns the name of the final that a file is a table of.
fn final_of(name: &str) -> Option<&str> {
    let mut parts = name.split('/').filter(|_| is_table(name));
    parts.next().filter(|first| *first == FINALS)?;
    parts.next()
}

/// Fails unless the tables that every finished run has are there, and none declares more than is read.
fn check_folder(folder: &Path, final_run: &str) -> Result<(), Fault> {
    let is_run = |folder: RunFolder| folder.has_plan() && folder.is_finished();
    if !RunFolder::open(folder).is_ok_and(is_run) {
        return Err(Fault::Unfinished { final_run: final_run.to_owned() });
    }
    for table in &TABLES {
        let shape = TableShape::read(folder, table).map_err(|error| unreadable(&error, folder))?;
        let what = shape.as_ref().and_then(excess);
        if let Some(what) = what {
            return Err(Fault::TableSize { table: table.name.to_owned(), what });
        }
    }
    Ok(())
}

/// Returns what a table declares beyond what is read.
fn excess(shape: &TableShape) -> Option<String> {
    let most = |values: &[u64]| values.iter().copied().max().unwrap_or_default();
    let [rows, group_rows, group_bytes] =
        [shape.rows(), most(&shape.group_rows), most(&shape.group_bytes)];
    if rows > MOST_ROWS {
        Some(format!("{rows} rows"))
    } else if group_rows > MOST_GROUP_ROWS {
        Some(format!("a group of {group_rows} rows"))
    } else if group_bytes > MOST_GROUP_BYTES {
        Some(format!("a group of {group_bytes} bytes"))
    } else {
        None
    }
}

/// Fails unless every key leads to a row, and no two rows share one.
fn check_rows(run: &Run, folder: &Path) -> Result<(), Fault> {
    if let Some(key) = run.cells.keys().find(|key| !is_key(key)) {
        return Err(Fault::CellKey { key: key.clone() });
    }
    let experiments: BTreeSet<&str> =
        run.experiments.iter().map(|row| row.experiment.as_str()).collect();
    if let Some(member) =
        run.members.iter().find(|row| !experiments.contains(row.experiment.as_str()))
    {
        let (key, value) = ("experiment", member.experiment.clone());
        return Err(Fault::Join { table: "members", key, value, other: "experiments" });
    }
    let cells_of = [
        ("members", run.members.iter().map(|row| &row.cell).collect::<Vec<_>>()),
        ("blocks", run.blocks.iter().map(|row| &row.cell).collect()),
        ("operators", run.operators.iter().map(|row| &row.cell).collect()),
        ("refusals", run.refusals.iter().map(|row| &row.cell).collect()),
    ];
    for (table, cells) in cells_of {
        if let Some(cell) = cells.into_iter().find(|cell| !run.cells.contains_key(*cell)) {
            let (key, value) = ("cell", cell.clone());
            return Err(Fault::Join { table, key, value, other: "cells" });
        }
    }
    check_count(folder, "cells", run.cells.len())?;
    check_count(folder, "blocks", run.blocks.len())
}

/// Fails if a table has more rows than keys.
fn check_count(folder: &Path, name: &'static str, keys: usize) -> Result<(), Fault> {
    let table = TABLES.iter().find(|table| table.name == name);
    let shape = table.and_then(|table| TableShape::read(folder, table).ok().flatten());
    match shape {
        Some(shape) if shape.rows() != keys as u64 => Err(Fault::DoubledRow { table: name }),
        _ => Ok(()),
    }
}

fn is_key(key: &str) -> bool {
    key.len() == 16 && key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Returns why a table cannot be read, without the temporary folder that it lies in.
fn unreadable(error: &StoreError, folder: &Path) -> Fault {
    let mut why = error.to_string();
    let mut cause = error.source();
    while let Some(of) = cause {
        why = format!("{why}: {of}");
        cause = of.source();
    }
    let below = format!("{}/", folder.display());
    Fault::Table { why: why.replace(&below, "").replace(&folder.display().to_string(), "run") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_declares_more_than_is_read_is_refused() {
        let shape = |group_rows: &[u64], group_bytes: u64| {
            let (columns, group_rows) = (Vec::new(), group_rows.to_vec());
            excess(&TableShape { columns, group_rows, group_bytes: vec![group_bytes] })
        };
        assert_eq!(shape(&[131_072, 4], 4 << 20), None);
        assert_eq!(shape(&[u64::MAX, 1], 1).unwrap(), format!("{} rows", u64::MAX));
        assert_eq!(shape(&[10_000_000], 1).unwrap(), "a group of 10000000 rows");
        // A gibibyte, in a group of few rows.
        assert_eq!(shape(&[1], 1 << 30).unwrap(), "a group of 1073741824 bytes");
    }

    #[test]
    fn only_a_table_in_a_folder_of_finals_is_of_a_final() {
        assert_eq!(final_of("finals/2026-11-28-hal-1/cells.parquet"), Some("2026-11-28-hal-1"));
        assert_eq!(final_of("cells.parquet"), None);
        assert_eq!(final_of("experiments/finals/x.yaml"), None);
    }
}
