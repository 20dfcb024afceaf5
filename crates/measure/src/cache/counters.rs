use formbench_protocol::BlockRequest;

use crate::worker::{Interrupt, Worker};
use crate::worker_error::WorkerError;
use crate::{RunCell, WorkerCommand};

/// Inferences that fill the caches, and inferences that are counted.
const WARM: u64 = 8;
const COUNTED: u64 = 32;

/// Why the processor's counters cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CountersError {
    /// The kernel does not give them.
    #[error("the kernel gives no counters of the last-level cache: {0}")]
    NotGiven(#[source] std::io::Error),
    /// The worker failed.
    #[error(transparent)]
    WorkerError(#[from] WorkerError),
}

/// What the processor counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Consecutive inferences that were counted.
    pub inferences: u64,
    /// Reads that reached the last-level cache.
    pub llc_references: u64,
    /// Of those, reads that missed it.
    pub llc_misses: u64,
}

/// Returns how warm inferences of a cell use this processor's last-level cache.
///
/// # Errors
/// The kernel does not give the counters, or the worker failed.
pub fn count(
    command: &WorkerCommand,
    cell: &RunCell,
    interrupt: &Interrupt,
) -> Result<Counted, CountersError> {
    let variables = cell.thread_variables();
    let mut worker = Worker::start(command, &variables, interrupt)?;
    // Threads inherit only counters that exist before they start: none has started yet.
    let mut counters = perf::LastLevelReads::of(worker.id()).map_err(CountersError::NotGiven)?;
    let limit_s = cell.budget.limit_s;
    worker.prepare(cell.cell.job(false), limit_s)?;
    worker.block(BlockRequest::exactly(WARM), limit_s)?;
    counters.start().map_err(CountersError::NotGiven)?;
    worker.block(BlockRequest::exactly(COUNTED), limit_s)?;
    let (llc_references, llc_misses) = counters.stop().map_err(CountersError::NotGiven)?;
    worker.end();
    Ok(Counted { inferences: COUNTED, llc_references, llc_misses })
}

/// Returns what a counter would have counted had it run as long as it was meant to: the kernel
/// lets counters take turns where the processor has too few. Nothing if it never ran.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "counters are Linux's"))]
fn scaled(count: u64, enabled_ns: u128, running_ns: u128) -> Option<u64> {
    let whole = (u128::from(count) * enabled_ns).checked_div(running_ns)?;
    u64::try_from(whole).ok()
}

#[cfg(target_os = "linux")]
mod perf {
    use std::io;

    use perf_event::events::{Cache, CacheId, CacheOp, CacheResult};
    use perf_event::{Builder, Counter};

    use super::scaled;

    /// Reads of the last-level cache by all threads of a process.
    pub(super) struct LastLevelReads {
        references: Counter,
        misses: Counter,
    }

    impl LastLevelReads {
        /// Returns counters that do not run yet.
        ///
        /// The kernel's generic cache events are not used: on some processors they count another
        /// level.
        pub(super) fn of(id: u32) -> io::Result<Self> {
            let counter = |result| {
                let event = Cache { which: CacheId::LL, operation: CacheOp::READ, result };
                let id = i32::try_from(id).map_err(io::Error::other)?;
                Builder::new(event).observe_pid(id).any_cpu().inherit(true).build()
            };
            let references = counter(CacheResult::ACCESS)?;
            Ok(Self { references, misses: counter(CacheResult::MISS)? })
        }

        pub(super) fn start(&mut self) -> io::Result<()> {
            self.references.enable()?;
            self.misses.enable()
        }

        /// Returns references and misses since the start.
        pub(super) fn stop(&mut self) -> io::Result<(u64, u64)> {
            self.misses.disable()?;
            self.references.disable()?;
            Ok((read(&mut self.references)?, read(&mut self.misses)?))
        }
    }

    fn read(counter: &mut Counter) -> io::Result<u64> {
        let data = counter.read_full()?;
        let ns = |time: Option<std::time::Duration>| time.unwrap_or_default().as_nanos();
        let (enabled, running) = (ns(data.time_enabled()), ns(data.time_running()));
        let never = || io::Error::other("a counter never ran: another program holds it");
        scaled(data.count(), enabled, running).ok_or_else(never)
    }
}

#[cfg(not(target_os = "linux"))]
mod perf {
    use std::io;

    /// No such counters here.
    pub(super) struct LastLevelReads;

    impl LastLevelReads {
        pub(super) fn of(_id: u32) -> io::Result<Self> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(super) fn start(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(super) fn stop(&mut self) -> io::Result<(u64, u64)> {
            Err(io::ErrorKind::Unsupported.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_that_ran_half_the_time_counts_twice() {
        assert_eq!(scaled(500, 2_000, 1_000), Some(1_000));
        assert_eq!(scaled(500, 1_000, 1_000), Some(500));
        assert_eq!(scaled(u64::MAX / 2, 3_000_000_000, 3_000_000_000), Some(u64::MAX / 2));
    }

    #[test]
    fn a_counter_that_never_ran_counts_nothing() {
        assert_eq!(scaled(0, 1_000, 0), None);
    }
}
