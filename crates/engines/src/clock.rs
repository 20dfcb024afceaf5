use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

/// Tells the time that latency is measured in.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The host's monotonic clock.
    Monotonic(Instant),
    /// A simulated engine's own time, in nanoseconds.
    Virtual(Rc<Cell<u64>>),
}

impl Clock {
    /// Returns the host's monotonic clock, starting now.
    pub fn monotonic() -> Self {
        Self::Monotonic(Instant::now())
    }

    /// Returns nanoseconds since the clock's start.
    #[inline]
    pub fn now_ns(&self) -> u64 {
        match self {
            Self::Monotonic(start) => u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX),
            Self::Virtual(now) => now.get(),
        }
    }
}
