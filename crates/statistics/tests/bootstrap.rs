//! Properties and coverage of the bootstrap intervals.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use formbench_statistics::{Bootstrap, Pair};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

type Rounds = Vec<(Vec<u64>, Vec<u64>)>;

const FAST: Bootstrap = Bootstrap { resamples: 200, confidence: 0.95, seed: 1 };

fn borrowed(rounds: &Rounds) -> Vec<Pair<'_>> {
    rounds.iter().map(|(baseline, accelerated)| (&baseline[..], &accelerated[..])).collect()
}

fn samples() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(1_000..100_000_000_u64, 1..30)
}

fn rounds() -> impl Strategy<Value = Rounds> {
    prop::collection::vec((samples(), samples()), 1..7)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_estimate_lies_in_its_interval(rounds in rounds()) {
        let accelerated: Vec<&[u64]> = rounds.iter().map(|pair| &pair.1[..]).collect();
        for estimate in [FAST.speed_up(&borrowed(&rounds)), FAST.latency(&accelerated)] {
            let estimate = estimate.unwrap();
            prop_assert!(estimate.low <= estimate.value && estimate.value <= estimate.high);
            prop_assert!(estimate.low > 0.0 && estimate.high.is_finite());
        }
    }

    #[test]
    fn scaling_both_sides_leaves_the_speed_up(rounds in rounds(), factor in 2..1000_u64) {
        let scale = |side: &[u64]| side.iter().map(|sample| sample * factor).collect();
        let scaled: Rounds = rounds.iter().map(|(a, b)| (scale(a), scale(b))).collect();
        let before = FAST.speed_up(&borrowed(&rounds)).unwrap();
        let after = FAST.speed_up(&borrowed(&scaled)).unwrap();
        prop_assert!((after.value / before.value - 1.0).abs() < 1e-9);
        prop_assert!((after.low / before.low - 1.0).abs() < 1e-9);
        prop_assert!((after.high / before.high - 1.0).abs() < 1e-9);
    }

    #[test]
    fn swapping_the_sides_gives_the_inverse(rounds in rounds()) {
        let swapped: Rounds = rounds.iter().cloned().map(|(a, b)| (b, a)).collect();
        let there = FAST.speed_up(&borrowed(&rounds)).unwrap().value;
        let back = FAST.speed_up(&borrowed(&swapped)).unwrap().value;
        prop_assert!((there * back - 1.0).abs() < 1e-9);
    }

    #[test]
    fn equal_inputs_give_equal_outputs(rounds in rounds()) {
        prop_assert_eq!(FAST.speed_up(&borrowed(&rounds)), FAST.speed_up(&borrowed(&rounds)));
    }

    #[test]
    fn the_mean_of_one_cell_is_its_speed_up(rounds in rounds()) {
        let pairs = borrowed(&rounds);
        prop_assert_eq!(FAST.mean_speed_up(std::slice::from_ref(&pairs)), FAST.speed_up(&pairs));
    }
}

#[test]
fn the_mean_over_cells_is_geometric() {
    // Speed-ups 2 and 8: sqrt(16) = 4, and no spread at all.
    let cells = vec![vec![(&[200_u64][..], &[100_u64][..])], vec![(&[800][..], &[100][..])]];
    let mean = Bootstrap::default().mean_speed_up(&cells).unwrap();
    assert!((mean.value - 4.0).abs() < 1e-12, "{mean:?}");
    assert!((mean.low - 4.0).abs() < 1e-12 && (mean.high - 4.0).abs() < 1e-12, "{mean:?}");
}

#[test]
fn what_is_missing_has_no_estimate() {
    assert_eq!(FAST.latency(&[]), None);
    assert_eq!(FAST.latency(&[&[5], &[]]), None);
    assert_eq!(FAST.speed_up(&[]), None);
    assert_eq!(FAST.speed_up(&[(&[5], &[])]), None);
    assert_eq!(FAST.mean_speed_up(&[]), None);
    assert_eq!(FAST.mean_speed_up(&[vec![(&[5], &[5])], vec![]]), None);
}

/// The noise of an imagined host, as standard deviations of the latency's logarithm.
#[derive(Clone, Copy)]
struct Noise {
    round: f64,
    sample: f64,
}

/// Returns five rounds of 21 samples a side; the baseline takes 20 ms, the other one 10 ms.
fn imagined(noise: Noise, rng: &mut ChaCha8Rng) -> Rounds {
    let mut side = |latency_ns: f64| -> Vec<u64> {
        let round: f64 = StandardNormal.sample(rng);
        let mut sample_ns = || {
            let sample: f64 = StandardNormal.sample(rng);
            (latency_ns * (noise.round * round + noise.sample * sample).exp()) as u64
        };
        (0..21).map(|_| sample_ns()).collect()
    };
    (0..5).map(|_| (side(20e6), side(10e6))).collect()
}

#[test]
fn more_noise_widens_the_interval() {
    let width = |noise| {
        let rounds = imagined(noise, &mut ChaCha8Rng::seed_from_u64(3));
        FAST.speed_up(&borrowed(&rounds)).unwrap().relative_half_width()
    };
    let quiet = width(Noise { round: 0.01, sample: 0.01 });
    assert!(width(Noise { round: 0.05, sample: 0.01 }) > 2.0 * quiet);
    assert!(width(Noise { round: 0.01, sample: 0.1 }) > 2.0 * quiet);
}

/// Returns the share of 400 imagined runs whose intervals hold the true speed-up and latency.
fn coverage(noise: Noise) -> (f64, f64) {
    const RUNS: u32 = 400;
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let (mut speed_up_held, mut latency_held) = (0, 0);
    for _ in 0..RUNS {
        let rounds = imagined(noise, &mut rng);
        let speed_up = FAST.speed_up(&borrowed(&rounds)).unwrap();
        speed_up_held += u32::from(speed_up.low <= 2.0 && 2.0 <= speed_up.high);
        let accelerated: Vec<&[u64]> = rounds.iter().map(|pair| &pair.1[..]).collect();
        let latency = FAST.latency(&accelerated).unwrap();
        latency_held += u32::from(latency.low <= 10e6 && 10e6 <= latency.high);
    }
    (f64::from(speed_up_held) / f64::from(RUNS), f64::from(latency_held) / f64::from(RUNS))
}

/// 95 % of 400 runs, less three standard deviations of that share, `sqrt(0.95 * 0.05 / 400) =
/// 0.0109`: an interval that kept its word would fall below once in 700 tests.
const LEAST_COVERAGE: f64 = 0.95 - 3.0 * 0.0109;

#[test]
fn intervals_keep_their_word_when_processes_differ() {
    let (speed_up, latency) = coverage(Noise { round: 0.03, sample: 0.01 });
    assert!(speed_up >= LEAST_COVERAGE, "{speed_up}");
    assert!(latency >= LEAST_COVERAGE, "{latency}");
}

#[test]
fn intervals_keep_their_word_when_samples_differ() {
    let (speed_up, latency) = coverage(Noise { round: 0.0, sample: 0.1 });
    assert!(speed_up >= LEAST_COVERAGE, "{speed_up}");
    assert!(latency >= LEAST_COVERAGE, "{latency}");
}
