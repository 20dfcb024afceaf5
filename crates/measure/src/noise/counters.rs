//! What the kernel counts of everything that runs here.

use std::fs;
use std::time::Instant;

/// Columns of `/proc/stat` that are no time at work: idle, and waiting for a disk.
const IDLE: [usize; 2] = [3, 4];
/// The column of time that the hypervisor gave to somebody else.
const STEAL: usize = 7;
/// Columns that add up to all time; those behind them are part of the first two.
const COLUMNS: usize = 8;
/// Ticks of `/proc/stat` in a second, on every architecture that Linux shows to programs.
const TICKS_PER_S: f64 = 100.0;

/// The kernel's counters at one moment; what it does not say is absent.
#[derive(Clone, Copy, Debug)]
pub struct Counters {
    at: Instant,
    ticks: Option<Ticks>,
    /// Ticks that this process has used.
    own_ticks: Option<u64>,
    /// Microseconds in which something waited for a processor, for memory, for a disk.
    stalled_us: [Option<u64>; 3],
}

/// Ticks of all processors together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ticks {
    all: u64,
    busy: u64,
    steal: u64,
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

impl Counters {
    /// Returns the counters now.
    pub fn now() -> Self {
        let read = |path: &str| fs::read_to_string(path).ok();
        let pressure = |of: &str| stalled_us(&read(&format!("/proc/pressure/{of}"))?);
        Self {
            at: Instant::now(),
            ticks: read("/proc/stat").and_then(|text| Ticks::read(&text)),
            own_ticks: read("/proc/self/stat").and_then(|text| own_ticks(&text)),
            stalled_us: ["cpu", "memory", "io"].map(pressure),
        }
    }

    /// Returns what happened since an earlier moment.
    pub fn since(&self, earlier: &Self) -> Change {
        let s = self.at.duration_since(earlier.at).as_secs_f64();
        let ticks = self.ticks.zip(earlier.ticks).map(|(now, then)| now.since(then));
        let own = self.own_ticks.zip(earlier.own_ticks).map(|(now, then)| now.saturating_sub(then));
        let stalled = |of: usize| {
            let us = self.stalled_us[of]?.saturating_sub(earlier.stalled_us[of]?);
            (s > 0.0).then(|| us as f64 / 1e6 / s)
        };
        Change {
            steal: ticks.and_then(Ticks::steal_share),
            others_cores: ticks.zip(own).and_then(|(ticks, own)| others_cores(ticks, own, s)),
            stalled: [0, 1, 2].map(stalled),
        }
    }
}

impl Ticks {
    /// Returns the sums of the first line of `/proc/stat`.
    fn read(text: &str) -> Option<Self> {
        let numbers = text.lines().next()?.strip_prefix("cpu ")?.split_whitespace();
        let numbers: Vec<u64> = numbers.map_while(|number| number.parse().ok()).collect();
        let columns = numbers.get(..COLUMNS)?;
        let all = columns.iter().sum();
        let idle: u64 = IDLE.iter().map(|&column| columns[column]).sum();
        let steal = columns[STEAL];
        Some(Self { all, busy: all - idle - steal, steal })
    }

    fn since(self, earlier: Self) -> Self {
        Self {
            all: self.all.saturating_sub(earlier.all),
            busy: self.busy.saturating_sub(earlier.busy),
            steal: self.steal.saturating_sub(earlier.steal),
        }
    }

    fn steal_share(self) -> Option<f64> {
        (self.all > 0).then(|| self.steal as f64 / self.all as f64)
    }
}

/// Returns how many processors others kept busy for so many seconds.
fn others_cores(ticks: Ticks, own_ticks: u64, s: f64) -> Option<f64> {
    (s > 0.0).then(|| ticks.busy.saturating_sub(own_ticks) as f64 / TICKS_PER_S / s)
}

/// Returns user and system time of `/proc/self/stat`; the name before them may hold anything.
fn own_ticks(text: &str) -> Option<u64> {
    let mut behind_name = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || behind_name.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

/// Returns the total of the line `some` of a file in `/proc/pressure`.
fn stalled_us(text: &str) -> Option<u64> {
    let some = text.lines().find(|line| line.starts_with("some "))?;
    some.split_whitespace().find_map(|word| word.strip_prefix("total="))?.parse().ok()
}

/// Returns the load average of the last minute.
pub fn load_of_last_minute() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn ticks_are_busy_idle_or_stolen() {
        // user 10, nice 1, system 5, idle 80, iowait 2, irq 1, softirq 1, steal 3; guests are in user.
        let ticks = Ticks::read("cpu  10 1 5 80 2 1 1 3 7 0\ncpu0 1 1\n").unwrap();
        assert_eq!(ticks, Ticks { all: 103, busy: 18, steal: 3 });
        assert_eq!(Ticks::read("cpu  10 1 5 80"), None);
    }

    #[test]
    fn a_name_with_blanks_and_brackets_hides_no_column() {
        let line = "7 (a) b (c) R 1 2 3 4 5 6 7 8 9 10 40 2 0 0";
        assert_eq!(own_ticks(line), Some(42));
    }

    #[test]
    fn pressure_is_the_total_of_some() {
        let text = "some avg10=0.26 avg60=0.19 avg300=0.23 total=417\nfull avg10=0.0 total=9\n";
        assert_eq!(stalled_us(text), Some(417));
        assert_eq!(stalled_us(""), None);
    }

    #[test]
    fn a_change_leaves_this_process_out() {
        let then = Counters {
            at: Instant::now(),
            ticks: Some(Ticks { all: 0, busy: 0, steal: 0 }),
            own_ticks: Some(5),
            stalled_us: [Some(0), None, Some(10)],
        };
        let now = Counters {
            at: then.at + Duration::from_secs(10),
            ticks: Some(Ticks { all: 2000, busy: 1500, steal: 20 }),
            own_ticks: Some(1005),
            stalled_us: [Some(1_000_000), None, Some(10)],
        };
        let change = now.since(&then);
        // 20 of 2000 ticks; 15 s of work in 10 s less our own 10 s are half a processor; 1 s of 10.
        assert_eq!(change.steal, Some(0.01));
        assert_eq!(change.others_cores, Some(0.5));
        assert_eq!(change.stalled, [Some(0.1), None, Some(0.0)]);
    }
}
