//! What the kernel counts of everything that runs on this host, between two moments.

use std::time::Instant;

use super::pressure::Pressure;
use super::process;
use super::processors::Processors;

/// The kernel's counters at one moment; what it does not show is absent.
#[derive(Clone, Copy, Debug)]
pub struct HostCounters {
    at: Instant,
    processors: Processors,
    /// Processor time that this process has used.
    own_ns: Option<u64>,
    pressure: Pressure,
}

/// What happened between two moments; shares are of 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Change {
    /// Share of the processors' time that the hypervisor gave to somebody else.
    pub steal: Option<f64>,
    /// Processors that other programs kept busy.
    pub others_cores: Option<f64>,
    /// Share of the time in which something waited for a processor, for memory, for a disk.
    pub stalled: [Option<f64>; 3],
}

impl HostCounters {
    /// Returns the counters now.
    pub fn now() -> Self {
        Self {
            at: Instant::now(),
            processors: Processors::now(),
            own_ns: process::own_processor_ns(),
            pressure: Pressure::now(),
        }
    }

    /// Returns what happened since an earlier moment.
    pub fn since(&self, earlier: &Self) -> Change {
        let elapsed_ns = self.at.duration_since(earlier.at).as_nanos() as f64;
        let grown =
            |of: fn(&Self) -> Option<u64>| Some(of(self)?.saturating_sub(of(earlier)?) as f64);
        let share = |part: Option<f64>, whole: Option<f64>| {
            let (part, whole) = part.zip(whole)?;
            (whole > 0.0).then(|| part / whole)
        };
        let own_ns = grown(|now| now.own_ns);
        let busy_ns = grown(|now| now.processors.busy_ns);
        let others_ns = busy_ns.zip(own_ns).map(|(busy, own)| (busy - own).max(0.0));
        let stalled: [fn(&Self) -> Option<u64>; 3] =
            [|now| now.pressure.cpu_ns, |now| now.pressure.memory_ns, |now| now.pressure.io_ns];
        Change {
            steal: share(grown(|now| now.processors.steal_ns), grown(|now| now.processors.all_ns)),
            others_cores: share(others_ns, Some(elapsed_ns)),
            stalled: stalled.map(|of| share(grown(of), Some(elapsed_ns))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const S: u64 = 1_000_000_000;

    #[test]
    fn a_change_leaves_this_process_out() {
        let then = HostCounters {
            at: Instant::now(),
            processors: Processors { busy_ns: Some(0), steal_ns: Some(0), all_ns: Some(0) },
            own_ns: Some(S / 20),
            pressure: Pressure { cpu_ns: Some(0), memory_ns: None, io_ns: Some(10) },
        };
        let now = HostCounters {
            at: then.at + Duration::from_secs(10),
            processors: Processors {
                busy_ns: Some(15 * S),
                steal_ns: Some(S / 5),
                all_ns: Some(20 * S),
            },
            own_ns: Some(10 * S + S / 20),
            pressure: Pressure { cpu_ns: Some(S), memory_ns: None, io_ns: Some(10) },
        };
        let change = now.since(&then);
        // 0.2 of 20 s; 15 s of work in 10 s less our own 10 s are half a processor; 1 s of 10.
        assert_eq!(change.steal, Some(0.01));
        assert_eq!(change.others_cores, Some(0.5));
        assert_eq!(change.stalled, [Some(0.1), None, Some(0.0)]);
    }
}
