//! Where the clock starts and stops: nowhere else is a latency read.

use formbench_engines::{Clock, Failure, Session};
use formbench_protocol::Refusal;

/// Returns a new session and the nanoseconds that loading it took.
pub fn load(
    prepare: impl FnOnce() -> Result<Box<dyn Session>, Refusal>,
) -> Result<(Box<dyn Session>, u64), Refusal> {
    let start = Clock::monotonic();
    let session = prepare()?;
    let loaded_ns = match session.clock() {
        Clock::Virtual(now) => now.get(),
        Clock::Monotonic(_) => start.now_ns(),
    };
    Ok((session, loaded_ns))
}

/// Returns what one inference gives and its latency in nanoseconds.
#[inline]
pub fn inference<T>(
    clock: &Clock,
    infer: impl FnOnce() -> Result<T, Failure>,
) -> Result<(T, u64), Failure> {
    let start_ns = clock.now_ns();
    let outputs = infer();
    let end_ns = clock.now_ns();
    Ok((outputs?, end_ns - start_ns))
}
