//! Which processors a process may run on: those of a turn are the same for everyone who takes it.

use std::collections::BTreeMap;
use std::fmt;

/// The logical processors that this command may use, by the core that they belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedProcessors {
    cores: Vec<Vec<usize>>,
}

/// Some logical processors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessorSet {
    /// In ascending order.
    processors: Vec<usize>,
}

impl AllowedProcessors {
    /// Returns the processors that this thread may run on; nothing where the system does not tell.
    pub fn here() -> Option<Self> {
        let allowed = system::allowed()?;
        let mut cores = BTreeMap::<(String, String), Vec<usize>>::new();
        for processor in allowed {
            cores.entry(core(processor)?).or_default().push(processor);
        }
        Some(Self { cores: cores.into_values().collect() })
    }

    /// Returns all of them.
    pub fn all(&self) -> ProcessorSet {
        let mut processors: Vec<usize> = self.cores.iter().flatten().copied().collect();
        processors.sort_unstable();
        ProcessorSet { processors }
    }

    /// Returns as many processors as threads, another set each round: one of each core first, so that no
    /// two threads share a core before every core has one. All of them where there are no more.
    pub fn choose(&self, threads: u32, round: u32) -> ProcessorSet {
        let first = (round as usize).wrapping_mul(threads as usize) % self.cores.len().max(1);
        let most = self.cores.iter().map(Vec::len).max().unwrap_or(0);
        let in_turn = (0..most).flat_map(|sibling| {
            let cores = (0..self.cores.len()).map(move |at| (first + at) % self.cores.len());
            cores.filter_map(move |core| self.cores[core].get(sibling).copied())
        });
        let mut processors: Vec<usize> = in_turn.take(threads.max(1) as usize).collect();
        processors.sort_unstable();
        ProcessorSet { processors }
    }
}

impl ProcessorSet {
    /// Returns the set of one logical processor.
    pub fn one(processor: usize) -> Self {
        Self { processors: vec![processor] }
    }

    /// Returns one of the processors; equal remainders give the same.
    pub(super) fn only(&self, number: usize) -> Self {
        let one = self.processors.iter().skip(number % self.processors.len().max(1)).take(1);
        Self { processors: one.copied().collect() }
    }

    /// Does something on a thread that these processors alone run, so that a process which it starts
    /// inherits them; without a set, on any. Where the system refuses the set, on any too.
    pub fn within<T>(set: Option<&Self>, run: impl FnOnce() -> T) -> T {
        let before = set.and_then(|_| system::allowed());
        let is_set = set.is_some_and(|set| system::allow(&set.processors));
        let outcome = run();
        if let Some(before) = before.filter(|_| is_set) {
            system::allow(&before);
        }
        outcome
    }
}

impl fmt::Display for ProcessorSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.processors.iter().map(usize::to_string).collect();
        f.write_str(&texts.join(","))
    }
}

/// Returns the package and the core that a logical processor belongs to.
fn core(processor: usize) -> Option<(String, String)> {
    let folder = format!("/sys/devices/system/cpu/cpu{processor}/topology");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).ok();
    let trimmed = |text: String| text.trim().to_owned();
    Some((read("physical_package_id").map(trimmed)?, read("core_id").map(trimmed)?))
}

#[cfg(target_os = "linux")]
mod system {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    /// Returns the processors that this thread may run on.
    pub(super) fn allowed() -> Option<Vec<usize>> {
        let set = sched_getaffinity(None).ok()?;
        let allowed: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|&one| set.is_set(one)).collect();
        Some(allowed).filter(|allowed| !allowed.is_empty())
    }

    /// Lets this thread run on these processors alone, and returns whether that was possible.
    pub(super) fn allow(processors: &[usize]) -> bool {
        let mut set = CpuSet::new();
        processors.iter().for_each(|&processor| set.set(processor));
        sched_setaffinity(None, &set).is_ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    pub(super) fn allowed() -> Option<Vec<usize>> {
        None
    }

    pub(super) fn allow(_processors: &[usize]) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_core_has_a_thread_before_one_has_two_and_rounds_move_on() {
        // Two cores, each with two logical processors.
        let allowed = AllowedProcessors { cores: vec![vec![0, 2], vec![1, 3]] };
        let chosen = |threads, round| allowed.choose(threads, round).to_string();
        assert_eq!([0, 1, 2].map(|round| chosen(1, round)), ["0", "1", "0"]);
        assert_eq!((chosen(2, 0), chosen(2, 1)), ("0,1".to_owned(), "0,1".to_owned()));
        assert_eq!(chosen(3, 0), "0,1,2");
        assert_eq!(chosen(3, 1), "0,1,3");
        assert_eq!(chosen(9, 0), "0,1,2,3");
        assert_eq!(allowed.all().to_string(), "0,1,2,3");
    }

    /// What an engine does that starts more threads than it was asked for.
    #[cfg(target_os = "linux")]
    #[test]
    fn two_threads_on_one_processor_are_seen_to_wait_for_it() {
        use std::time::{Duration, Instant};

        let Some(allowed) = AllowedProcessors::here() else { return };
        let busy_for = Duration::from_millis(200);
        let spin = || {
            let start = Instant::now();
            while start.elapsed() < busy_for {}
        };
        // Both threads are there when the probe ends: one that has ended takes its counters with it.
        let probe = crate::HostProbe::start(std::process::id());
        let waited_ns = ProcessorSet::within(Some(&allowed.choose(1, 0)), || {
            std::thread::scope(|scope| {
                scope.spawn(spin);
                spin();
                probe.end().run_queue_ns
            })
        });
        // Each has the processor for half of the time; a tenth is what the rule allows.
        assert!(waited_ns.is_some_and(|ns| ns > 20_000_000), "{waited_ns:?}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_runs_within_a_set_has_it_and_what_comes_after_does_not() {
        let before = system::allowed().unwrap();
        let Some(allowed) = AllowedProcessors::here() else { return };
        let one = allowed.choose(1, 0);
        let within = ProcessorSet::within(Some(&one), system::allowed).unwrap();
        assert_eq!(within, one.processors);
        assert_eq!(system::allowed().unwrap(), before);
    }
}
