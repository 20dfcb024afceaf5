//! Time of all processors of this host, and who waits for them.

/// Nanoseconds of one tick of `/proc/stat`: hundredths of a second in the kernel's interface,
/// whatever its own clock is.
pub(super) const TICK_NS: u64 = 10_000_000;

/// Time of all processors since the system started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Processors {
    /// Time at work, neither idle nor stolen.
    pub(super) busy_ns: Option<u64>,
    /// Time that the hypervisor gave to somebody else.
    pub(super) steal_ns: Option<u64>,
    /// All time: at work, idle, waiting for a disk, stolen.
    pub(super) all_ns: Option<u64>,
}

#[cfg(target_os = "linux")]
impl Processors {
    pub(super) fn now() -> Self {
        use procfs::{CurrentSI, KernelStats};
        KernelStats::current().map_or_else(|_| Self::default(), |stats| Self::of(&stats.total))
    }

    /// Returns the sums of a line; what guests had is in the time of users already.
    fn of(total: &procfs::CpuTime) -> Self {
        let busy = total.user
            + total.nice
            + total.system
            + total.irq.unwrap_or_default()
            + total.softirq.unwrap_or_default();
        let steal = total.steal.unwrap_or_default();
        let all = busy + steal + total.idle + total.iowait.unwrap_or_default();
        let ns = |ticks: u64| ticks.checked_mul(TICK_NS);
        Self { busy_ns: ns(busy), steal_ns: total.steal.and_then(ns), all_ns: ns(all) }
    }
}

#[cfg(not(target_os = "linux"))]
impl Processors {
    pub(super) fn now() -> Self {
        Self::default()
    }
}

/// Returns the mean number of running or waiting threads over the last minute.
#[cfg(target_os = "linux")]
pub fn load_1m() -> Option<f64> {
    use procfs::{Current, LoadAverage};
    // The kernel prints two decimals, which a number of 32 bits does not hold exactly.
    Some((f64::from(LoadAverage::current().ok()?.one) * 100.0).round() / 100.0)
}

/// Returns nothing: this system does not show its load.
#[cfg(not(target_os = "linux"))]
pub fn load_1m() -> Option<f64> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use procfs::{FromReadSI, KernelStats};

    use super::*;

    fn processors(line: &str) -> Processors {
        let text = format!("{line}\nintr 1\nctxt 1\nbtime 1\nprocesses 1\n");
        let stats = KernelStats::from_read(text.as_bytes(), procfs::current_system_info());
        Processors::of(&stats.unwrap().total)
    }

    #[test]
    fn time_of_all_processors_is_the_sum_that_is_neither_idle_nor_stolen() {
        // 271 + 70 + 24 + 1 + 3 ticks of 10 ms; 11 stolen; the guest's 5 are in the 271.
        let expected = Processors {
            busy_ns: Some(3_690_000_000),
            steal_ns: Some(110_000_000),
            // 2209 idle and 2 waiting for a disk on top.
            all_ns: Some(25_910_000_000),
        };
        assert_eq!(processors("cpu  271 70 24 2209 2 1 3 11 5 0"), expected);
    }

    #[test]
    fn a_kernel_without_steal_says_what_it_has() {
        let seen = processors("cpu 1 1 1 9 9 1 1");
        assert_eq!((seen.busy_ns, seen.steal_ns), (Some(50_000_000), None));
    }

    #[test]
    fn ticks_are_hundredths_of_a_second() {
        assert_eq!(procfs::current_system_info().ticks_per_second(), 1_000_000_000 / TICK_NS);
    }

    #[test]
    fn this_system_has_a_load() {
        assert!(load_1m().is_some_and(|load| load >= 0.0));
    }
}
