//! The folder of runs that came in packs, and how a pack gets there.
//!
//! It lies beside the folder of this machine's own runs, as those do that are committed. So an added run is nowhere the
//! latest run, and none is ever resumed; what it says of this very machine is known to `plan` and `predict`.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use formbench_analysis::{RESULTS, Run};
use formbench_store::{DataLock, HostRow, RunFolder};
use rayon::prelude::*;
use tempfile::TempDir;

use crate::archive::{Archive, refused};
use crate::digest::{Hashes, of_tables};
use crate::name::{HOST_CARD, MANIFEST, METADATA, is_plain};
use crate::{Fault, PackError, contents, host_card, manifest, research_object, results, tables};

/// Name of the folder of added runs, beside that of one's own.
const ADDED: &str = "added";
/// Start of the name of a folder that a pack is unpacked in.
const TEMPORARY: &str = ".adding-";
/// Digits of its digest that a run's folder is told apart by.
const TOLD_BY: usize = 8;

/// The right to add packs.
#[derive(Debug)]
pub struct AddedRuns {
    folder: PathBuf,
    runs: PathBuf,
    _lock: DataLock,
}

/// A run that was added, or was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedRun {
    /// Its folder.
    pub folder: PathBuf,
    /// Its name.
    pub run: String,
    /// Short name of the machine that measured it.
    pub host: String,
    /// Its cells.
    pub cells: usize,
    /// Whether it was not there before.
    pub is_new: bool,
    /// What a person should know of it, a line each.
    pub notes: Vec<String>,
}

/// What is known of a pack that was found to be sound.
struct Checked {
    run: Run,
    digest: String,
    notes: Vec<String>,
}

/// A sound pack in a temporary folder, which is gone when this is.
struct Unpacked {
    checked: Checked,
    /// Folder of the run, in the temporary one.
    folder: PathBuf,
    temporary: TempDir,
}

impl AddedRuns {
    /// Returns the folder of added runs, beside that of one's own runs.
    pub fn beside(runs: &Path) -> PathBuf {
        runs.with_file_name(ADDED)
    }

    /// Returns the right to add runs beside `runs`, for `command`. What a killed command left behind is removed.
    ///
    /// # Errors
    /// Another command is adding, or the folder cannot be made.
    pub fn open(runs: &Path, command: &str) -> Result<Self, PackError> {
        let folder = Self::beside(runs);
        let lock = DataLock::acquire(&folder, command)?;
        let entries = fs::read_dir(&folder).map_err(PackError::io("list", &folder))?;
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                let path = entry.path();
                fs::remove_dir_all(&path).map_err(PackError::io("remove", &path))?;
            }
        }
        Ok(Self { folder, runs: runs.into(), _lock: lock })
    }

    /// Adds packs in their order, looked through on all processors, and returns what [`AddedRuns::add`] returns of each.
    pub fn add_all(&self, packs: &[PathBuf]) -> Vec<Result<AddedRun, PackError>> {
        let unpacked: Vec<_> = packs.par_iter().map(|pack| self.unpacked(pack)).collect();
        unpacked.into_iter().map(|unpacked| self.place(unpacked?)).collect()
    }

    /// Adds the run in a pack unless it is there, once everything in the pack was found to be right.
    ///
    /// # Errors
    /// [`PackError::Refused`] of a pack that is not as it was packed, and then nothing of it is left; or the file system
    /// refuses.
    pub fn add(&self, pack: &Path) -> Result<AddedRun, PackError> {
        self.place(self.unpacked(pack)?)
    }

    /// Returns a pack that was found to be right, in a temporary folder.
    fn unpacked(&self, pack: &Path) -> Result<Unpacked, PackError> {
        let mut archive = Archive::open(pack)?;
        let temporary = tempfile::Builder::new().prefix(TEMPORARY).tempdir_in(&self.folder);
        let temporary = temporary.map_err(PackError::io("create folder in", &self.folder))?;
        // The run lies one folder further down: nobody takes the temporary folder for a run.
        let folder = temporary.path().join("run");
        fs::create_dir(&folder).map_err(PackError::io("create folder", &folder))?;
        let hashes = archive.unpack(&folder)?;
        let checked = check(&folder, &hashes).map_err(|fault| refused(pack, fault))?;
        sync_all(&folder, &hashes)?;
        Ok(Unpacked { checked, folder, temporary })
    }

    /// Gives an unpacked run its folder, unless a folder holds the same tables.
    fn place(&self, unpacked: Unpacked) -> Result<AddedRun, PackError> {
        let Unpacked { checked, folder: unpacked, temporary } = unpacked;
        let Checked { run, digest, mut notes } = checked;
        let name = &run.host.run;
        let told = self.folder.join(format!("{name}-{}", &digest[..TOLD_BY]));
        let [own, plain] = [self.runs.join(name), self.folder.join(name)];
        let taken = [own, plain.clone(), told.clone()];
        let taken: Vec<&PathBuf> = taken.iter().filter(|folder| folder.exists()).collect();
        let same = taken.iter().find(|folder| is_of(folder, &digest));
        let is_new = same.is_none();
        let folder = match same {
            Some(folder) => (*folder).clone(),
            None if taken.is_empty() => plain,
            None => {
                notes.extend(taken.iter().map(|folder| note_of(folder, &run.host)));
                told
            }
        };
        if is_new {
            fs::rename(&unpacked, &folder).map_err(PackError::io("create", &folder))?;
            sync(&self.folder)?;
        }
        close(temporary)?;
        let (run, host, cells) = (name.clone(), run.host.host.clone(), run.cells.len());
        Ok(AddedRun { folder, run, host, cells, is_new, notes })
    }
}

/// Looks through everything that was unpacked.
fn check(folder: &Path, hashes: &Hashes) -> Result<Checked, Fault> {
    for name in [METADATA, MANIFEST, HOST_CARD, RESULTS] {
        if !hashes.contains_key(name) {
            return Err(Fault::Absent { name });
        }
    }
    let text = |name| fs::read_to_string(folder.join(name)).map_err(|_| Fault::Text { name });
    manifest::check(&text(MANIFEST)?, hashes)?;
    let version = research_object::check(&text(METADATA)?, hashes)?;
    let run = tables::check(folder, hashes)?;
    if !is_plain(&run.host.run) {
        return Err(Fault::Name { name: run.host.run });
    }
    let version = version.filter(|version| version != env!("CARGO_PKG_VERSION"));
    results::check(&text(RESULTS)?, &run, version.is_none())?;
    host_card::check(&text(HOST_CARD)?, &run.host)?;
    let note = |version| {
        format!("packed by formbench {version}: its medians and speed-ups are not worked out again")
    };
    Ok(Checked { run, digest: of_tables(hashes), notes: version.map(note).into_iter().collect() })
}

/// Returns once all files of a folder survive a power cut, so that a folder which has its name has its content.
fn sync_all(folder: &Path, hashes: &Hashes) -> Result<(), PackError> {
    // The ancestors of a name are the file, the folders that it is in, and at last the folder itself.
    let paths: BTreeSet<&Path> = hashes.keys().map(Path::new).flat_map(Path::ancestors).collect();
    paths.into_iter().try_for_each(|path| sync(&folder.join(path)))
}

/// Returns once a file's content, or the names in a folder, survive a power cut.
fn sync(path: &Path) -> Result<(), PackError> {
    let synced = File::open(path).and_then(|handle| handle.sync_all());
    synced.map_err(PackError::io("sync", path))
}

/// Returns whether a folder holds the tables of that digest.
fn is_of(folder: &Path, digest: &str) -> bool {
    contents::hashes(folder).is_ok_and(|hashes| of_tables(&hashes) == digest)
}

/// Returns what to know of a folder that has the name of another run.
fn note_of(folder: &Path, host: &HostRow) -> String {
    let facts =
        |host: &HostRow| (host.fingerprint.clone(), host.plan.clone(), host.started_unix_ns);
    let other = RunFolder::open(folder).and_then(|folder| folder.host());
    if other.is_ok_and(|other| facts(&other) == facts(host)) {
        format!("`{}` is the same run in another state; keep one of the two", folder.display())
    } else {
        format!("`{}` is another run of this name", folder.display())
    }
}

/// Removes the temporary folder, which may fail only where something else writes into it.
fn close(temporary: TempDir) -> Result<(), PackError> {
    let path = temporary.path().to_owned();
    temporary.close().map_err(PackError::io("remove", &path))
}
