use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::{Event, FleetError};

/// The script's name in a job's folder.
const SCRIPT: &str = "job.sh";
/// Bytes of the end of a log that are read.
const TAIL_BYTES: u64 = 4096;
/// Lines of it that are shown.
const TAIL_LINES: usize = 3;

/// The folder of one job, on a disk that machines share: its script, what happened, its log, the copy of its run, and its
/// pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFolder {
    path: PathBuf,
}

/// Returns the folders of jobs in a fleet's folder, by name.
///
/// # Errors
/// [`FleetError::NoJobs`], or the folder cannot be read.
pub fn jobs(fleet: &Path) -> Result<Vec<JobFolder>, FleetError> {
    let entries = match fs::read_dir(fleet) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(FleetError::io("read", fleet)(error));
        }
        entries => entries.into_iter().flatten().flatten(),
    };
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    found.retain(|path| path.join(SCRIPT).is_file());
    found.sort();
    if found.is_empty() {
        return Err(FleetError::NoJobs { folder: fleet.to_owned() });
    }
    Ok(found.into_iter().map(|path| JobFolder { path }).collect())
}

impl JobFolder {
    /// Returns the folder of a job, whether it is there or not.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Returns the job's name.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Returns the folder with copies of the job's runs.
    pub fn runs(&self) -> PathBuf {
        self.path.join("runs")
    }

    /// Returns the job's pack, which is whole if it is there.
    pub fn pack(&self) -> Option<PathBuf> {
        Some(self.path.join("run.zip")).filter(|path| path.is_file())
    }

    /// Writes the job's script, and returns where.
    ///
    /// # Errors
    /// [`FleetError::Io`].
    pub fn write(&self, script: &str) -> Result<PathBuf, FleetError> {
        let path = self.path.join(SCRIPT);
        fs::create_dir_all(&self.path).map_err(FleetError::io("create", &self.path))?;
        fs::write(&path, script).map_err(FleetError::io("write", &path))?;
        Ok(path)
    }

    /// Keeps the number that Slurm gave the job.
    ///
    /// # Errors
    /// [`FleetError::Io`].
    pub fn submitted(&self, id: &str) -> Result<(), FleetError> {
        let path = self.numbers();
        let file = File::options().append(true).create(true).open(&path);
        file.and_then(|mut file| writeln!(file, "{id}")).map_err(FleetError::io("write", &path))
    }

    /// Returns the numbers that Slurm gave the job, the latest last.
    ///
    /// # Errors
    /// [`FleetError::Io`].
    pub fn ids(&self) -> Result<Vec<String>, FleetError> {
        Ok(read(&self.numbers())?.lines().map(str::to_owned).collect())
    }

    /// Returns what happened, the latest last.
    ///
    /// # Errors
    /// [`FleetError::Io`].
    pub fn events(&self) -> Result<Vec<Event>, FleetError> {
        Ok(read(&self.path.join("events"))?.lines().filter_map(Event::parse).collect())
    }

    /// Returns the last lines of the job's log, joined; nothing where there is none.
    ///
    /// # Errors
    /// [`FleetError::Io`].
    pub fn end_of_log(&self) -> Result<String, FleetError> {
        let path = self.path.join("log");
        let mut file = match File::open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(String::new()),
            file => file.map_err(FleetError::io("read", &path))?,
        };
        let mut bytes = Vec::new();
        let length = file.metadata().map_or(0, |of| of.len());
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))
            .and_then(|_| file.read_to_end(&mut bytes))
            .map_err(FleetError::io("read", &path))?;
        let text = String::from_utf8_lossy(&bytes);
        let mut lines: Vec<_> =
            text.lines().rev().filter(|line| !line.is_empty()).take(TAIL_LINES).collect();
        lines.reverse();
        Ok(lines.join("; "))
    }

    fn numbers(&self) -> PathBuf {
        self.path.join("numbers")
    }
}

/// Returns a file's text; nothing where it is not there.
fn read(path: &Path) -> Result<String, FleetError> {
    match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        bytes => {
            let bytes = bytes.map_err(FleetError::io("read", path))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EventKind;

    #[test]
    fn a_folder_tells_what_its_files_hold() {
        let fleet = tempfile::tempdir().unwrap();
        assert!(matches!(jobs(fleet.path()), Err(FleetError::NoJobs { .. })));
        let folder = JobFolder::new(fleet.path().join("epyc"));
        folder.write("#!/bin/bash\n").unwrap();
        // Nothing has happened yet.
        assert_eq!(folder.ids().unwrap(), [""; 0]);
        assert_eq!(
            (folder.events().unwrap(), folder.end_of_log().unwrap()),
            (vec![], String::new())
        );
        folder.submitted("17").unwrap();
        folder.submitted("18").unwrap();
        let line = "2026-01-31T12:00:00Z\tnode1\t18.0\tfailed\t3";
        // Of a killed job's last line a part may be there.
        fs::write(fleet.path().join("epyc/events"), format!("{line}\n2026-01")).unwrap();
        fs::write(fleet.path().join("epyc/log"), "1\n2\n\n3\n4\n").unwrap();
        assert_eq!(jobs(fleet.path()).unwrap(), std::slice::from_ref(&folder));
        assert_eq!(folder.ids().unwrap(), ["17", "18"]);
        let kinds: Vec<_> = folder.events().unwrap().iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [EventKind::Failed]);
        assert_eq!(folder.end_of_log().unwrap(), "2; 3; 4");
        assert_eq!(folder.pack(), None);
    }
}
