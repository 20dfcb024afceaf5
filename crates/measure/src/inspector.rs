use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use formbench_protocol::{Inspection, Reply, Request, Subject};

use crate::WorkerCommand;
use crate::lost::{Answered, Lost};
use crate::worker::{RECORD_S, Worker, unexpected};

/// Nothing interrupts an inspector.
static NEVER: AtomicBool = AtomicBool::new(false);

/// A worker that is asked what one architecture after the other costs; started when it is needed.
pub struct Inspector<'a> {
    command: &'a WorkerCommand,
    worker: Option<Worker<'a>>,
}

impl<'a> Inspector<'a> {
    /// Returns an inspector whose worker is not started yet.
    pub fn new(command: &'a WorkerCommand) -> Self {
        Self { command, worker: None }
    }

    /// Returns what an architecture costs; a worker that refused or failed is replaced for the next one.
    ///
    /// # Errors
    /// The worker did not start, refused or did not answer.
    pub fn inspect(&mut self, subject: &Subject) -> Answered<Inspection> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => Worker::start(self.command, &BTreeMap::new(), &NEVER)?,
        };
        let request = Request::Inspect(subject.clone());
        match worker.ask(&request, RECORD_S) {
            Ok(Reply::Inspected(inspection)) => {
                self.worker = Some(worker);
                Ok(*inspection)
            }
            Ok(other) => Err(unexpected(&request, &other)),
            // A worker ends with its first refusal.
            Err(Lost::Refused(refusal)) => Err(Lost::Refused(refusal)),
            Err(lost) => Err(Lost::NoAnswer { why: Box::new(lost), stderr: worker.kill() }),
        }
    }
}
