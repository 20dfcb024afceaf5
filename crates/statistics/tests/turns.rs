//! Whether ratios of turns keep their word, also where rounds are added until they are decided.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use formbench_statistics::{Bootstrap, TurnBlock};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

const FAST: Bootstrap = Bootstrap { resamples: 200, confidence: 0.95, seed: 1 };
/// Rounds that are taken at least and at most.
const ROUNDS: [usize; 2] = [4, 10];

/// Returns eight blocks of two equal sides: a round's processes differ by `process`, its turns by
/// `turn`, as standard deviations of the latency's logarithm.
fn round(process: f64, turn: f64, rng: &mut ChaCha8Rng) -> Vec<TurnBlock> {
    let mut normal = || -> f64 { StandardNormal.sample(rng) };
    let factors = [1e7, 1e7 * (process * normal()).exp()];
    let mut side = |latency_ns: f64| [0, 1].map(|_| latency_ns * (turn * normal()).exp());
    (0..8).map(|_| TurnBlock { ours_ns: side(factors[0]), theirs_ns: side(factors[1]) }).collect()
}

/// Returns the share of 200 comparisons whose interval leaves the true ratio, 1, out at any of the
/// looks that are taken from the fourth round to the tenth.
fn left_out(process: f64, turn: f64) -> f64 {
    const RUNS: u32 = 200;
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut is_left_out = || {
        let rounds: Vec<_> = (0..ROUNDS[1]).map(|_| round(process, turn, &mut rng)).collect();
        (ROUNDS[0]..=ROUNDS[1]).any(|count| {
            let ratio = FAST.ratio(&rounds[..count]).unwrap();
            ratio.high < 1.0 || 1.0 < ratio.low
        })
    };
    let count: u32 = (0..RUNS).map(|_| u32::from(is_left_out())).sum();
    f64::from(count) / f64::from(RUNS)
}

/// 5 % of 200 comparisons, and three standard deviations of that share, `sqrt(0.05 * 0.95 / 200) =
/// 0.0154`, more.
const MOST_LEFT_OUT: f64 = 0.05 + 3.0 * 0.0154;

#[test]
fn looking_at_every_round_keeps_the_interval_s_word() {
    for (process, turn) in [(0.0, 0.05), (0.007, 0.05), (0.007, 0.01)] {
        let share = left_out(process, turn);
        assert!(share <= MOST_LEFT_OUT, "{process}, {turn}: {share}");
    }
}

#[test]
fn more_rounds_narrow_the_interval_with_the_square_root_of_their_number() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let rounds: Vec<_> = (0..160).map(|_| round(0.01, 0.05, &mut rng)).collect();
    let width = |count: usize| FAST.ratio(&rounds[..count]).unwrap().relative_half_width();
    // Four times the rounds, half the width; Student's quantile adds a little at forty.
    let shrinks = width(40) / width(160);
    assert!((1.6..2.5).contains(&shrinks), "{shrinks}");
}
