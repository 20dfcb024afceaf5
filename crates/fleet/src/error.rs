use std::io;
use std::path::{Path, PathBuf};

/// Why a job is not submitted, or its folder not read.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    /// A kind of machine that Slurm would read otherwise.
    #[error(
        "node kind `{kind}`: expected a feature of the machines, such as `epyc` or `xeon&avx512`; `sinfo -o %f` lists them"
    )]
    NodeKind {
        /// What was asked for.
        kind: String,
    },
    /// A line for Slurm that is none.
    #[error("option `{option}`: expected one of sbatch's, such as `--partition=long`")]
    Option {
        /// What was given.
        option: String,
    },
    /// A folder that cannot be written down in a script.
    #[error("folder `{}`: expected an absolute path without quotes, backslashes and line feeds", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
    },
    /// A word that no shell can be given.
    #[error("`{}`: expected a word without NUL", word.escape_debug())]
    Word {
        /// The word.
        word: String,
    },
    /// Two jobs would have one folder.
    #[error(
        "two jobs are called `{name}`: give each node kind once, and `--runs` for several of a kind"
    )]
    Twice {
        /// Their name.
        name: String,
    },
    /// A job of this folder is with Slurm still.
    #[error("{name}: job {id} is {state} still; wait for it, or end it: `scancel {id}`")]
    StillThere {
        /// The job.
        name: String,
        /// Its number.
        id: String,
        /// What Slurm says of it.
        state: String,
    },
    /// A command is not here.
    #[error("`{program}` is not here: {remedy}")]
    Missing {
        /// The command.
        program: &'static str,
        /// What brings it, or does without.
        remedy: &'static str,
    },
    /// A command failed.
    #[error("`{program}` failed: {reason}")]
    Failed {
        /// The command.
        program: &'static str,
        /// In its words.
        reason: String,
    },
    /// A folder without jobs.
    #[error("{}: no jobs in it; name the folder that `formbench fleet submit` was given", folder.display())]
    NoJobs {
        /// The folder.
        folder: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("{}: cannot {action}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

impl FleetError {
    /// Returns a function that turns an I/O error on `path` into an error of a fleet.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.into(), source }
    }

    /// Returns a function that turns an error of starting a command into one that names the remedy.
    pub(crate) fn starting(
        program: &'static str,
        remedy: &'static str,
    ) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { program, remedy },
            _ => Self::Failed { program, reason: source.to_string() },
        }
    }
}
