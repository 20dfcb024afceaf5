//! Fixed work, timed again and again.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// How long a unit of work is to take: shorter than what a scheduler gives at a time, far longer
/// than reading the clock.
const UNIT: Duration = Duration::from_millis(1);
/// Units of a first guess at what takes so long.
const GUESS_STEPS: u64 = 20_000;
/// Looks at what the guess takes; the fastest counts.
const LOOKS: usize = 100;

/// One unit of work: when it ended since the beginning, and how long it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkUnit {
    /// End since the beginning, in nanoseconds.
    pub end_ns: u64,
    /// Duration in nanoseconds.
    pub ns: u64,
}

/// Work of a fixed number of steps.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    steps: u64,
}

impl Work {
    /// Returns work that takes about a millisecond on this host at its fastest.
    pub fn of_a_millisecond() -> Self {
        let guess = Self { steps: GUESS_STEPS };
        let fastest = (0..LOOKS).map(|_| guess.time()).min().unwrap_or(UNIT);
        let times = UNIT.as_secs_f64() / fastest.as_secs_f64().max(1e-9);
        Self { steps: (GUESS_STEPS as f64 * times).max(1.0) as u64 }
    }

    /// Does the work once and returns how long it took.
    fn time(self) -> Duration {
        let start = Instant::now();
        // Each step waits for the one before, and none reads memory.
        let end = (0..black_box(self.steps))
            .fold(1u64, |x, step| x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(step));
        black_box(end);
        start.elapsed()
    }

    /// Does the work over and over for so long; `between` is called after each unit, untimed.
    pub fn repeat(self, duration: Duration, mut between: impl FnMut(WorkUnit)) -> Vec<WorkUnit> {
        let start = Instant::now();
        let mut units = Vec::new();
        loop {
            let took = self.time();
            let end = start.elapsed();
            let unit = WorkUnit { end_ns: whole_ns(end), ns: whole_ns(took) };
            units.push(unit);
            between(unit);
            if end >= duration {
                return units;
            }
        }
    }

    /// Does the work over and over for so long on two threads at once, and returns the units of both.
    pub fn repeat_on_two_threads(self, duration: Duration) -> Vec<WorkUnit> {
        let barrier = Barrier::new(2);
        let one = || {
            barrier.wait();
            self.repeat(duration, |_| ())
        };
        std::thread::scope(|scope| {
            let other = scope.spawn(one);
            let mut units = one();
            units.extend(other.join().unwrap_or_default());
            units
        })
    }
}

fn whole_ns(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_goes_on_until_its_time_is_over() {
        let mut seen = 0;
        let units = Work { steps: 100 }.repeat(Duration::from_millis(2), |_| seen += 1);
        assert_eq!(units.len(), seen);
        assert!(units[seen - 1].end_ns >= 2_000_000);
        assert!(units.is_sorted_by_key(|unit| unit.end_ns));
    }

    #[test]
    fn two_threads_leave_the_units_of_both() {
        let units = Work { steps: 100 }.repeat_on_two_threads(Duration::from_millis(1));
        let ends = units.iter().filter(|unit| unit.end_ns >= 1_000_000);
        assert_eq!(ends.count(), 2);
    }
}
