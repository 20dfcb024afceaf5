use std::io;
use std::path::{Path, PathBuf};

use polars::prelude::PolarsError;
use thiserror::Error;

use crate::{BlockKey, Holder};

/// Why a run could not be written or read.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The file system refused.
    #[error("{path}: cannot {action}")]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system reported.
        source: io::Error,
    },
    /// Rows could not become Parquet.
    #[error("{path}: cannot encode table `{table}`")]
    Encode {
        /// The file that was to be written.
        path: PathBuf,
        /// Name of the table.
        table: &'static str,
        /// What polars reported.
        source: PolarsError,
    },
    /// A file is truncated, damaged or not Parquet.
    #[error("{path}: not a readable Parquet file of table `{table}`; restore it or remove it")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Name of the table.
        table: &'static str,
        /// What polars reported.
        source: PolarsError,
    },
    /// A file lacks a column.
    #[error("{path}: table `{table}` lacks column `{column}`; got {got}; see data/SCHEMA.md")]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// Name of the table.
        table: &'static str,
        /// Name of the column.
        column: &'static str,
        /// The columns it has, for people.
        got: String,
    },
    /// A column holds another type.
    #[error("{path}: column `{column}` of table `{table}`: expected {expected}, got `{got}`")]
    ColumnType {
        /// The file.
        path: PathBuf,
        /// Name of the table.
        table: &'static str,
        /// Name of the column.
        column: &'static str,
        /// The type it should have.
        expected: String,
        /// The type it has.
        got: String,
    },
    /// A value is missing where none may be.
    #[error("{path}: column `{column}` of table `{table}`: expected a value per row, got nulls")]
    Null {
        /// The file.
        path: PathBuf,
        /// Name of the table.
        table: &'static str,
        /// Name of the column.
        column: &'static str,
    },
    /// The samples of a block are not together.
    #[error("{path}: block `{block}`: its samples are in two places; restore the file")]
    BlockTwice {
        /// The file.
        path: PathBuf,
        /// The block.
        block: BlockKey,
    },
    /// A sample is there twice or lost its predecessors.
    #[error(
        "{path}: block `{block}`: expected sample {expected} next, got {got}; restore the file"
    )]
    SampleOrder {
        /// The file.
        path: PathBuf,
        /// The block.
        block: BlockKey,
        /// Index that should come next.
        expected: usize,
        /// Index that came.
        got: u32,
    },
    /// A block has no samples, or samples have no block.
    #[error(
        "{folder}: block `{block}` has no row in `{table}`; \
         restore the file, or read again if a run writes here"
    )]
    Torn {
        /// The run's folder.
        folder: PathBuf,
        /// The block.
        block: BlockKey,
        /// The table where it is missing.
        table: &'static str,
    },
    /// A run without exactly one host.
    #[error("{path}: expected 1 row, got {got}; restore the file")]
    HostRows {
        /// The file.
        path: PathBuf,
        /// Rows found.
        got: usize,
    },
    /// A folder without a whole plan.
    #[error(
        "{folder}: no host.parquet, so no run; name a folder such as data/runs/<date>-<host>-<n>"
    )]
    NotARun {
        /// The folder.
        folder: PathBuf,
    },
    /// A cell's key that cannot name files.
    #[error("cell `{got}`: expected 16 lower-case hex digits")]
    CellKey {
        /// The key.
        got: String,
    },
    /// A block that is on disk already.
    #[error("{folder}: block `{block}` is acknowledged already; a block is written once")]
    Acknowledged {
        /// The run's folder.
        folder: PathBuf,
        /// The block.
        block: BlockKey,
    },
    /// A block without samples.
    #[error("block `{block}`: expected at least 1 sample, got 0")]
    NoSamples {
        /// The block.
        block: BlockKey,
    },
    /// Another process writes here.
    #[error("{data}: in use by {}; wait for it or stop it", holder_text(.holder.as_ref()))]
    Held {
        /// The data folder.
        data: PathBuf,
        /// Who holds it, unless it has not written its name yet.
        holder: Option<Holder>,
    },
}

impl StoreError {
    /// Returns a function that turns an I/O error on `path` into a store error.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.into(), source }
    }

    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

fn holder_text(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "another process".into(), Holder::to_string)
}
