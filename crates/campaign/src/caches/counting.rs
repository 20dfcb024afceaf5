use std::sync::atomic::AtomicBool;

use formbench_measure::cache::{CountersError, count};
use formbench_store::CacheRow;

use super::CacheRequest;
use crate::{Notice, Planned, rows};

/// Returns what this processor counts for each cell that is asked about; none where the kernel
/// gives no counters.
pub fn counted(planned: &Planned, asked: &CacheRequest<'_>, notice: Notice<'_>) -> Vec<CacheRow> {
    if !planned.host.counters {
        return Vec::new();
    }
    let mut counted = Vec::new();
    let never = AtomicBool::new(false);
    for asked in &asked.cells {
        match count(&planned.worker, asked.cell, &never) {
            Ok(counts) => counted.push(rows::counters(asked, &planned.host, &counts)),
            Err(error @ CountersError::NotGiven(_)) => {
                notice(&format!("caches are not counted: {error}"));
                break;
            }
            Err(error @ CountersError::WorkerError(_)) => {
                let architecture = &asked.cell.cell.architecture;
                notice(&format!("caches of {architecture} are not counted: {error}"));
            }
        }
    }
    counted
}
