use std::time::{Duration, Instant};

use formbench_measure::AllowedProcessors;
use formbench_measure::host::{
    Host, HostCounters, SpeedProbe, frequency_khz, governor, has_siblings, load_1m,
};
use formbench_statistics::{QuietLevel, Speed, median_ns};

use super::work::{Work, WorkUnit};
use super::{Observed, Spread};

/// Share of the time that two threads together get; the loop on one thread gets the rest.
const PAIR_SHARE: f64 = 0.1;
/// Share of the time in which the probe of a run is taken; the loop on one thread gets the rest.
const PROBE_SHARE: f64 = 0.2;
/// From one reading of the probe to the next: about what a burst takes.
const PROBE_EVERY: Duration = Duration::from_millis(16);
/// Turns of one thread and of two, by which drift cancels out.
const PAIR_TURNS: u32 = 4;
/// How long a window of the drift is; a short look has shorter ones.
const WINDOW: Duration = Duration::from_secs(5);
/// Windows that a short look has at least.
const LEAST_WINDOWS: u32 = 8;

/// Returns what is seen of this host in so long, most of which one thread is busy. `earlier_memory_ns` is the
/// quiet level that runs on this host have shown.
pub fn watch(duration: Duration, earlier_memory_ns: Option<f64>) -> Observed {
    let logical_cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let has_pair = logical_cores > 1;
    let pair = if has_pair { duration.mul_f64(PAIR_SHARE) } else { Duration::ZERO };
    let probed = duration.mul_f64(PROBE_SHARE);
    let alone = duration - pair - probed;
    let window = WINDOW.min(alone / LEAST_WINDOWS);
    let load_before = load_1m();
    let work = Work::of_a_millisecond();
    let before = HostCounters::now();
    let (units, clock_khz) = loop_on_one_thread(work, alone, window);
    // Two threads of our own may wait for a processor: that is theirs and not the host's.
    let change = HostCounters::now().since(&before);
    Observed {
        seconds: duration.as_secs_f64(),
        window_s: window.as_secs_f64(),
        logical_cores: u32::try_from(logical_cores).unwrap_or(u32::MAX),
        has_siblings: has_siblings(),
        governor: governor(),
        load_before,
        change,
        clock_khz,
        work: Spread::of(&units, u64::try_from(window.as_nanos()).unwrap_or(u64::MAX)),
        slowed_by_second_thread: if has_pair { slowed_by_second_thread(work, pair) } else { None },
        contended: contended(probed, earlier_memory_ns),
    }
}

/// Returns the share of readings of the probe that are not quiet; nothing of too few without a known level.
fn contended(duration: Duration, earlier_memory_ns: Option<f64>) -> Option<f64> {
    let processors = AllowedProcessors::here().map(|allowed| allowed.all());
    let mut probe = SpeedProbe::new(Host::here().l3_bytes);
    let start = Instant::now();
    let mut readings: Vec<Speed> = Vec::new();
    while start.elapsed() < duration {
        readings.push(probe.read(processors.as_ref()));
        std::thread::sleep(PROBE_EVERY);
    }
    let level = QuietLevel::of(&readings, earlier_memory_ns)?;
    let quiet = readings.iter().filter(|&&speed| level.conditions([speed; 2]).is_quiet()).count();
    Some(1.0 - quiet as f64 / readings.len().max(1) as f64)
}

/// Returns the units of the loop, and the lowest and highest clock that was seen once a window.
fn loop_on_one_thread(
    work: Work,
    duration: Duration,
    window: Duration,
) -> (Vec<WorkUnit>, Option<[u64; 2]>) {
    let (mut clocks_khz, mut next_look) = (Vec::new(), Duration::ZERO);
    let units = work.repeat(duration, |unit| {
        if Duration::from_nanos(unit.end_ns) >= next_look {
            next_look += window;
            clocks_khz.extend(frequency_khz());
        }
    });
    let clock_khz = clocks_khz.iter().min().zip(clocks_khz.iter().max());
    (units, clock_khz.map(|(&low, &high)| [low, high]))
}

/// Returns by how much work takes longer while a second thread does the same.
fn slowed_by_second_thread(work: Work, duration: Duration) -> Option<f64> {
    let turn = duration / (2 * PAIR_TURNS);
    let (mut alone_ns, mut together_ns) = (Vec::new(), Vec::new());
    for _ in 0..PAIR_TURNS {
        alone_ns.extend(work.repeat(turn, |_| ()).iter().map(|unit| unit.ns));
        together_ns.extend(work.repeat_on_two_threads(turn).iter().map(|unit| unit.ns));
    }
    // A second thread makes nothing faster: what looks so is noise.
    Some((median_ns(&together_ns)? / median_ns(&alone_ns)? - 1.0).max(0.0))
}
