//! What the host and the worker went through during a block, read from outside, before its first burst and after
//! its last.
//!
//! Nothing of this is inside the timed span: the worker waits while the conductor looks. What the host does includes
//! the turns of other cells; what the worker does does not, since it is stopped meanwhile.

use super::pressure::Pressure;
use super::process::{Process, grown};
use super::processors::{self, Processors};
use super::quota::throttled_ns;
use super::sensors;

/// What was seen of a block from outside; nothing where the system does not report it.
///
/// # Units
/// Each name ends in its unit; numbers without one are counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BlockEnvironment {
    /// Time of this host's processors that the hypervisor gave to others.
    pub steal_ns: Option<u64>,
    /// Processor time of everything on this host.
    pub host_busy_ns: Option<u64>,
    /// Mean number of running or waiting threads over the minute before the block.
    pub load_1m: Option<f64>,
    /// Time in which a thread of this host waited for a processor.
    pub psi_cpu_ns: Option<u64>,
    /// Time in which a thread of this host waited for memory.
    pub psi_memory_ns: Option<u64>,
    /// Time in which a thread of this host waited for a disk.
    pub psi_io_ns: Option<u64>,
    /// Time that the worker's threads were ready and waited for a processor, all together.
    pub run_queue_ns: Option<u64>,
    /// Times that a thread of the worker gave its processor up.
    pub voluntary_switches: Option<u64>,
    /// Times that a thread of the worker lost its processor.
    pub involuntary_switches: Option<u64>,
    /// Page faults of the worker that needed no disk.
    pub minor_faults: Option<u64>,
    /// Page faults of the worker that needed a disk.
    pub major_faults: Option<u64>,
    /// Clock of the fastest processor before the block.
    pub frequency_before_khz: Option<u64>,
    /// Clock of the fastest processor after the block.
    pub frequency_after_khz: Option<u64>,
    /// Temperature of the hottest zone after the block.
    pub temperature_millicelsius: Option<u64>,
    /// Times that a processor or its package was throttled for its heat.
    pub throttles: Option<u64>,
    /// Time that this command's control group was stopped because its quota was spent, on all processors
    /// together.
    pub quota_throttled_ns: Option<u64>,
}

/// Reads the counters of a host and of one of its processes.
pub struct HostProbe;

/// What a probe saw before a block.
pub struct ProbeStart {
    pid: u32,
    seen: Seen,
    load_1m: Option<f64>,
}

/// What the host and the process did, and the clock, at one moment.
struct Seen {
    host: Processors,
    pressure: Pressure,
    process: Process,
    frequency_khz: Option<u64>,
    throttles: Option<u64>,
    quota_throttled_ns: Option<u64>,
}

impl HostProbe {
    /// Returns the state of the host and the process before a block.
    pub fn start(pid: u32) -> ProbeStart {
        ProbeStart { pid, load_1m: processors::load_1m(), seen: Seen::now(pid) }
    }
}

impl Seen {
    fn now(pid: u32) -> Self {
        Self {
            host: Processors::now(),
            pressure: Pressure::now(),
            process: Process::now(pid),
            frequency_khz: sensors::frequency_khz(),
            throttles: sensors::throttles(),
            quota_throttled_ns: throttled_ns(),
        }
    }
}

impl ProbeStart {
    /// Returns what changed since.
    pub fn end(self) -> BlockEnvironment {
        let Self { pid, seen: before, load_1m } = self;
        let after = Seen::now(pid);
        let process = before.process.until(&after.process);
        BlockEnvironment {
            steal_ns: grown(before.host.steal_ns, after.host.steal_ns),
            host_busy_ns: grown(before.host.busy_ns, after.host.busy_ns),
            load_1m,
            psi_cpu_ns: grown(before.pressure.cpu_ns, after.pressure.cpu_ns),
            psi_memory_ns: grown(before.pressure.memory_ns, after.pressure.memory_ns),
            psi_io_ns: grown(before.pressure.io_ns, after.pressure.io_ns),
            run_queue_ns: process.run_queue_ns,
            voluntary_switches: process.voluntary_switches,
            involuntary_switches: process.involuntary_switches,
            minor_faults: grown(before.process.minor_faults, after.process.minor_faults),
            major_faults: grown(before.process.major_faults, after.process.major_faults),
            frequency_before_khz: before.frequency_khz,
            frequency_after_khz: after.frequency_khz,
            temperature_millicelsius: sensors::temperature_millicelsius(),
            throttles: grown(before.throttles, after.throttles),
            quota_throttled_ns: grown(before.quota_throttled_ns, after.quota_throttled_ns),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_that_vanished_or_was_set_back_says_nothing() {
        assert_eq!(grown(Some(3), Some(10)), Some(7));
        assert_eq!(grown(Some(3), None), None);
        assert_eq!(grown(None, Some(3)), None);
        assert_eq!(grown(Some(10), Some(3)), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_seen_to_give_its_processor_up_and_to_fault() {
        let before = HostProbe::start(std::process::id());
        std::thread::sleep(std::time::Duration::from_millis(1));
        // Fresh pages: 64 of 4 KiB, each written, fault at least once unless they are huge.
        std::hint::black_box(vec![1_u8; 1 << 18]);
        let environment = before.end();
        assert!(environment.voluntary_switches.unwrap() >= 1, "{environment:?}");
        assert!(environment.minor_faults.unwrap() >= 1, "{environment:?}");
    }

    #[test]
    fn a_process_that_is_not_there_is_no_reason_to_stop() {
        let environment = HostProbe::start(u32::MAX).end();
        assert_eq!((environment.minor_faults, environment.voluntary_switches), (None, None));
    }
}
