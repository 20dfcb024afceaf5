//! Untimed inferences until latency is steady.

use formbench_protocol::{Refusal, WarmUpRequest, WarmedUp};
use formbench_statistics::median_ns;

use crate::loaded::Loaded;

/// Block medians that must agree.
const STEADY_BLOCKS: usize = 5;
/// Parts that the least warm-up time is cut into.
const BLOCKS_PER_MINIMUM: u64 = 10;

/// Returns how the warm-up went, its last logits checked.
///
/// # Errors
/// A refusal if an inference failed or the last logits changed.
pub fn warm_up(loaded: &mut Loaded, request: WarmUpRequest) -> Result<WarmedUp, Refusal> {
    let start_ns = loaded.clock.now_ns();
    let mut medians = Vec::new();
    let mut inferences = 0;
    loop {
        let block = block(loaded, request.min_ns / BLOCKS_PER_MINIMUM)?;
        inferences += block.len() as u64;
        medians.extend(median_ns(&block));
        let wall_ns = loaded.clock.now_ns() - start_ns;
        let stable = is_steady(&medians, request.stable_within);
        let met = inferences >= request.min_inferences && wall_ns >= request.min_ns;
        // A clock that stands still (a simulated engine without latency) is steady and done.
        if wall_ns >= request.cap_ns || (stable && (met || wall_ns == 0)) {
            loaded.check_last()?;
            return Ok(WarmedUp { inferences, wall_ns, stable });
        }
    }
}

/// Returns the latencies of one block: at least one inference, then more until `min_ns`, at most a
/// thousand.
fn block(loaded: &mut Loaded, min_ns: u64) -> Result<Vec<u64>, Refusal> {
    let start_ns = loaded.clock.now_ns();
    let mut latencies_ns = vec![loaded.infer()?];
    while loaded.clock.now_ns() - start_ns < min_ns && latencies_ns.len() < 1000 {
        latencies_ns.push(loaded.infer()?);
    }
    Ok(latencies_ns)
}

/// Returns whether the range of the last medians is at most `within` times their middle.
fn is_steady(medians: &[f64], within: f64) -> bool {
    let Some(last) = medians.len().checked_sub(STEADY_BLOCKS).map(|from| &medians[from..]) else {
        return false;
    };
    let low = last.iter().copied().fold(f64::INFINITY, f64::min);
    let high = last.iter().copied().fold(0.0, f64::max);
    high - low <= within * f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_five_medians_decide_whether_latency_is_steady() {
        // Range 2 around a middle of 101: 1.98 %.
        assert!(is_steady(&[900.0, 100.0, 101.0, 102.0, 100.0, 101.0], 0.02));
        // Range 3 around 101.5: 2.96 %.
        assert!(!is_steady(&[100.0, 101.0, 103.0, 100.0, 101.0], 0.02));
        assert!(!is_steady(&[100.0; 4], 0.02));
    }
}
