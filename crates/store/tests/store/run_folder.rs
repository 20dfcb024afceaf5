//! What a run's folder gives back, through appending, refusing, compacting and going on.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;

use crate::fixture::{CELLS, append_round, block, planned_run, refusal, sample, samples, turns};
use formbench_store::{BlockKey, Run, RunFolder, StoreError, TABLES};

#[test]
fn a_run_takes_the_least_free_number() {
    let runs = tempfile::tempdir().unwrap();
    let names: Vec<_> = (0..3)
        .map(|_| RunFolder::create(runs.path(), "2026-11-23", "hal").unwrap().name().to_owned())
        .collect();
    assert_eq!(names, ["2026-11-23-hal-1", "2026-11-23-hal-2", "2026-11-23-hal-3"]);
}

#[test]
fn a_run_reads_back_as_written_before_and_after_compaction() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    append_round(&run, 0, 0..2);
    run.append_refusal(&refusal(CELLS[1], 1, "killed by signal 9")).unwrap();
    let parts = Run::read(run.path()).unwrap();
    assert!(!run.is_finished());
    run.compact().unwrap();
    assert!(run.is_finished());
    let whole = Run::read(run.path()).unwrap();
    assert_eq!(whole, parts);
    assert_eq!(whole.host, crate::fixture::host("2026-11-23-hal-1"));
    assert_eq!(whole.experiments, [crate::fixture::experiment()]);
    assert_eq!(whole.cells[CELLS[1]], crate::fixture::cell(CELLS[1]));
    assert_eq!(whole.members.iter().map(|m| m.baseline).collect::<Vec<_>>(), [true, false]);
    assert_eq!(whole.attributes, [crate::fixture::attributes()]);
    assert_eq!(whole.rooflines, crate::fixture::rooflines());
    assert_eq!(whole.caches, crate::fixture::caches());
    assert_eq!(whole.operators, [crate::fixture::operator()]);
    assert_eq!(whole.blocks[3], block(CELLS[1], 0, 1));
    assert_eq!(whole.refusals, [refusal(CELLS[1], 1, "killed by signal 9")]);
    let blocks = BTreeMap::from([(0, samples(0, 0)), (1, samples(0, 1))]);
    assert_eq!(whole.latencies[CELLS[0]], BTreeMap::from([(0, blocks)]));
    assert_eq!(whole.turns.len(), whole.blocks.len());
    assert_eq!(whole.turns[&BlockKey::from(&whole.blocks[3])], turns(0, 1));
}

#[test]
fn a_finished_run_is_thirteen_files() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    append_round(&run, 0, 0..1);
    run.compact().unwrap();
    let mut names: Vec<_> =
        fs::read_dir(run.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort_unstable();
    let mut tables = TABLES.map(|table| OsString::from(format!("{}.parquet", table.name)));
    tables.sort_unstable();
    assert_eq!((names.len(), &names[..]), (13, &tables[..]));
}

#[test]
fn a_run_that_is_written_at_once_reads_as_one_that_was_measured() {
    let runs = tempfile::tempdir().unwrap();
    let (measured, written) = (planned_run(runs.path()), planned_run(runs.path()));
    append_round(&measured, 0, 0..3);
    measured.compact().unwrap();
    let of_cell =
        |cell: &'static str| (0..3).map(move |number| (block(cell, 0, number), samples(0, number)));
    written.write_measured(CELLS.into_iter().flat_map(of_cell)).unwrap();
    for table in ["samples.parquet", "blocks.parquet"] {
        let bytes = [&measured, &written].map(|run| fs::read(run.path().join(table)).unwrap());
        assert!(bytes[0] == bytes[1], "{table}");
    }
    assert!(written.is_finished());
}

#[test]
fn a_cell_finds_what_its_architecture_costs_at_its_input() {
    let runs = tempfile::tempdir().unwrap();
    let read = Run::read(planned_run(runs.path()).path()).unwrap();
    let mut pattern = read.cells[CELLS[1]].clone();
    assert_eq!(read.attributes_of(&pattern), Some(&crate::fixture::attributes()));
    assert_eq!(read.attributes_of(&read.cells[CELLS[0]]), None);
    pattern.resolution = Some(96);
    assert_eq!(read.attributes_of(&pattern), None);
}

#[test]
fn a_cell_finds_what_it_asks_of_each_cache_the_smallest_first() {
    let runs = tempfile::tempdir().unwrap();
    let read = Run::read(planned_run(runs.path()).path()).unwrap();
    let sizes = |cell: &str| -> Vec<u64> {
        read.caches_of(&read.cells[cell]).iter().map(|row| row.cache_bytes).collect()
    };
    assert_eq!(sizes(CELLS[1]), [4 << 20, 8 << 20]);
    assert!(sizes(CELLS[0]).is_empty());
}

#[test]
fn a_run_that_looked_at_nothing_has_no_attributes_no_roof_and_no_caches() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    assert!(run.has_attributes() && run.has_rooflines());
    for table in ["attributes", "rooflines", "caches"] {
        fs::remove_file(run.path().join(format!("{table}.parquet"))).unwrap();
    }
    assert!(!run.has_attributes() && !run.has_rooflines());
    let read = Run::read(run.path()).unwrap();
    assert!(read.attributes.is_empty() && read.rooflines.is_empty() && read.caches.is_empty());
    assert!(run.caches().unwrap().is_empty());
    assert_eq!(read.cells.len(), 2);
}

#[test]
fn a_run_without_a_sample_compacts_to_empty_tables() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    run.compact().unwrap();
    assert!(run.is_finished());
    let read = Run::read(run.path()).unwrap();
    assert!(read.blocks.is_empty() && read.refusals.is_empty() && read.latencies.is_empty());
}

#[test]
fn a_compacted_run_goes_on_and_compacts_again() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    append_round(&run, 1, 0..2);
    run.compact().unwrap();
    append_round(&run, 0, 0..2);
    append_round(&run, 1, 2..3);
    assert!(!run.is_finished());
    let parts = Run::read(run.path()).unwrap();
    run.compact().unwrap();
    assert!(run.is_finished());
    assert_eq!(Run::read(run.path()).unwrap(), parts);
    // Two cells of 2 + 3 blocks.
    assert_eq!(run.acknowledged().unwrap().len(), 10);
    assert_eq!(parts.latencies[CELLS[1]][&1].values().map(Vec::len).sum::<usize>(), 9);
}

#[test]
fn the_whole_tables_depend_on_the_rows_alone() {
    let runs = tempfile::tempdir().unwrap();
    let (at_once, in_steps) = (planned_run(runs.path()), planned_run(runs.path()));
    append_round(&at_once, 0, 0..3);
    at_once.compact().unwrap();
    for number in [2, 0, 1] {
        append_round(&in_steps, 0, number..number + 1);
        in_steps.compact().unwrap();
    }
    for table in ["samples.parquet", "blocks.parquet", "refusals.parquet"] {
        let bytes = [&at_once, &in_steps].map(|run| fs::read(run.path().join(table)).unwrap());
        assert!(bytes[0] == bytes[1], "{table}");
    }
}

#[test]
fn a_block_is_written_once() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    run.append_block(&block(CELLS[0], 0, 0), &[sample(1), sample(2)]).unwrap();
    for _ in ["as parts", "as whole tables"] {
        let error = run.append_block(&block(CELLS[0], 0, 0), &[sample(3)]).unwrap_err();
        assert!(matches!(error, StoreError::Acknowledged { .. }), "{error}");
        run.compact().unwrap();
    }
    assert_eq!(Run::read(run.path()).unwrap().latencies[CELLS[0]][&0][&0], [sample(1), sample(2)]);
}

#[test]
fn a_later_refusal_of_a_round_replaces_the_earlier() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    run.append_refusal(&refusal(CELLS[0], 0, "first")).unwrap();
    run.compact().unwrap();
    run.append_refusal(&refusal(CELLS[0], 0, "second")).unwrap();
    for _ in ["as parts", "as whole tables"] {
        assert_eq!(run.refusals().unwrap(), [refusal(CELLS[0], 0, "second")]);
        run.compact().unwrap();
    }
}

#[test]
fn what_cannot_be_a_block_is_refused_with_its_name() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    let error = run.append_block(&block(CELLS[0], 2, 1), &[]).unwrap_err();
    let text = "block `00c0ffee00c0ffee-r2-b1`: expected at least 1 sample, got 0";
    assert_eq!(error.to_string(), text);
    let error = run.append_block(&block("../x", 0, 0), &[sample(1)]).unwrap_err();
    assert_eq!(error.to_string(), "cell `../x`: expected 16 lower-case hex digits");
}

#[test]
fn acknowledged_names_blocks_in_parts_and_whole_tables() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    run.append_block(&block(CELLS[0], 0, 0), &[sample(1)]).unwrap();
    run.compact().unwrap();
    run.append_block(&block(CELLS[0], 0, 1), &[sample(1)]).unwrap();
    let keys = run.acknowledged().unwrap();
    let key = |block| BlockKey { cell: CELLS[0].into(), round: 0, block };
    assert_eq!(keys.into_iter().collect::<Vec<_>>(), [key(0), key(1)]);
}

#[test]
fn a_folder_without_a_whole_plan_is_no_run() {
    let runs = tempfile::tempdir().unwrap();
    let run = RunFolder::create(runs.path(), "2026-11-23", "hal").unwrap();
    assert!(!run.has_plan());
    for folder in [run.path(), &runs.path().join("absent")] {
        let error = Run::read(folder).unwrap_err();
        assert!(matches!(error, StoreError::NotARun { .. }), "{error}");
    }
}

#[test]
fn blocks_are_read_without_their_samples_before_and_after_compaction() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    append_round(&run, 0, 0..2);
    for _ in 0..2 {
        let quick = Run::read_without_samples(run.path()).unwrap();
        let whole = Run::read(run.path()).unwrap();
        assert_eq!((&quick.blocks, &quick.cells), (&whole.blocks, &whole.cells));
        assert_eq!(quick.latencies[CELLS[0]], BTreeMap::from([(0, [(0, ()), (1, ())].into())]));
        run.compact().unwrap();
    }
}
