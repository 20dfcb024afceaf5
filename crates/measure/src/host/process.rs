//! Page faults of a process, and how its threads fared with the scheduler.

use std::collections::BTreeMap;

/// A process at one moment.
#[derive(Debug, Default)]
pub(super) struct Process {
    pub(super) minor_faults: Option<u64>,
    pub(super) major_faults: Option<u64>,
    /// By thread: one that ends takes its counters with it.
    threads: BTreeMap<i32, Scheduled>,
}

/// What the scheduler did with a thread, or with all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scheduled {
    pub(super) run_queue_ns: Option<u64>,
    pub(super) voluntary_switches: Option<u64>,
    pub(super) involuntary_switches: Option<u64>,
}

impl Process {
    #[cfg(target_os = "linux")]
    pub(super) fn now(pid: u32) -> Self {
        let process =
            i32::try_from(pid).ok().and_then(|pid| procfs::process::Process::new(pid).ok());
        let Some(process) = process else { return Self::default() };
        let stat = process.stat().ok();
        let tasks = process.tasks().into_iter().flatten().flatten();
        Self {
            minor_faults: stat.as_ref().map(|stat| stat.minflt),
            major_faults: stat.as_ref().map(|stat| stat.majflt),
            threads: tasks.map(|task| (task.tid, Scheduled::of(&task))).collect(),
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn now(_pid: u32) -> Self {
        Self::default()
    }

    /// Returns what the scheduler did with the threads since: all that are there now; a new one
    /// started from nothing.
    pub(super) fn until(&self, after: &Self) -> Scheduled {
        let zero = || {
            let (run_queue_ns, switches) = (Some(0), Some(0));
            Scheduled { run_queue_ns, voluntary_switches: switches, involuntary_switches: switches }
        };
        let sum = |counter: fn(&Scheduled) -> Option<u64>| {
            let of_thread = |(id, now): (&i32, &Scheduled)| {
                let before = self.threads.get(id).copied().unwrap_or_else(zero);
                grown(counter(&before), counter(now))
            };
            let sum = after.threads.iter().map(of_thread).sum::<Option<u64>>();
            sum.filter(|_| !after.threads.is_empty())
        };
        Scheduled {
            run_queue_ns: sum(|thread| thread.run_queue_ns),
            voluntary_switches: sum(|thread| thread.voluntary_switches),
            involuntary_switches: sum(|thread| thread.involuntary_switches),
        }
    }
}

#[cfg(target_os = "linux")]
impl Scheduled {
    /// Returns the counters of a thread, each from its own file: the kernel may show one and not the other.
    fn of(task: &procfs::process::Task) -> Self {
        let status = task.status().ok();
        Self {
            run_queue_ns: task.schedstat().ok().map(|schedstat| schedstat.run_delay),
            voluntary_switches: status.as_ref().and_then(|one| one.voluntary_ctxt_switches),
            involuntary_switches: status.as_ref().and_then(|one| one.nonvoluntary_ctxt_switches),
        }
    }
}

/// Returns the processor time that this process has used, its ended threads included.
#[cfg(target_os = "linux")]
pub(super) fn own_processor_ns() -> Option<u64> {
    let stat = procfs::process::Process::myself().ok()?.stat().ok()?;
    (stat.utime + stat.stime).checked_mul(super::processors::TICK_NS)
}

/// Returns nothing: this system does not show it.
#[cfg(not(target_os = "linux"))]
pub(super) fn own_processor_ns() -> Option<u64> {
    None
}

/// Returns how far a counter has grown; nothing if it was not there both times, or was set back.
pub(super) fn grown(before: Option<u64>, after: Option<u64>) -> Option<u64> {
    after?.checked_sub(before?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_threads_that_were_scheduled() {
        let process = Process::now(std::process::id());
        assert!(process.minor_faults.is_some_and(|faults| faults > 0), "{process:?}");
        assert!(process.threads.values().all(|thread| thread.voluntary_switches.is_some()));
        assert!(!process.threads.is_empty());
        assert!(own_processor_ns().is_some());
    }

    #[test]
    fn threads_that_ended_are_left_out_and_new_ones_count_from_nothing() {
        let thread = |run_queue_ns: u64, switches: u64| Scheduled {
            run_queue_ns: Some(run_queue_ns),
            voluntary_switches: Some(switches),
            involuntary_switches: None,
        };
        let process = |threads: &[(i32, Scheduled)]| Process {
            threads: threads.iter().copied().collect(),
            ..Process::default()
        };
        let before = process(&[(1, thread(10, 1)), (2, thread(500, 50))]);
        let after = process(&[(1, thread(15, 4)), (3, thread(7, 2))]);
        // Thread 1 waited 5 ns and switched 3 times, thread 3 is new; thread 2 is gone.
        let expected = Scheduled {
            run_queue_ns: Some(12),
            voluntary_switches: Some(5),
            involuntary_switches: None,
        };
        assert_eq!(before.until(&after), expected);
        assert_eq!(before.until(&process(&[])), Scheduled::default());
    }
}
