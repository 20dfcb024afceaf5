use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use formbench_experiment::Cell;
use formbench_protocol::{
    Architecture, ExportRequest, Input, Refusal, RefusalKind, Subject, UserFile,
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::WorkerCommand;
use crate::worker_error::{WorkerError, WorkerResult};

/// The ONNX files of architectures, each written once, deleted with this value.
///
/// A simulator that loads a file need not record the network, which takes it fifty times as long.
pub struct Models<'a> {
    worker: &'a WorkerCommand,
    folder: TempDir,
    written: HashMap<(Architecture, u64, Input), UserFile>,
}

impl<'a> Models<'a> {
    /// Returns no files yet, in a temporary folder.
    ///
    /// # Errors
    /// There is no place for temporary files.
    pub fn new(worker: &'a WorkerCommand) -> std::io::Result<Self> {
        Ok(Self { worker, folder: tempfile::tempdir()?, written: HashMap::new() })
    }

    /// Returns the file of a cell's architecture at its input, called as the architecture is.
    ///
    /// # Errors
    /// The worker refused to write it or did not answer.
    pub fn of(&mut self, cell: &Cell) -> WorkerResult<UserFile> {
        let Subject { architecture, weights_seed, input } = cell.job(false).subject();
        if let Architecture::File(file) = architecture {
            return Ok(file);
        }
        // The seed of what fills an input is not in the file.
        let key = (architecture, weights_seed, input.with_seed(0));
        if let Some(file) = self.written.get(&key) {
            return Ok(file.clone());
        }
        let place = self.folder.path().join(format!("{}.onnx", self.written.len()));
        let subject = cell.job(false).subject();
        self.worker.export(ExportRequest { subject, path: place.clone() })?;
        let path = cell.architecture.to_string();
        let file = UserFile { path, sha256: sha256(&place)?, place };
        self.written.insert(key, file.clone());
        Ok(file)
    }
}

fn sha256(path: &PathBuf) -> WorkerResult<String> {
    let unreadable = |error| {
        let reason = format!("{}: {error}", path.display());
        WorkerError::Refused(Refusal::new(RefusalKind::Failed, reason))
    };
    let bytes = fs::read(path).map_err(unreadable)?;
    Ok(format!("{:x}", Sha256::digest(&bytes)))
}
