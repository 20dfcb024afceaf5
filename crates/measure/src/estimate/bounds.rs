//! What a round costs before anything is known of its latencies.

use formbench_experiment::Budget;

/// Starting a worker, filling weights, recording and loading, and the first inferences: at least
/// what the reference runs spent per turn on Burn's backends, at most what they spent on PyTorch,
/// whose import alone takes seconds.
pub const START_S: [f64; 2] = [0.15, 6.0];

/// Returns the least and the most that so many rounds of a cell take, in seconds.
///
/// Least: every inference is much shorter than the budget's times. Most: every warm-up goes on up to
/// its cap, and blocks last as long as their inferences need at one second each.
pub fn bounds_s(budget: &Budget, rounds: u32) -> [f64; 2] {
    let (rounds, blocks) = (f64::from(rounds), f64::from(budget.blocks));
    let long_block_s = budget.block_s.max(budget.block_inferences as f64);
    let least_s = START_S[0] + budget.warm_up_s + blocks * budget.block_s;
    let most_s = START_S[1] + budget.warm_up_cap_s + blocks * long_block_s;
    [rounds * least_s, (rounds * most_s).min(budget.cell_limit_s + budget.limit_s)]
}
