//! Page faults of a process, and how its threads fared with the scheduler.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::grown;

/// Fields of `/proc/<pid>/stat` behind the name: the state is the first, minor faults are the
/// eighth, major ones the tenth.
const MINOR_FAULTS: usize = 7;
const MAJOR_FAULTS: usize = 9;

/// A process at one moment.
#[derive(Debug, Default)]
pub(super) struct Process {
    pub(super) minor_faults: Option<u64>,
    pub(super) major_faults: Option<u64>,
    /// By thread: one that ends takes its counters with it.
    threads: BTreeMap<u32, Scheduled>,
}

/// What the scheduler did with a thread, or with all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scheduled {
    pub(super) run_queue_ns: Option<u64>,
    pub(super) voluntary_switches: Option<u64>,
    pub(super) involuntary_switches: Option<u64>,
}

impl Process {
    pub(super) fn now(pid: u32) -> Self {
        let folder = format!("/proc/{pid}");
        let folder = Path::new(&folder);
        let stat = fs::read_to_string(folder.join("stat")).unwrap_or_default();
        let tasks = fs::read_dir(folder.join("task")).into_iter().flatten().flatten();
        let thread = |task: fs::DirEntry| {
            let id = task.file_name().to_str()?.parse().ok()?;
            let read = |name| fs::read_to_string(task.path().join(name)).unwrap_or_default();
            Some((id, scheduled(&read("status"), &read("schedstat"))))
        };
        Self {
            minor_faults: field(&stat, MINOR_FAULTS),
            major_faults: field(&stat, MAJOR_FAULTS),
            threads: tasks.filter_map(thread).collect(),
        }
    }

    /// Returns what the scheduler did with the threads since: all that are there now; a new one
    /// started from nothing.
    pub(super) fn until(&self, after: &Self) -> Scheduled {
        let zero = || {
            let (run_queue_ns, switches) = (Some(0), Some(0));
            Scheduled { run_queue_ns, voluntary_switches: switches, involuntary_switches: switches }
        };
        let sum = |counter: fn(&Scheduled) -> Option<u64>| {
            let of_thread = |(id, now): (&u32, &Scheduled)| {
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

/// Returns a field behind the name, which may hold blanks and brackets itself.
fn field(stat: &str, at: usize) -> Option<u64> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(at)?.parse().ok()
}

/// Returns a thread's counters; its `schedstat` is time on a processor, time waiting for one and
/// times that it got one.
fn scheduled(status: &str, schedstat: &str) -> Scheduled {
    let counter = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_start_matches(':').trim().parse().ok()
    };
    Scheduled {
        run_queue_ns: schedstat.split_whitespace().nth(1).and_then(|ns| ns.parse().ok()),
        voluntary_switches: counter("voluntary_ctxt_switches"),
        involuntary_switches: counter("nonvoluntary_ctxt_switches"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &str = "Name:\tworker\nThreads:\t2\nvoluntary_ctxt_switches:\t17\n\
                          nonvoluntary_ctxt_switches:\t5\n";

    #[test]
    fn faults_are_read_behind_a_name_with_brackets() {
        let stat = "26517 (a) b) R 26507 26507 11562 0 -1 4194304 98 0 3 0 0 0 0 0 20 0 1 0 12";
        assert_eq!((field(stat, MINOR_FAULTS), field(stat, MAJOR_FAULTS)), (Some(98), Some(3)));
        assert_eq!(field("", MINOR_FAULTS), None);
    }

    #[test]
    fn a_thread_is_read_from_two_files_of_which_one_may_be_missing() {
        let expected = Scheduled {
            run_queue_ns: Some(2_923_192),
            voluntary_switches: Some(17),
            involuntary_switches: Some(5),
        };
        assert_eq!(scheduled(STATUS, "9 2923192 1\n"), expected);
        assert_eq!(scheduled(STATUS, ""), Scheduled { run_queue_ns: None, ..expected });
    }

    #[test]
    fn threads_that_ended_are_left_out_and_new_ones_count_from_nothing() {
        let thread = |run_queue_ns: u64, switches: u64| Scheduled {
            run_queue_ns: Some(run_queue_ns),
            voluntary_switches: Some(switches),
            involuntary_switches: None,
        };
        let process = |threads: &[(u32, Scheduled)]| Process {
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
