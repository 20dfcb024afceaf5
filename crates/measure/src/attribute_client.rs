use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use formbench_protocol::{Inspection, Subject};

use crate::WorkerCommand;
use crate::client::RECORD_S;
use crate::worker::Worker;
use crate::worker_error::WorkerResult;

/// Nothing interrupts an inspector.
static NEVER: AtomicBool = AtomicBool::new(false);

/// A worker that counts what one architecture after another costs; it starts when first needed.
pub struct AttributeClient<'a> {
    command: &'a WorkerCommand,
    worker: Option<Worker<'a>>,
}

impl<'a> AttributeClient<'a> {
    /// Returns a client whose worker is not started yet.
    pub fn new(command: &'a WorkerCommand) -> Self {
        Self { command, worker: None }
    }

    /// Returns what an architecture costs. A worker that refused or failed has ended; a fresh one
    /// starts for the next architecture.
    ///
    /// # Errors
    /// The worker did not start, refused or did not answer.
    pub fn inspect(&mut self, subject: &Subject) -> WorkerResult<Inspection> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => Worker::start(self.command, &BTreeMap::new(), &NEVER)?,
        };
        match worker.inspect(subject, RECORD_S) {
            Ok(inspection) => {
                self.worker = Some(worker);
                Ok(inspection)
            }
            Err(lost) => Err(worker.last_words(lost)),
        }
    }
}
