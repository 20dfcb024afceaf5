//! Why a worker gives no answer.

use std::process::ExitStatus;

use formbench_protocol::Refusal;

/// What a worker answered in full, or why not.
pub type WorkerResult<T> = Result<T, WorkerError>;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The worker's executable could not be started.
    #[error("the worker did not start: {reason}")]
    NotStarted {
        /// The operating system's reason.
        reason: String,
    },
    /// A worker that was asked one thing did not answer it.
    #[error("{why}: {stderr}")]
    NoAnswer {
        /// What happened.
        why: Box<WorkerError>,
        /// The end of the worker's stderr.
        stderr: String,
    },
    /// The worker refused.
    #[error("{0}")]
    Refused(Refusal),
    /// The worker ended.
    #[error("the worker ended during {doing}")]
    Ended {
        /// What it was asked for.
        doing: &'static str,
        /// How it ended, if the operating system reports it.
        status: Option<ExitStatus>,
    },
    /// The worker did not answer in time and was ended.
    #[error("no answer to {doing} within {limit_s:.1} s")]
    Hung {
        /// What it was asked for.
        doing: &'static str,
        /// The limit.
        limit_s: f64,
    },
    /// The worker answered something that is not the protocol.
    #[error("expected an answer to {doing}, got `{line}`")]
    Nonsense {
        /// What it was asked for.
        doing: &'static str,
        /// The beginning of what it answered.
        line: String,
    },
    /// The run was interrupted.
    #[error("interrupted")]
    Interrupted,
}
