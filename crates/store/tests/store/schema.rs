//! `data/SCHEMA.md` says what the code says, and a written file has what both say.

use std::fs::{self, File};
use std::path::Path;

use formbench_store::{ColumnType, Run, TABLES, TableFacts};
use polars::prelude::*;

use crate::fixture::{CELLS, append_round, planned_run, refusal};

fn schema_page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/SCHEMA.md");
    fs::read_to_string(path).unwrap()
}

/// Returns the page's section on a table: heading, meaning, one line per column.
fn section(table: &TableFacts) -> String {
    let mut text = format!("## {}\n{}\n\n", table.name, table.meaning);
    text += "| column | type | unit | meaning |\n|---|---|---|---|\n";
    for column in table.columns {
        let unit = column.unit.unwrap_or("");
        text += &format!("| `{}` | {column} | {unit} | {} |\n", column.name, column.meaning);
    }
    text
}

/// Returns the cells of each line of the Markdown table below a heading, header left out.
fn lines<'a>(page: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let (_, below) = page.split_once(&format!("## {heading}\n")).unwrap_or_default();
    let lines = below.lines().skip_while(|line| !line.starts_with('|'));
    let lines = lines.take_while(|line| line.starts_with('|')).skip(2);
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn the_page_lists_every_column_as_the_code_declares_it() {
    let page = schema_page();
    for table in &TABLES {
        let told = lines(&page, table.name);
        let declared = section(table);
        assert_eq!(told, lines(&declared, table.name), "data/SCHEMA.md should say:\n{declared}");
        let heading = format!("## {}\n{}\n", table.name, table.meaning);
        assert!(page.contains(&heading), "data/SCHEMA.md should say:\n{declared}");
    }
}

#[test]
fn the_page_lists_the_tables_in_order_and_no_other() {
    let page = schema_page();
    let headings: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(headings, TABLES.map(|table| table.name));
}

#[test]
fn a_written_file_has_the_columns_that_the_page_lists() {
    let page = schema_page();
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    append_round(&run, 0, 0..1);
    run.append_refusal(&refusal(CELLS[0], 1, "crashed")).unwrap();
    run.compact().unwrap();
    for table in &TABLES {
        let file = File::open(run.path().join(format!("{}.parquet", table.name))).unwrap();
        let frame = ParquetReader::new(file).finish().unwrap();
        let told = lines(&page, table.name).into_iter().map(|line| {
            let type_told = line[1].trim_end_matches(" or null").to_owned();
            (line[0].trim_matches('`').to_owned(), type_told)
        });
        let found = frame.columns().iter();
        let found = found.map(|column| (column.name().to_string(), type_name(column.dtype())));
        assert_eq!(found.collect::<Vec<_>>(), told.collect::<Vec<_>>(), "{}", table.name);
    }
}

#[test]
fn a_written_file_carries_no_schema_of_one_reader_alone() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    for table in ["host", "experiments", "members", "cells", "attributes", "rooflines", "caches"] {
        let file = File::open(run.path().join(format!("{table}.parquet"))).unwrap();
        let mut reader = ParquetReader::new(file);
        let metadata = reader.get_metadata().unwrap();
        assert!(metadata.key_value_metadata.iter().flatten().next().is_none(), "{table}");
    }
}

/// Returns the page's word for a type found in a file.
fn type_name(found: &DataType) -> String {
    match found {
        DataType::String => ColumnType::String,
        DataType::UInt32 => ColumnType::UInt32,
        DataType::UInt64 => ColumnType::UInt64,
        DataType::Float64 => ColumnType::Float64,
        DataType::Boolean => ColumnType::Boolean,
        DataType::List(inner) if **inner == DataType::String => ColumnType::StringList,
        other => panic!("no word for {other:?}"),
    }
    .to_string()
}

/// Much of what is committed was written by version 0.1, some of it before columns that are there now.
#[test]
fn every_committed_run_opens_those_of_version_0_1_too() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    let folders = |path: &Path| {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect::<Vec<_>>()
    };
    let sets = folders(&data);
    let folders: Vec<_> = sets.iter().flat_map(|set| folders(set)).collect();
    let runs = folders.iter().filter(|run| run.join("host.parquet").is_file());
    let mut old = 0;
    for folder in runs {
        let run = Run::read_without_samples(folder).unwrap();
        assert!(!run.blocks.is_empty() && !run.cells.is_empty(), "{}", folder.display());
        old += usize::from(run.host.harness_version.starts_with("0.1"));
    }
    // An example of version 0.1 has to stay, else nothing here opens one.
    assert!(old > 0, "no run of version 0.1 among {folders:?}");
}
