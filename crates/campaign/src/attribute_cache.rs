//! What architectures cost, remembered from one call of the command to the next.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use formbench_measure::{AttributeClient, WorkerCommand, WorkerError};
use formbench_protocol::{Attributes, Subject};
use formbench_store::InputShape;

/// What architectures cost, by subject; a worker is asked once for each.
///
/// They are kept in the user's cache folder, in a file of this very worker: another build of it may
/// count otherwise. Without such a folder nothing is remembered.
pub struct AttributeCache<'a> {
    client: AttributeClient<'a>,
    file: Option<PathBuf>,
    known: BTreeMap<String, Attributes>,
    asked: bool,
}

impl<'a> AttributeCache<'a> {
    /// Returns the costs that are remembered of a worker.
    pub fn of(worker: &'a WorkerCommand) -> Self {
        let file = file(worker);
        let text = file.as_ref().and_then(|file| std::fs::read(file).ok());
        let known = text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        Self { client: AttributeClient::new(worker), file, known, asked: false }
    }

    /// Returns what a subject costs.
    ///
    /// # Errors
    /// The worker refused or did not answer.
    pub fn attributes(&mut self, subject: &Subject) -> Result<Attributes, WorkerError> {
        let key = key(subject);
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let attributes = self.client.inspect(subject)?.attributes;
        self.asked = true;
        self.known.insert(key, attributes.clone());
        Ok(attributes)
    }
}

impl Drop for AttributeCache<'_> {
    /// Remembers what was asked; a cache that cannot be written is asked again next time.
    fn drop(&mut self) {
        if let (true, Some(file)) = (self.asked, &self.file) {
            let folder = file.parent().map_or(Ok(()), std::fs::create_dir_all);
            let partial = file.with_extension(format!("{}.partial", std::process::id()));
            let text = serde_json::to_vec(&self.known).unwrap_or_default();
            let written = folder.and_then(|()| std::fs::write(&partial, text));
            let _ = written.and_then(|()| std::fs::rename(&partial, file));
        }
    }
}

/// Returns everything that the cost depends on.
fn key(Subject { architecture, input, .. }: &Subject) -> String {
    let identity = serde_json::to_string(architecture).unwrap_or_else(|_| architecture.to_string());
    let shape = InputShape::from(input);
    format!("{identity} {shape:?}")
}

fn file(worker: &WorkerCommand) -> Option<PathBuf> {
    let program = std::fs::metadata(&worker.program).ok()?;
    let written = program.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let build = format!("{:x}-{:x}", program.len(), written.as_nanos());
    Some(dirs::cache_dir()?.join("formbench").join(format!("costs-{build}.json")))
}
