//! What a plan will cost, before anything is known of its latencies.

use std::time::Duration;

use crate::RunCell;

/// Starting a worker, filling weights, recording and loading, and the first inferences: at least
/// what the reference runs spent per turn on Burn's backends, at most what they spent on PyTorch,
/// whose import alone takes seconds.
const START_S: [f64; 2] = [0.15, 6.0];
/// Bytes that the two parts of one block take while the run goes on; its end packs them together.
const BLOCK_BYTES: u64 = 6_000;

/// Least and most that a plan costs; where it ends up depends on the latencies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Every inference much shorter than the budget's times.
    pub least: Duration,
    /// Every warm-up up to its cap, and blocks as long as their inferences need at one second each.
    pub most: Duration,
    /// Space for the samples, in bytes.
    pub disk_bytes: u64,
}

/// Returns what measuring `cells` costs; refused engines cost nothing.
pub fn estimate(cells: &[RunCell], software_gpu: bool) -> Estimate {
    let runs = |cell: &&RunCell| cell.known_refusal(software_gpu).is_none();
    let (mut least_s, mut most_s, mut disk_bytes) = (0.0, 0.0, 0);
    for cell in cells.iter().filter(runs) {
        let budget = &cell.budget;
        let rounds = f64::from(budget.rounds);
        let blocks_s = f64::from(budget.blocks) * budget.block_s;
        let long_blocks_s =
            f64::from(budget.blocks) * budget.block_s.max(budget.block_inferences as f64);
        least_s += rounds * (START_S[0] + budget.warm_up_s + blocks_s);
        most_s += (rounds * (START_S[1] + budget.warm_up_cap_s + long_blocks_s))
            .min(budget.cell_limit_s + budget.limit_s);
        disk_bytes += u64::from(budget.rounds) * u64::from(budget.blocks) * BLOCK_BYTES;
    }
    Estimate {
        least: Duration::from_secs_f64(least_s),
        most: Duration::from_secs_f64(most_s),
        disk_bytes,
    }
}
