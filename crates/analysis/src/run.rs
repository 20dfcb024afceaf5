//! A run as it is analysed.

use std::path::Path;

use formbench_statistics::median_ns;
use formbench_store::StoreError;

use crate::DisturbedBlocks;

/// What the report knows of a block's latencies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockLatency {
    /// Their median, in nanoseconds.
    pub median_ns: f64,
    /// How many there are.
    pub samples: usize,
}

impl BlockLatency {
    /// Returns what is kept of latencies in nanoseconds.
    pub fn of(latencies_ns: &[u64]) -> Self {
        let median_ns = median_ns(latencies_ns).unwrap_or_default();
        Self { median_ns, samples: latencies_ns.len() }
    }
}

/// A run as the report reads it: each block by its median, disturbed ones without.
pub type Run = formbench_store::Run<BlockLatency>;

/// Returns the run in a folder, finished or not; disturbed blocks have rows but no latencies, so that no
/// number is made of them.
///
/// # Errors
/// Those of [`formbench_store::Run::read`].
pub fn read_run(folder: &Path) -> Result<Run, StoreError> {
    let mut run = Run::read_keeping(folder, |latencies_ns| BlockLatency::of(&latencies_ns))?;
    DisturbedBlocks::of(&run).leave_out(&mut run);
    Ok(run)
}
