//! Properties and coverage of the bootstrap intervals.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use formbench_statistics::{Bootstrap, PairedRound, TurnPair};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

const FAST: Bootstrap = Bootstrap { resamples: 200, confidence: 0.95, seed: 1 };

fn pair() -> impl Strategy<Value = TurnPair> {
    let ns = || 1e3..1e8_f64;
    (ns(), ns()).prop_map(|(baseline_ns, accelerated_ns)| TurnPair {
        baseline_ns,
        accelerated_ns,
        conditions: None,
    })
}

fn rounds() -> impl Strategy<Value = Vec<PairedRound>> {
    prop::collection::vec(prop::collection::vec(pair(), 1..10), 1..7)
}

fn accelerated(rounds: &[PairedRound]) -> Vec<Vec<f64>> {
    let side = |round: &PairedRound| round.iter().map(|pair| pair.accelerated_ns).collect();
    rounds.iter().map(side).collect()
}

fn map(rounds: &[PairedRound], of: impl Fn(&TurnPair) -> TurnPair) -> Vec<PairedRound> {
    rounds.iter().map(|round| round.iter().map(&of).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_estimate_lies_in_its_interval(rounds in rounds()) {
        for estimate in [FAST.speed_up(&rounds), FAST.latency(&accelerated(&rounds))] {
            let estimate = estimate.unwrap();
            prop_assert!(estimate.low <= estimate.value && estimate.value <= estimate.high);
            prop_assert!(estimate.low > 0.0 && estimate.high.is_finite());
        }
    }

    #[test]
    fn scaling_both_sides_leaves_the_speed_up(rounds in rounds(), factor in 2.0..1000.0) {
        let scaled = map(&rounds, |pair| TurnPair {
            baseline_ns: pair.baseline_ns * factor,
            accelerated_ns: pair.accelerated_ns * factor,
            ..*pair
        });
        let before = FAST.speed_up(&rounds).unwrap();
        let after = FAST.speed_up(&scaled).unwrap();
        prop_assert!((after.value / before.value - 1.0).abs() < 1e-9);
        prop_assert!((after.low / before.low - 1.0).abs() < 1e-9);
        prop_assert!((after.high / before.high - 1.0).abs() < 1e-9);
    }

    #[test]
    fn swapping_the_sides_gives_the_inverse(rounds in rounds()) {
        let swapped = map(&rounds, |pair| TurnPair {
            baseline_ns: pair.accelerated_ns,
            accelerated_ns: pair.baseline_ns,
            ..*pair
        });
        let there = FAST.speed_up(&rounds).unwrap().value;
        let back = FAST.speed_up(&swapped).unwrap().value;
        prop_assert!((there * back - 1.0).abs() < 1e-9);
    }

    #[test]
    fn equal_inputs_give_equal_outputs(rounds in rounds()) {
        prop_assert_eq!(FAST.speed_up(&rounds), FAST.speed_up(&rounds));
    }

    #[test]
    fn the_mean_of_one_cell_is_its_speed_up(rounds in rounds()) {
        prop_assert_eq!(FAST.mean_speed_up(std::slice::from_ref(&rounds)), FAST.speed_up(&rounds));
    }
}

fn ratio(baseline_ns: f64, accelerated_ns: f64) -> TurnPair {
    TurnPair { baseline_ns, accelerated_ns, conditions: None }
}

#[test]
fn the_mean_over_cells_is_geometric() {
    // Speed-ups 2 and 8: sqrt(16) = 4, and no spread at all.
    let cells = vec![vec![vec![ratio(200.0, 100.0)]], vec![vec![ratio(800.0, 100.0)]]];
    let mean = Bootstrap::default().mean_speed_up(&cells).unwrap();
    assert!((mean.value - 4.0).abs() < 1e-12, "{mean:?}");
    assert!((mean.low - 4.0).abs() < 1e-12 && (mean.high - 4.0).abs() < 1e-12, "{mean:?}");
}

#[test]
fn a_drift_that_both_sides_share_leaves_no_spread() {
    // The machine slows down by 10 % from one pair of blocks to the next; every pair says 2.
    let round: PairedRound =
        (0..8).map(|turn| 1.1_f64.powi(turn)).map(|slow| ratio(2e7 * slow, 1e7 * slow)).collect();
    let speed_up = FAST.speed_up(&[round.clone(), round]).unwrap();
    assert!((speed_up.high / speed_up.low - 1.0).abs() < 1e-9, "{speed_up:?}");
}

#[test]
fn what_is_missing_has_no_estimate() {
    assert_eq!(FAST.latency(&[]), None);
    assert_eq!(FAST.latency(&[vec![5.0], vec![]]), None);
    assert_eq!(FAST.speed_up(&[]), None);
    assert_eq!(FAST.speed_up(&[vec![]]), None);
    assert_eq!(FAST.mean_speed_up(&[]), None);
    assert_eq!(FAST.mean_speed_up(&[vec![vec![ratio(5.0, 5.0)]], vec![]]), None);
}

/// The noise of an imagined host, as standard deviations of the latency's logarithm.
#[derive(Clone, Copy)]
struct Noise {
    round: f64,
    block: f64,
}

/// Returns five rounds of six blocks a side; the baseline takes 20 ms, the other one 10 ms.
fn imagined(noise: Noise, rng: &mut ChaCha8Rng) -> Vec<PairedRound> {
    let mut normal = || -> f64 { StandardNormal.sample(rng) };
    let mut round = || {
        let processes = [normal(), normal()].map(|z| noise.round * z);
        let mut block =
            |side: usize, ns: f64| ns * (processes[side] + noise.block * normal()).exp();
        (0..6).map(|_| ratio(block(0, 20e6), block(1, 10e6))).collect()
    };
    (0..5).map(|_| round()).collect()
}

#[test]
fn more_noise_widens_the_interval() {
    let width = |noise| {
        let rounds = imagined(noise, &mut ChaCha8Rng::seed_from_u64(3));
        FAST.speed_up(&rounds).unwrap().relative_half_width()
    };
    let quiet = width(Noise { round: 0.01, block: 0.01 });
    assert!(width(Noise { round: 0.05, block: 0.01 }) > 2.0 * quiet);
    assert!(width(Noise { round: 0.01, block: 0.1 }) > 2.0 * quiet);
}

/// Returns the share of 400 imagined runs whose intervals hold the true speed-up and latency.
fn coverage(noise: Noise) -> (f64, f64) {
    const RUNS: u32 = 400;
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let (mut speed_up_held, mut latency_held) = (0, 0);
    for _ in 0..RUNS {
        let rounds = imagined(noise, &mut rng);
        let speed_up = FAST.speed_up(&rounds).unwrap();
        speed_up_held += u32::from(speed_up.low <= 2.0 && 2.0 <= speed_up.high);
        let latency = FAST.latency(&accelerated(&rounds)).unwrap();
        latency_held += u32::from(latency.low <= 10e6 && 10e6 <= latency.high);
    }
    (f64::from(speed_up_held) / f64::from(RUNS), f64::from(latency_held) / f64::from(RUNS))
}

/// 95 % of 400 runs, less three standard deviations of that share, `sqrt(0.95 * 0.05 / 400) =
/// 0.0109`: an interval that kept its word would fall below once in 700 tests.
const LEAST_COVERAGE: f64 = 0.95 - 3.0 * 0.0109;

#[test]
fn intervals_keep_their_word_when_processes_differ() {
    let (speed_up, latency) = coverage(Noise { round: 0.03, block: 0.01 });
    assert!(speed_up >= LEAST_COVERAGE, "{speed_up}");
    assert!(latency >= LEAST_COVERAGE, "{latency}");
}

#[test]
fn intervals_keep_their_word_when_blocks_differ() {
    let (speed_up, latency) = coverage(Noise { round: 0.0, block: 0.1 });
    assert!(speed_up >= LEAST_COVERAGE, "{speed_up}");
    assert!(latency >= LEAST_COVERAGE, "{latency}");
}
