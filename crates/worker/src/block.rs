//! Consecutive inferences of a warm model, with the processor time they took.

use formbench_engines::Clock;
use formbench_protocol::{BlockRequest, Refusal, TakenBlock};

use crate::loaded::Loaded;
use crate::process;

/// Returns one block of consecutive inferences, its last logits checked.
///
/// # Errors
/// A refusal if an inference failed or the last logits changed.
pub fn take(loaded: &mut Loaded, request: BlockRequest) -> Result<TakenBlock, Refusal> {
    let mut samples_ns = Vec::with_capacity(1024);
    let cpu_start_ns = process::cpu_ns();
    let start_ns = loaded.clock.now_ns();
    let mut wall_ns = 0;
    while !is_full(request, samples_ns.len() as u64, wall_ns) {
        samples_ns.push(loaded.infer()?);
        wall_ns = loaded.clock.now_ns() - start_ns;
    }
    let cpu_ns = match loaded.clock {
        Clock::Monotonic(_) => process::cpu_ns() - cpu_start_ns,
        // A simulated engine occupies one simulated thread.
        Clock::Virtual(_) => wall_ns,
    };
    loaded.check_last()?;
    Ok(TakenBlock { samples_ns, wall_ns, cpu_ns, peak_rss_bytes: process::peak_rss_bytes() })
}

fn is_full(request: BlockRequest, inferences: u64, wall_ns: u64) -> bool {
    let enough = inferences >= request.min_inferences && wall_ns >= request.min_ns;
    inferences > 0 && (enough || inferences >= request.max_inferences)
}
