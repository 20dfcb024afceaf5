//! What a round costs before anything is known of its latencies.

use formbench_experiment::Budget;

use crate::order::block_s;

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
    let [short_s, long_s] = [0.0, 1.0].map(|inference_s| block_s(inference_s, budget));
    let least_s = START_S[0] + budget.warm_up_s + blocks * short_s;
    let most_s = START_S[1] + budget.warm_up_cap_s + blocks * long_s;
    [rounds * least_s, (rounds * most_s).min(budget.cell_limit_s + budget.limit_s)]
}
