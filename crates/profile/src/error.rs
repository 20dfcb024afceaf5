use std::path::PathBuf;

use formbench_measure::WorkerError;

/// Why an architecture has no profile on an engine.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The worker has no such engine.
    #[error("unknown engine `{name}`; known: {known}")]
    UnknownEngine {
        /// What was asked for.
        name: String,
        /// The engines of the worker.
        known: String,
    },
    /// The engine is not here.
    #[error("{name} is not here: {reason}")]
    NotHere {
        /// The engine.
        name: String,
        /// Why, with the remedy.
        reason: String,
    },
    /// The engine's profiler is asked by a script, which is not here or has no interpreter.
    #[error(
        "{name}: its profiler is asked by `crates/engines/python/operators.py`, with the interpreter of `.engines`: run at \
         the top of the repository, after `make engines`"
    )]
    NoScript {
        /// The engine.
        name: String,
    },
    /// The engine's profiler gave nothing.
    #[error("{name}: {reason}")]
    Failed {
        /// The engine.
        name: String,
        /// In its words.
        reason: String,
    },
    /// The worker refused, failed or did not answer.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// The interpreter did not start.
    #[error("cannot start `{}`", program.display())]
    NoInterpreter {
        /// Its executable.
        program: PathBuf,
        /// What happened.
        #[source]
        source: std::io::Error,
    },
    /// There is no place for the model's file.
    #[error("cannot create a folder for temporary files")]
    NoTemporaryFolder(#[source] std::io::Error),
}

impl ProfileError {
    /// Returns whether nothing can be profiled any more, whatever the engine.
    pub fn is_lost(&self) -> bool {
        match self {
            Self::Worker(WorkerError::Refused(_)) => false,
            Self::Worker(_) | Self::NoTemporaryFolder(_) => true,
            Self::UnknownEngine { .. }
            | Self::NotHere { .. }
            | Self::NoScript { .. }
            | Self::Failed { .. }
            | Self::NoInterpreter { .. } => false,
        }
    }
}
