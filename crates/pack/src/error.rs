use std::io;
use std::path::{Path, PathBuf};

use formbench_store::StoreError;

use crate::Fault;
use crate::limits::MOST_BYTES;

/// Why a run is not packed, or a pack not added.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The file system refused.
    #[error("{}: cannot {action}", path.display())]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system reported.
        source: io::Error,
    },
    /// A pack is damaged, was changed, or is none.
    #[error("{}: {fault}; nothing of it is added", pack.display())]
    Refused {
        /// The pack.
        pack: PathBuf,
        /// What is wrong.
        fault: Box<Fault>,
    },
    /// The run cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The run is still measured, or was interrupted.
    #[error("{}: the run is not finished; repeat the command that measures it", run.display())]
    Unfinished {
        /// Folder of the run.
        run: PathBuf,
    },
    /// The run's name cannot be a file's everywhere.
    #[error("{}: the run is called `{name}`; expected letters, digits, `.`, `_` and `-`", run.display())]
    RunName {
        /// Folder of the run.
        run: PathBuf,
        /// Its name.
        name: String,
    },
    /// The run is too large to be added anywhere.
    #[error("{}: {bytes} bytes, at most {MOST_BYTES} are packed", run.display())]
    TooLarge {
        /// Folder of the run.
        run: PathBuf,
        /// Bytes of its files.
        bytes: u64,
    },
    /// A table has a column that is not looked through.
    #[error(
        "{}: table `{table}` has a column `{column}` that this version does not know; pack with the version that wrote it",
        run.display()
    )]
    UnknownColumn {
        /// Folder of the run.
        run: PathBuf,
        /// Name of the table.
        table: &'static str,
        /// Name of the column.
        column: String,
    },
    /// Something private would travel.
    #[error("{place} has `{found}`, {what}; `--keep-private` lets it travel")]
    Private {
        /// Where: a column of a table, or a line of a file.
        place: String,
        /// The private part.
        found: String,
        /// What it is, such as `a path of this machine`.
        what: &'static str,
    },
    /// Text could not be made of rows.
    #[error("cannot write `{name}`: {why}")]
    Write {
        /// The file in the pack.
        name: &'static str,
        /// What happened.
        why: String,
    },
}

impl PackError {
    /// Returns a function that turns an I/O error on `path` into an error.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.into(), source }
    }
}
