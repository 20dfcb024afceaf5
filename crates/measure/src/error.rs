use crate::record::RecordError;
use crate::worker_error::WorkerError;

/// Why a run ends before its cells do.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// What was measured could not be kept.
    #[error("cannot keep what was measured")]
    NotKept(#[source] RecordError),
    /// Workers do not start.
    #[error("no cell can be measured; run the same command again once the worker is there")]
    NoWorker(#[source] WorkerError),
}
