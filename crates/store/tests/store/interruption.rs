//! Whatever a kill leaves behind, each acknowledged sample is read once and compaction ends well.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::fixture::{CELLS, append_round, block, copy, planned_run, refusal, sample, samples};
use formbench_store::{Run, RunFolder};

/// Whole tables in the order in which a compaction renames them.
const TABLES: [&str; 4] = ["samples", "turns", "blocks", "refusals"];

#[test]
fn a_compaction_may_be_killed_anywhere() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    append_round(&run, 0, 0..1);
    run.append_refusal(&refusal(CELLS[1], 1, "crashed")).unwrap();
    // 2 cells × 1 block × 3 files + 1 refusal.
    assert_eq!(parts(run.path()).len(), 7);
    check_every_state(run.path());
}

#[test]
fn a_second_compaction_may_be_killed_anywhere() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    append_round(&run, 1, 0..1);
    run.append_refusal(&refusal(CELLS[0], 0, "crashed")).unwrap();
    run.compact().unwrap();
    append_round(&run, 0, 0..1);
    run.append_refusal(&refusal(CELLS[0], 0, "crashed again")).unwrap();
    assert_eq!(parts(run.path()).len(), 7);
    check_every_state(run.path());
}

/// Builds each state between `before` and its compaction, and asserts that none loses or doubles.
fn check_every_state(before: &Path) {
    let scratch = tempfile::tempdir().unwrap();
    let after = scratch.path().join("after");
    copy(before, &after);
    RunFolder::open(&after).unwrap().compact().unwrap();
    let expected = Run::read(before).unwrap();
    assert_eq!(Run::read(&after).unwrap(), expected);
    for renamed in 0..=TABLES.len() {
        let state = scratch.path().join(format!("renamed-{renamed}"));
        interrupted(before, &after, &state, renamed);
        check_state(&state, &after, &expected);
    }
    let parts = parts(before);
    for seed in 0..1 << parts.len() {
        let state = scratch.path().join(format!("removed-{seed}"));
        interrupted(before, &after, &state, TABLES.len());
        let removed = parts.iter().enumerate().filter(|(bit, _)| (seed >> bit) & 1 == 1);
        removed.for_each(|(_, part)| fs::remove_file(state.join(part)).unwrap());
        check_state(&state, &after, &expected);
        fs::remove_dir_all(state).unwrap();
    }
}

/// Makes the state after `renamed` tables, with half a temporary file of the next one.
fn interrupted(before: &Path, after: &Path, state: &Path, renamed: usize) {
    copy(before, state);
    for table in &TABLES[..renamed] {
        let name = format!("{table}.parquet");
        fs::copy(after.join(&name), state.join(&name)).unwrap();
    }
    if let Some(next) = TABLES.get(renamed) {
        fs::write(state.join(format!(".{next}.parquet.tmp")), b"PAR1 and no end").unwrap();
    }
}

/// Asserts that `state` reads as expected, and compacts to the same bytes and nothing else.
fn check_state(state: &Path, after: &Path, expected: &Run) {
    let run = RunFolder::open(state).unwrap();
    assert_eq!(&Run::read(state).unwrap(), expected, "{}", state.display());
    assert_eq!(run.acknowledged().unwrap().len(), expected.blocks.len());
    run.compact().unwrap();
    assert!(run.is_finished());
    assert_eq!(&Run::read(state).unwrap(), expected, "{}", state.display());
    assert_eq!(files(state), files(after));
    for name in files(after) {
        let same = fs::read(state.join(&name)).unwrap() == fs::read(after.join(&name)).unwrap();
        assert!(same, "{}", name.display());
    }
}

/// Returns the parts, relative to the run's folder.
fn parts(folder: &Path) -> Vec<PathBuf> {
    files(folder).into_iter().filter(|file| file.components().count() == 2).collect()
}

/// Returns every file below the folder, relative to it, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = PathBuf::from(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            files.extend(
                fs::read_dir(entry.path())
                    .unwrap()
                    .map(|inner| name.join(inner.unwrap().file_name())),
            )
        } else {
            files.push(name)
        }
    }
    files.sort_unstable();
    files
}

#[test]
fn a_block_without_its_samples_is_ignored_and_overwritten() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    append_round(&run, 0, 0..2);
    let lost = format!("samples/{}-r0-b1.parquet", CELLS[0]);
    fs::remove_file(run.path().join(&lost)).unwrap();
    fs::write(run.path().join(format!("samples/.{}-r0-b1.parquet.tmp", CELLS[0])), b"PA").unwrap();
    assert_eq!(run.acknowledged().unwrap().len(), 3);
    let read = Run::read(run.path()).unwrap();
    assert_eq!(read.latencies[CELLS[0]][&0], BTreeMap::from([(0, samples(0, 0))]));
    run.append_block(&block(CELLS[0], 0, 1), &[sample(5)]).unwrap();
    run.compact().unwrap();
    let expected = BTreeMap::from([(0, samples(0, 0)), (1, vec![sample(5)])]);
    assert_eq!(Run::read(run.path()).unwrap().latencies[CELLS[0]][&0], expected);
}

#[test]
fn a_compaction_forgets_a_block_without_its_samples() {
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    append_round(&run, 0, 0..1);
    fs::remove_file(run.path().join(format!("samples/{}-r0-b0.parquet", CELLS[1]))).unwrap();
    run.compact().unwrap();
    assert_eq!(Run::read(run.path()).unwrap().blocks, [block(CELLS[0], 0, 0)]);
    run.append_block(&block(CELLS[1], 0, 0), &[sample(5)]).unwrap();
    assert_eq!(Run::read(run.path()).unwrap().latencies[CELLS[1]][&0][&0], [sample(5)]);
}
