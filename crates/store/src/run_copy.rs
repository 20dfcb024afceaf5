//! A second place of a run's folder, such as a disk that outlives the machine.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::durable::TEMPORARY_SUFFIX;
use crate::table::Table;
use crate::{BlockRow, HostRow, RunFolder, SampleRow, StoreError, TurnRow, durable, part};

/// A copy of a run's folder. Whenever copying stops, the copy is a run that can be read and gone on with.
#[derive(Clone, Debug)]
pub struct RunCopy {
    from: PathBuf,
    to: PathBuf,
}

impl RunCopy {
    /// Returns the copy of a run's folder below `place`, under the folder's own name; nothing is copied yet.
    pub fn new(folder: &RunFolder, place: &Path) -> Self {
        Self { from: folder.path().to_owned(), to: place.join(folder.name()) }
    }

    /// Copies what is not there yet or has changed, then removes what the run has no more. Nobody may write to the run
    /// meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Io`] if a file cannot be read, written or removed.
    pub fn renew(&self) -> Result<(), StoreError> {
        let files = in_order(files(&self.from)?);
        for file in &files {
            if !self.has_block(file) {
                copy(&self.from.join(file), &self.to.join(file))?;
            }
        }
        let is_there: BTreeSet<&PathBuf> = files.iter().collect();
        for file in self::files(&self.to)?.iter().filter(|file| !is_there.contains(file)) {
            let path = self.to.join(file);
            fs::remove_file(&path).map_err(StoreError::io("remove", &path))?;
            // It fails where the folder holds more.
            path.parent().map_or(Ok(()), fs::remove_dir).ok();
        }
        Ok(())
    }

    /// Returns whether a file is of a block whose samples are in the copy: they come last, and none of it changes then.
    fn has_block(&self, file: &Path) -> bool {
        let parts = [SampleRow::FACTS.name, TurnRow::FACTS.name, BlockRow::FACTS.name];
        let is_of_block = parts.iter().any(|table| file.starts_with(table));
        let key = file.file_name().unwrap_or_default();
        is_of_block && self.to.join(SampleRow::FACTS.name).join(key).is_file()
    }
}

/// Copies a file that is absent there or differs. Two disks may have two clocks, so that times say nothing.
fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let bytes = fs::read(from).map_err(StoreError::io("read", from))?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    to.parent().map_or(Ok(()), durable::create_folder)?;
    durable::write(to, &bytes)
}

/// Returns every file below a folder, as paths from it, without those that a kill left half; none where there is no
/// folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    for name in part::names(folder)? {
        let path = folder.join(&name);
        if path.is_dir() {
            found.extend(files(&path)?.into_iter().map(|below| Path::new(&name).join(below)));
        } else if !name.ends_with(TEMPORARY_SUFFIX) {
            found.push(name.into());
        }
    }
    Ok(found)
}

/// Returns files in the order in which a run writes them: what acknowledges a block comes after what it is made of, a
/// whole table of blocks after their samples, and the host, which makes a plan whole, at the end.
fn in_order(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    files.sort_by_key(|file| {
        let of = |table: &str| *file == part::table_path(Path::new(""), table);
        let is_acknowledging = file.starts_with(SampleRow::FACTS.name);
        let last = [
            is_acknowledging,
            of(SampleRow::FACTS.name) || of(TurnRow::FACTS.name),
            of(BlockRow::FACTS.name),
            of(HostRow::FACTS.name),
        ];
        let place = last.iter().rposition(|is| *is).map_or(0, |place| place + 1);
        (place, Reverse(file.components().count()), file.clone())
    });
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BlockKey, CellRow, Run, Sample, Turn};

    /// A run with a plan and no block.
    fn run(place: &Path) -> RunFolder {
        let folder = RunFolder::create(place, "2026-01-02", "host").unwrap();
        let cell = CellRow { cell: "0123456789abcdef".into(), ..CellRow::default() };
        folder.write_plan(&HostRow::default(), &[], &[], &[cell]).unwrap();
        folder
    }

    /// Acknowledges a block of one sample with its turn.
    fn add(folder: &RunFolder, block: u32) {
        let cell = "0123456789abcdef".to_owned();
        let row = BlockRow { cell: cell.clone(), block, ..BlockRow::default() };
        let turn = Turn {
            turn: 0,
            started_unix_ns: 1,
            wall_ns: 9,
            cpu_ns: 9,
            before_ns: [1; 2],
            after_ns: [1; 2],
        };
        folder.append_turns(&BlockKey { cell, round: 0, block }, &[turn]).unwrap();
        folder.append_block(&row, &[Sample { turn: Some(0), latency_ns: 7 }]).unwrap();
    }

    /// A run that grows, one that is compacted, and one that has not changed: the copy reads as the run does.
    #[test]
    fn a_copy_follows_a_run_through_its_life() {
        let [ours, theirs] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let folder = run(ours.path());
        let copy = RunCopy::new(&folder, theirs.path());
        let place = theirs.path().join(folder.name());
        let is_same = || Run::read(&place).unwrap() == Run::read(folder.path()).unwrap();
        for block in 0..3 {
            add(&folder, block);
            copy.renew().unwrap();
            assert!(is_same(), "block {block}");
        }
        folder.compact().unwrap();
        copy.renew().unwrap();
        assert!(is_same());
        assert_eq!(files(&place).unwrap().len(), files(folder.path()).unwrap().len());
        assert!(!place.join("samples").exists(), "parts are in the tables now");
        copy.renew().unwrap();
        assert!(is_same());
    }

    /// A machine dies after any number of copied files, the plan being there: what is there is a run without doubled or
    /// torn blocks.
    #[test]
    fn a_copy_that_stops_anywhere_can_be_read() {
        let ours = tempfile::tempdir().unwrap();
        let folder = run(ours.path());
        let plan = files(folder.path()).unwrap();
        (0..3).for_each(|block| add(&folder, block));
        let all = in_order(files(folder.path()).unwrap());
        let mut blocks = Vec::new();
        for stop in 0..=all.len() {
            let theirs = tempfile::tempdir().unwrap();
            for file in plan.iter().chain(&all[..stop]) {
                copy(&folder.path().join(file), &theirs.path().join(file)).unwrap();
            }
            let run = Run::read(theirs.path()).unwrap();
            assert!(run.blocks.iter().all(|row| run.latencies_of(row).is_some()));
            blocks.push(run.blocks.len());
        }
        assert!(blocks.is_sorted());
        assert_eq!((blocks.first(), blocks.last()), (Some(&0), Some(&3)));
    }

    #[test]
    fn a_first_copy_is_no_run_before_its_plan_is_whole() {
        let ours = tempfile::tempdir().unwrap();
        let folder = run(ours.path());
        add(&folder, 0);
        let all = in_order(files(folder.path()).unwrap());
        assert_eq!(all.last(), Some(&PathBuf::from("host.parquet")));
    }
}
