//! The conversation with a worker: one method for each request, whose answer has the request's type.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use formbench_protocol::{
    BlockRequest, Description, ExportRequest, Exported, Inspection, Interface, Job,
    OperatorProfile, Prepared, ProfileRequest, Reply, Request, Roofline, RooflineRequest, Subject,
    TakenBlock, UserFile, WarmUpRequest, WarmedUp,
};

use crate::worker::{Worker, WorkerCommand, unexpected};
use crate::worker_error::{WorkerError, WorkerResult};

/// How long a worker may take to describe itself: drivers are loaded for it.
const DESCRIBE_S: f64 = 60.0;
/// How long a worker may take to record a network and write its file.
pub(crate) const RECORD_S: f64 = 300.0;
/// How long a worker may take over the machine's roof.
const ROOFLINE_S: f64 = 300.0;

/// Each method waits `limit_s` at most.
impl Worker<'_> {
    /// Returns what exists in the worker.
    ///
    /// # Errors
    /// The worker refused or failed.
    pub fn describe(&mut self, limit_s: f64) -> WorkerResult<Description> {
        self.answer(&Request::Describe, limit_s, |reply| match reply {
            Reply::Description(description) => Ok(description),
            other => Err(Box::new(other)),
        })
    }

    /// Returns what a model in a file takes and gives.
    ///
    /// # Errors
    /// The worker refused or failed.
    pub fn interface(&mut self, file: &UserFile, limit_s: f64) -> WorkerResult<Interface> {
        self.answer(&Request::Interface(file.clone()), limit_s, |reply| match reply {
            Reply::Interface(interface) => Ok(interface),
            other => Err(Box::new(other)),
        })
    }

    /// Returns what an architecture costs.
    ///
    /// # Errors
    /// The worker refused or failed.
    pub fn inspect(&mut self, subject: &Subject, limit_s: f64) -> WorkerResult<Inspection> {
        self.answer(&Request::Inspect(subject.clone()), limit_s, |reply| match reply {
            Reply::Inspected(inspection) => Ok(*inspection),
            other => Err(Box::new(other)),
        })
    }

    /// Has an architecture written as an ONNX file.
    ///
    /// # Errors
    /// The worker refused or failed.
    pub fn export(&mut self, request: ExportRequest, limit_s: f64) -> WorkerResult<Exported> {
        self.answer(&Request::Export(request), limit_s, |reply| match reply {
            Reply::Exported(exported) => Ok(exported),
            other => Err(Box::new(other)),
        })
    }

    /// Returns how fast the machine can compute and move data.
    ///
    /// # Errors
    /// The worker refused or failed.
    pub fn roofline(&mut self, request: RooflineRequest, limit_s: f64) -> WorkerResult<Roofline> {
        self.answer(&Request::Roofline(request), limit_s, |reply| match reply {
            Reply::Roofline(roofline) => Ok(roofline),
            other => Err(Box::new(other)),
        })
    }

    /// Loads a model and returns its first answer.
    ///
    /// # Errors
    /// The worker refused or failed.
    pub fn prepare(&mut self, job: Job, limit_s: f64) -> WorkerResult<Prepared> {
        self.answer(&Request::Prepare(Box::new(job)), limit_s, |reply| match reply {
            Reply::Prepared(prepared) => Ok(prepared),
            other => Err(Box::new(other)),
        })
    }

    /// Runs the model untimed until its latency is steady.
    ///
    /// # Errors
    /// The worker refused or failed.
    pub fn warm_up(&mut self, request: WarmUpRequest, limit_s: f64) -> WorkerResult<WarmedUp> {
        self.answer(&Request::WarmUp(request), limit_s, |reply| match reply {
            Reply::WarmedUp(warmed_up) => Ok(warmed_up),
            other => Err(Box::new(other)),
        })
    }

    /// Returns one block of as many samples as were asked for.
    ///
    /// # Errors
    /// The worker refused or failed, or the block has too few samples or too many.
    pub fn block(&mut self, request: BlockRequest, limit_s: f64) -> WorkerResult<TakenBlock> {
        self.answer(&Request::Block(request), limit_s, |reply| match reply {
            Reply::Block(taken) if is_whole(&taken, &request) => Ok(taken),
            other => Err(Box::new(other)),
        })
    }

    /// Returns how long each operator of the model takes.
    ///
    /// # Errors
    /// The worker refused or failed.
    pub fn profile(
        &mut self,
        request: ProfileRequest,
        limit_s: f64,
    ) -> WorkerResult<OperatorProfile> {
        self.answer(&Request::Profile(request), limit_s, |reply| match reply {
            Reply::Profile(profile) => Ok(profile),
            other => Err(Box::new(other)),
        })
    }

    fn answer<T>(
        &mut self,
        request: &Request,
        limit_s: f64,
        take: impl FnOnce(Reply) -> Result<T, Box<Reply>>,
    ) -> WorkerResult<T> {
        take(self.ask(request, limit_s)?).map_err(|other| unexpected(request, &other))
    }
}

/// Returns whether a block has as many samples as were asked for.
fn is_whole(taken: &TakenBlock, request: &BlockRequest) -> bool {
    let least = request.min_inferences.min(request.max_inferences).max(1);
    (least..=request.max_inferences).contains(&(taken.samples_ns.len() as u64))
}

/// Returns how long a profile may take: a model of seconds takes longer than any fixed limit. A warm-up, and inferences with and
/// without a clock around each operator, are three times what was asked for; twice that is waited for.
fn profile_limit_s(request: ProfileRequest, first_inference_ns: u64) -> f64 {
    let inferences = 6.0 * f64::from(request.inferences);
    RECORD_S + inferences * Duration::from_nanos(first_inference_ns).as_secs_f64()
}

/// Each method asks a fresh worker, which ends with its answer.
impl WorkerCommand {
    /// Returns what exists in the worker.
    ///
    /// # Errors
    /// The worker did not start or did not answer.
    pub fn describe(&self) -> WorkerResult<Description> {
        self.once(|worker| worker.describe(DESCRIBE_S))
    }

    /// Returns what a model in a file takes and gives.
    ///
    /// # Errors
    /// The worker refused or did not answer.
    pub fn interface(&self, file: &UserFile) -> WorkerResult<Interface> {
        self.once(|worker| worker.interface(file, RECORD_S))
    }

    /// Returns what an architecture costs.
    ///
    /// # Errors
    /// The worker refused or did not answer.
    pub fn inspect(&self, subject: &Subject) -> WorkerResult<Inspection> {
        self.once(|worker| worker.inspect(subject, RECORD_S))
    }

    /// Has an architecture written as an ONNX file.
    ///
    /// # Errors
    /// The worker refused or did not answer.
    pub fn export(&self, request: ExportRequest) -> WorkerResult<Exported> {
        self.once(|worker| worker.export(request, RECORD_S))
    }

    /// Returns how fast the machine can compute and move data.
    ///
    /// # Errors
    /// The worker did not answer.
    pub fn roofline(&self, request: RooflineRequest) -> WorkerResult<Roofline> {
        self.once(|worker| worker.roofline(request, ROOFLINE_S))
    }

    /// Returns how long each operator of a job's model takes.
    ///
    /// # Errors
    /// The worker refused or failed.
    pub fn profile(
        &self,
        job: Job,
        variables: &BTreeMap<String, String>,
        request: ProfileRequest,
    ) -> WorkerResult<OperatorProfile> {
        self.once_in(variables, |worker| {
            let prepared = worker.prepare(job, RECORD_S)?;
            worker.profile(request, profile_limit_s(request, prepared.first_inference_ns))
        })
    }

    fn once<T>(&self, ask: impl FnOnce(&mut Worker<'_>) -> WorkerResult<T>) -> WorkerResult<T> {
        self.once_in(&BTreeMap::new(), ask)
    }

    fn once_in<T>(
        &self,
        variables: &BTreeMap<String, String>,
        ask: impl FnOnce(&mut Worker<'_>) -> WorkerResult<T>,
    ) -> WorkerResult<T> {
        let never = AtomicBool::new(false);
        let mut worker = Worker::start(self, variables, &never)?;
        match ask(&mut worker) {
            Ok(answer) => {
                worker.end();
                Ok(answer)
            }
            Err(lost) => Err(worker.last_words(lost)),
        }
    }
}

impl Worker<'_> {
    /// Returns why there is no answer, with the end of the worker's stderr unless it refused: a
    /// refusal states its reason itself.
    pub(crate) fn last_words(self, lost: WorkerError) -> WorkerError {
        match lost {
            WorkerError::Refused(refusal) => WorkerError::Refused(refusal),
            lost => WorkerError::NoAnswer { why: Box::new(lost), stderr: self.kill() },
        }
    }
}
