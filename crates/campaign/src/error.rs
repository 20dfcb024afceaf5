use std::path::PathBuf;

use formbench_experiment::ExperimentError;
use formbench_measure::cache::ValgrindError;
use formbench_measure::{MeasureError, WorkerError};
use formbench_store::StoreError;

/// Why a campaign ends before its plan does.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// The worker does not start or does not answer.
    #[error(
        "cannot ask the worker `{}`; build it with `cargo build --release --workspace --bins`",
        program.display()
    )]
    NoWorker {
        /// The worker's executable.
        program: PathBuf,
        /// What happened.
        #[source]
        source: WorkerError,
    },
    /// An experiment, a profile or a claim is wrong.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// Data cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing can be measured, or what was measured cannot be kept.
    #[error(transparent)]
    Measure(#[from] MeasureError),
    /// A worker failed outside any cell.
    #[error(transparent)]
    WorkerError(#[from] WorkerError),
    /// The simulator of caches is missing.
    #[error(transparent)]
    Valgrind(#[from] ValgrindError),
    /// There is no place for the architectures' files.
    #[error("cannot create a folder for temporary files")]
    NoTemporaryFolder(#[source] std::io::Error),
    /// The worker in the simulator lacks an engine.
    #[error("the worker in valgrind has no {engine}")]
    NoEngineInSimulator {
        /// Registry name of the engine.
        engine: String,
    },
    /// A final is to be held on another host, with other engines or of other experiments than its run.
    #[error(
        "`{}` has {cell}, which is not the same here: another host, another release of the engine or of \
         formbench, or an experiment that has changed; hold finals where and as their run was measured",
        run.display()
    )]
    OtherRun {
        /// Folder of the run.
        run: PathBuf,
        /// The architecture and engine that differ.
        cell: String,
    },
    /// A run of another host, other engines or other experiments is to be profiled.
    #[error(
        "no cell of `{}` is the same here: another host, other releases of the engines or of formbench, or \
         experiments that have changed; profile a run where and as it was measured",
        run.display()
    )]
    OtherCells {
        /// Folder of the run.
        run: PathBuf,
    },
    /// No architecture has the label.
    #[error(
        "unknown architecture `{label}`; known: {networks}; a pattern takes a depth and a width, as \
         `{patterns}-d8-w32`; a file ends with `.onnx`"
    )]
    UnknownArchitecture {
        /// What was asked for.
        label: String,
        /// The known networks.
        networks: String,
        /// The known patterns.
        patterns: String,
    },
    /// The file of an architecture cannot be read.
    #[error("`{}` cannot be read", path.display())]
    NoFile {
        /// Its path.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// No run says what operators take on this host.
    #[error(
        "no run on {host} says what operators take; `formbench profile RUN` adds that to a run's folder, and `--run` takes one of \
         another host"
    )]
    NoProfile {
        /// Name of the host.
        host: String,
    },
    /// There is no run.
    #[error("no run in `{}`; run `formbench run --profile quick`", data.display())]
    NoRun {
        /// Folder of the runs.
        data: PathBuf,
    },
}
