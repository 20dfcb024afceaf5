//! Files that are truncated, foreign or of another version: an error that names the file, no panic.

use std::fs::{self, File};
use std::path::Path;

use crate::fixture::{append_round, planned_run};
use formbench_store::{Run, RunFolder, StoreError};
use polars::prelude::*;

/// Returns a compacted run of two cells with one block each.
fn finished_run(runs: &Path) -> RunFolder {
    let run = planned_run(runs);
    append_round(&run, 0, 0..1);
    run.compact().unwrap();
    run
}

fn rewrite(path: &Path, change: impl FnOnce(&mut DataFrame)) {
    let mut frame = ParquetReader::new(File::open(path).unwrap()).finish().unwrap();
    change(&mut frame);
    ParquetWriter::new(File::create(path).unwrap()).finish(&mut frame).unwrap();
}

#[test]
fn a_truncated_file_is_an_error_that_names_it_at_every_length() {
    let runs = tempfile::tempdir().unwrap();
    let run = finished_run(runs.path());
    let path = run.path().join("samples.parquet");
    let bytes = fs::read(&path).unwrap();
    for length in (0..bytes.len()).step_by(7) {
        fs::write(&path, &bytes[..length]).unwrap();
        let error = Run::read(run.path()).unwrap_err();
        assert!(matches!(error, StoreError::Unreadable { .. }), "{length}: {error}");
        assert!(error.to_string().starts_with(path.to_str().unwrap()), "{error}");
    }
}

#[test]
fn a_flipped_byte_never_panics() {
    let runs = tempfile::tempdir().unwrap();
    let run = finished_run(runs.path());
    let path = run.path().join("samples.parquet");
    let bytes = fs::read(&path).unwrap();
    let mut errors = 0;
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        fs::write(&path, damaged).unwrap();
        errors += u32::from(Run::read(run.path()).is_err());
    }
    assert!(errors > 0);
}

#[test]
fn a_foreign_file_is_an_error_that_names_it() {
    let runs = tempfile::tempdir().unwrap();
    let run = finished_run(runs.path());
    let path = run.path().join("cells.parquet");
    fs::write(&path, "cell,engine\n1,tract\n").unwrap();
    let text = format!(
        "{}: not a readable Parquet file of table `cells`; restore it or remove it",
        path.display()
    );
    assert_eq!(Run::read(run.path()).unwrap_err().to_string(), text);
}

#[test]
fn a_missing_column_is_named_with_its_table() {
    let runs = tempfile::tempdir().unwrap();
    let run = finished_run(runs.path());
    let path = run.path().join("members.parquet");
    rewrite(&path, |frame| drop(frame.drop_in_place("baseline").unwrap()));
    let text = format!(
        "{}: table `members` lacks column `baseline`; got `experiment`, `cell`; \
         see data/SCHEMA.md",
        path.display()
    );
    assert_eq!(Run::read(run.path()).unwrap_err().to_string(), text);
}

#[test]
fn a_column_of_another_type_is_named_with_both_types() {
    let runs = tempfile::tempdir().unwrap();
    let run = finished_run(runs.path());
    let path = run.path().join("samples.parquet");
    rewrite(&path, |frame| {
        let latency = frame.column("latency_ns").unwrap().cast(&DataType::Float64).unwrap();
        frame.with_column(latency).unwrap();
    });
    let text = format!(
        "{}: column `latency_ns` of table `samples`: expected uint64, got `f64`",
        path.display()
    );
    assert_eq!(Run::read(run.path()).unwrap_err().to_string(), text);
}

#[test]
fn a_missing_value_is_an_error_that_names_the_column() {
    let runs = tempfile::tempdir().unwrap();
    let run = finished_run(runs.path());
    let path = run.path().join("blocks.parquet");
    rewrite(&path, |frame| {
        let rows = frame.height();
        frame.with_column(Column::full_null("cpu_ns".into(), rows, &DataType::UInt64)).unwrap();
    });
    let text = format!(
        "{}: column `cpu_ns` of table `blocks`: expected a value per row, got nulls",
        path.display()
    );
    assert_eq!(Run::read(run.path()).unwrap_err().to_string(), text);
}

#[test]
fn a_word_that_nobody_knows_is_an_error_that_names_the_known_ones() {
    let runs = tempfile::tempdir().unwrap();
    let run = finished_run(runs.path());
    rewrite(&run.path().join("cells.parquet"), |frame| {
        let words = vec!["tree"; frame.height()];
        frame.with_column(Column::new("kind".into(), words)).unwrap();
    });
    let error = Run::read(run.path()).unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    let expected = "column `kind`: unknown word `tree`; known: network, pattern, file";
    assert!(cause.contains(expected), "{cause}");
}

#[test]
fn unknown_columns_and_another_order_of_columns_read_fine() {
    let runs = tempfile::tempdir().unwrap();
    let run = finished_run(runs.path());
    let expected = Run::read(run.path()).unwrap();
    rewrite(&run.path().join("blocks.parquet"), |frame| {
        let rows = frame.height();
        let cell = frame.drop_in_place("cell").unwrap();
        frame.with_column(Column::new("of_tomorrow".into(), vec![1u64; rows])).unwrap();
        frame.with_column(cell).unwrap();
    });
    assert_eq!(Run::read(run.path()).unwrap(), expected);
}

/// Columns that the first files lacked, and what a reader finds in their place.
#[test]
fn a_nullable_column_that_an_older_file_lacks_reads_as_null() {
    let runs = tempfile::tempdir().unwrap();
    let run = finished_run(runs.path());
    rewrite(&run.path().join("blocks.parquet"), |frame| {
        drop(frame.drop_in_place("steal_ns").unwrap());
        drop(frame.drop_in_place("load_1m").unwrap());
    });
    rewrite(&run.path().join("host.parquet"), |frame| {
        drop(frame.drop_in_place("environment").unwrap());
        drop(frame.drop_in_place("turbo").unwrap());
    });
    let read = Run::read(run.path()).unwrap();
    assert!(!read.blocks.is_empty());
    for block in &read.blocks {
        assert_eq!((block.steal_ns, block.load_1m), (None, None));
        // Its neighbours are read as they were written.
        assert_eq!((block.peak_rss_bytes, block.psi_cpu_ns), (100 << 20, Some(1_000)));
    }
    assert_eq!((&read.host.environment, read.host.turbo), (&None, None));
    assert_eq!(read.host.microcode.as_deref(), Some("0x1000065"));
}

#[test]
fn a_nullable_column_of_another_type_is_still_an_error() {
    let runs = tempfile::tempdir().unwrap();
    let run = finished_run(runs.path());
    let path = run.path().join("blocks.parquet");
    rewrite(&path, |frame| {
        let steal = frame.column("steal_ns").unwrap().cast(&DataType::Float64).unwrap();
        frame.with_column(steal).unwrap();
    });
    let error = Run::read(run.path()).unwrap_err();
    assert!(matches!(error, StoreError::ColumnType { column: "steal_ns", .. }), "{error}");
}

#[test]
fn a_doubled_sample_is_an_error_that_names_the_block() {
    let runs = tempfile::tempdir().unwrap();
    let run = finished_run(runs.path());
    let path = run.path().join("samples.parquet");
    rewrite(&path, |frame| *frame = frame.vstack(frame).unwrap());
    // The three samples of the first block come again after those of the second.
    let text = format!(
        "{}: block `00c0ffee00c0ffee-r0-b0`: its samples are in two places; restore the file",
        path.display()
    );
    assert_eq!(Run::read(run.path()).unwrap_err().to_string(), text);
}

#[test]
fn a_damaged_table_of_attributes_is_an_error_and_not_an_empty_one() {
    for damaged in ["attributes", "rooflines"] {
        let runs = tempfile::tempdir().unwrap();
        let path = finished_run(runs.path()).path().join(format!("{damaged}.parquet"));
        fs::write(&path, "no Parquet").unwrap();
        let error = Run::read(path.parent().unwrap()).unwrap_err();
        assert!(matches!(error, StoreError::Unreadable { .. }), "{error}");
    }
}

#[test]
fn a_lost_table_of_the_plan_is_named() {
    for lost in ["experiments", "members", "cells"] {
        let runs = tempfile::tempdir().unwrap();
        let path = finished_run(runs.path()).path().join(format!("{lost}.parquet"));
        fs::remove_file(&path).unwrap();
        let error = Run::read(path.parent().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), format!("{}: cannot read", path.display()));
    }
}

#[test]
fn a_lost_table_is_an_error_and_not_an_empty_run() {
    for lost in ["samples", "blocks"] {
        let runs = tempfile::tempdir().unwrap();
        let run = finished_run(runs.path());
        fs::remove_file(run.path().join(format!("{lost}.parquet"))).unwrap();
        let text = format!(
            "{}: block `00c0ffee00c0ffee-r0-b0` has no row in `{lost}`; \
             restore the file, or read again if a run writes here",
            run.path().display()
        );
        assert_eq!(Run::read(run.path()).unwrap_err().to_string(), text);
    }
}
