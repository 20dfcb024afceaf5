//! A small run, its pack, and packs made of it by other hands.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use formbench_pack::{AddedRun, AddedRuns, PackError, PackRequest, PackedRun, pack};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::synthetic::{EXPERIMENT, Imagined, QUESTION};

/// The content of every file of a pack, by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Returns a fleet whose runs are small: six cells each.
pub fn small() -> Imagined {
    Imagined { hosts: 3, architectures: 2, engines: 2, rounds: 3, ..Imagined::default() }
}

/// A place with a run of one machine, its experiments, and another machine's folders.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// Returns a place with the run of the first host of a small fleet.
    pub fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        let experiment = place.path("experiments").join(EXPERIMENT).with_extension("yaml");
        fs::create_dir_all(experiment.parent().unwrap()).unwrap();
        fs::write(&experiment, format!("question: {QUESTION}\n")).unwrap();
        fs::write(experiment.with_file_name("claims.yaml"), "claims: []\n").unwrap();
        place.run(&small(), 0);
        place
    }

    /// Returns a path in the place.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Returns the folder of the run of a host, newly written.
    pub fn run(&self, fleet: &Imagined, host: usize) -> PathBuf {
        fleet.write(&fleet.truth(), host, &self.path("runs"))
    }

    /// Returns the folder of the first run.
    pub fn first_run(&self) -> PathBuf {
        self.path("runs").join(format!("2026-11-18-{}-1", Imagined::host_name(0)))
    }

    /// Packs a run as `name`, and returns the pack with what is said of it.
    pub fn pack(&self, run: &Path, name: &str) -> (PathBuf, PackedRun) {
        self.pack_under("CC0-1.0", run, name)
    }

    /// Packs a run under a licence.
    pub fn pack_under(&self, licence: &str, run: &Path, name: &str) -> (PathBuf, PackedRun) {
        let (licence, file) = (licence.parse().unwrap(), self.path(name));
        let experiments = self.path("experiments");
        let request =
            PackRequest { run, experiments: &experiments, licence: &licence, private: None };
        let packed = pack(&request, &file).unwrap();
        (file, packed)
    }

    /// Returns the files of the pack of the first run.
    pub fn files(&self) -> Files {
        files(&fs::read(self.pack(&self.first_run(), "first.zip").0).unwrap())
    }

    /// Adds a pack to another machine's runs.
    pub fn add(&self, pack: &Path) -> Result<AddedRun, PackError> {
        AddedRuns::open(&self.path("other/runs"), "a test").unwrap().add(pack)
    }

    /// Adds a pack that has these bytes.
    pub fn add_bytes(&self, bytes: &[u8]) -> Result<AddedRun, PackError> {
        let file = self.path("changed.zip");
        fs::write(&file, bytes).unwrap();
        self.add(&file)
    }

    /// Returns what is said of a pack of these bytes, which must be refused, and leave nothing.
    pub fn refusal(&self, bytes: &[u8]) -> String {
        let error = self.add_bytes(bytes).unwrap_err().to_string();
        assert_eq!(names(&self.path("other")), ["added"], "{error}");
        assert_eq!(names(&self.path("other/added")), [".lock"], "{error}");
        error
    }
}

/// Returns the names in a folder, in order.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

/// Returns the files in a zip file.
pub fn files(bytes: &[u8]) -> Files {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let read = |index| {
        let mut entry = zip.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (entry.name().to_owned(), content)
    };
    let count = ZipArchive::new(Cursor::new(bytes)).unwrap().len();
    (0..count).map(read).collect()
}

/// Returns how formbench stores files.
pub fn stored() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
}

/// Returns a zip file of files in the order given.
pub fn zipped<'a>(files: impl IntoIterator<Item = (&'a String, &'a Vec<u8>)>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name.as_str(), stored()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Returns the SHA-256 of some bytes, in hex digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns a pack of files whose hashes are made anew, as whoever changes a pack with care would do.
pub fn resealed(mut files: Files) -> Vec<u8> {
    let [manifest, metadata] = ["manifest-sha256.txt", "ro-crate-metadata.json"];
    let mut description: serde_json::Value = serde_json::from_slice(&files[metadata]).unwrap();
    for entity in description["@graph"].as_array_mut().unwrap() {
        let id = entity["@id"].as_str().unwrap().to_owned();
        if let Some(content) = files.get(&id).filter(|_| entity.get("sha256").is_some()) {
            entity["sha256"] = sha256(content).into();
        }
    }
    files.insert(metadata.to_owned(), format!("{description:#}\n").into_bytes());
    files.remove(manifest);
    let lines = files.iter().map(|(name, content)| format!("{}  {name}\n", sha256(content)));
    let lines: String = lines.collect();
    files.insert(manifest.to_owned(), lines.into_bytes());
    zipped(&files)
}
