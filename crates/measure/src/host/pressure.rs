//! Pressure stall information: how long some thread of the host waited for what it needed.

/// Time since the system started in which at least one thread waited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pressure {
    pub(super) cpu_ns: Option<u64>,
    pub(super) memory_ns: Option<u64>,
    pub(super) io_ns: Option<u64>,
}

impl Pressure {
    #[cfg(target_os = "linux")]
    pub(super) fn now() -> Self {
        use procfs::{CpuPressure, Current, IoPressure, MemoryPressure};
        // The kernel's totals are in microseconds.
        let ns = |total_us: u64| total_us.checked_mul(1000);
        Self {
            cpu_ns: CpuPressure::current().ok().and_then(|of| ns(of.some.total)),
            memory_ns: MemoryPressure::current().ok().and_then(|of| ns(of.some.total)),
            io_ns: IoPressure::current().ok().and_then(|of| ns(of.some.total)),
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn now() -> Self {
        Self::default()
    }
}
