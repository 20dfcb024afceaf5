use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use formbench_protocol::{Inspection, Subject};

use crate::WorkerCommand;
use crate::client::RECORD_S;
use crate::lost::Answered;
use crate::worker::Worker;

/// Nothing interrupts an inspector.
static NEVER: AtomicBool = AtomicBool::new(false);

/// A worker that is asked what one architecture after the other costs; started when it is needed.
pub struct AttributeClient<'a> {
    command: &'a WorkerCommand,
    worker: Option<Worker<'a>>,
}

impl<'a> AttributeClient<'a> {
    /// Returns a client whose worker is not started yet.
    pub fn new(command: &'a WorkerCommand) -> Self {
        Self { command, worker: None }
    }

    /// Returns what an architecture costs; a worker that refused, which ends it, or failed is replaced for the
    /// next one.
    ///
    /// # Errors
    /// The worker did not start, refused or did not answer.
    pub fn inspect(&mut self, subject: &Subject) -> Answered<Inspection> {
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
