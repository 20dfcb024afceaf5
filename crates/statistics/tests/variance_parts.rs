//! Bias and coverage of the parts of a variance: imagined hosts, whose truth is known.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use formbench_statistics::{CrossedTable, VariancePart, VarianceSplit};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Architectures, engines and hosts, and of as few hosts as have intervals.
const LEVELS: [usize; 3] = [12, 4, 10];
const FEW: [usize; 3] = [12, 3, 5];
/// Variances in the order of the parts: of each alone, of two together, of all, of measuring.
const TRUTH: [f64; 8] = [0.05, 0.10, 0.01, 0.04, 0.01, 0.01, 0.005, 0.002];
/// The same where hosts differ in nothing by themselves.
const ALIKE: [f64; 8] = [0.05, 0.10, 0.0, 0.04, 0.0, 0.01, 0.005, 0.002];
/// The sets of factors in the order of the parts.
const SETS: [[bool; 3]; 7] = [
    [true, false, false],
    [false, true, false],
    [false, false, true],
    [true, true, false],
    [true, false, true],
    [false, true, true],
    [true, true, true],
];
const TABLES: usize = 1000;
const SPLIT: VarianceSplit = VarianceSplit { draws: 1000, confidence: 0.95, seed: 1 };

/// Returns a table whose effects are drawn with these variances.
fn imagined(levels: [usize; 3], truth: &[f64; 8], rng: &mut ChaCha8Rng) -> CrossedTable {
    let mut normal = |variance: f64| -> f64 {
        let drawn: f64 = StandardNormal.sample(rng);
        variance.sqrt() * drawn
    };
    let places = levels.iter().product::<usize>();
    let mut values = vec![0.0; places];
    for (factors, variance) in SETS.iter().zip(truth) {
        let effects: Vec<f64> = (0..places).map(|_| normal(*variance)).collect();
        for (place, value) in values.iter_mut().enumerate() {
            let [_, second, third] = levels;
            let of_place = [place / (second * third), place / third % second, place % third];
            let kept = [0, 1, 2].map(|at| if factors[at] { of_place[at] } else { 0 });
            *value += effects[(kept[0] * second + kept[1]) * third + kept[2]];
        }
    }
    values.iter_mut().for_each(|value| *value += normal(truth[7]));
    CrossedTable::new(levels, values).unwrap()
}

/// Returns the parts of many tables.
fn split(levels: [usize; 3], truth: &[f64; 8]) -> Vec<Vec<VariancePart>> {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    (0..TABLES).map(|_| SPLIT.estimate(&imagined(levels, truth, &mut rng), truth[7])).collect()
}

/// Returns the share of tables in which something is so of the `at`-th part.
fn share(tables: &[Vec<VariancePart>], at: usize, is_so: impl Fn(&VariancePart) -> bool) -> f64 {
    let count = tables.iter().filter(|parts| is_so(&parts[at])).count();
    count as f64 / tables.len() as f64
}

#[test]
fn the_moments_are_right_on_average() {
    let tables = split(LEVELS, &TRUTH);
    for (at, truth) in TRUTH.iter().enumerate() {
        let moments: Vec<f64> = tables.iter().map(|parts| parts[at].moment).collect();
        let mean = moments.iter().sum::<f64>() / TABLES as f64;
        let squares: f64 = moments.iter().map(|moment| (moment - mean).powi(2)).sum();
        let error = (squares / (TABLES * (TABLES - 1)) as f64).sqrt();
        // Four standard errors: missed by chance in one of two thousand such tests of eight parts.
        assert!((mean - truth).abs() <= 4.0 * error + 1e-12, "{at}: {mean} {truth} {error}");
    }
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let total: f64 = TRUTH.iter().sum();
    // Of 1000 intervals of 95 %, 929 hold it within three standard deviations of 6.9.
    let least = 0.929;
    for levels in [LEVELS, FEW] {
        let tables = split(levels, &TRUTH);
        for (at, truth) in TRUTH.iter().enumerate().take(7) {
            let held = share(&tables, at, |part| {
                part.variance.low <= *truth && *truth <= part.variance.high
            });
            assert!(held >= least, "{levels:?}, variance {at}: {held}");
            let of_all = truth / total;
            let held =
                share(&tables, at, |part| part.share.low <= of_all && of_all <= part.share.high);
            assert!(held >= least, "{levels:?}, share {at}: {held}");
        }
    }
}

#[test]
fn intervals_are_not_wide_for_safety() {
    // The part of which most is seen, 11 · 3 · 9 degrees of freedom, is held no more often than three standard deviations
    // above 95 %.
    let held = share(&split(LEVELS, &TRUTH), 6, |part| {
        part.variance.low <= TRUTH[6] && TRUTH[6] <= part.variance.high
    });
    assert!(held <= 0.971, "{held}");
}

#[test]
fn hosts_that_do_not_differ_are_seldom_said_to() {
    let tables = split(LEVELS, &ALIKE);
    for at in [2, 4] {
        // An interval above 0 is wrong: 2.5 % of two-sided ones, and three standard deviations of 0.5 % more.
        let wrong = share(&tables, at, |part| part.variance.low > 0.0);
        assert!(wrong <= 0.04, "{at}: {wrong}");
    }
}
