//! Runs that never happened, of several versions of an engine, one of which made one network slower.

use std::collections::BTreeMap;

use formbench_analysis::{BlockLatency, Run, TurnLatency};
use formbench_protocol::DeviceKind;
use formbench_statistics::{Conditions, QuietLimit};
use formbench_store::{CellRow, ExperimentRow, HostRow, MemberRow};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// Versions of the engine in their order; as text, the last would come first.
pub const VERSIONS: [&str; 5] = ["2026.2.0", "2026.3.0", "2026.4.1", "2026.9.0", "2026.10.0"];

/// The experiment of all runs.
pub const EXPERIMENT: &str = "own/networks";

/// Scatter of a burst within its round, and of a round's processes, as standard deviations of logarithms: a ratio's
/// rounds scatter by 3 %.
const TURN_SD: f64 = 0.03;
const PROCESS_SD: f64 = 0.0212;
/// By how much a host is slower or faster in the hour of a run, at most, for all cells alike.
const MOST_DRIFT: f64 = 0.10;
/// What differs from run to run for each cell alone, as a standard deviation.
const RUN_SD: f64 = 0.003;

/// What is imagined.
#[derive(Clone, Copy, Debug)]
pub struct Story {
    /// Seed of all noise.
    pub seed: u64,
    /// Networks, each on an engine and on its baseline.
    pub networks: usize,
    /// Runs of each version.
    pub runs: usize,
    /// Rounds of each run.
    pub rounds: u32,
    /// Turns of each round.
    pub turns: u32,
    /// The version from which on one network takes longer, by its place, the network, and how many times as long.
    pub slower: Option<(usize, usize, f64)>,
}

/// Returns the runs, those of a version one after the other.
pub fn runs(story: &Story) -> Vec<Run> {
    let mut rng = ChaCha8Rng::seed_from_u64(story.seed);
    let mut runs = Vec::new();
    for version in 0..VERSIONS.len() {
        for _ in 0..story.runs {
            runs.push(run(story, version, runs.len(), &mut rng));
        }
    }
    runs
}

fn run(story: &Story, version: usize, number: usize, rng: &mut ChaCha8Rng) -> Run {
    let experiment = ExperimentRow {
        experiment: EXPERIMENT.to_owned(),
        question: "Which version is faster?".to_owned(),
        baseline: "pytorch".to_owned(),
        ratio_half_width: 0.02,
        ..ExperimentRow::default()
    };
    let mut run = Run { host: host(number), experiments: vec![experiment], ..Run::default() };
    let drift = MOST_DRIFT * rng.random_range(-1.0..1.0);
    for network in 0..story.networks {
        for engine in ["pytorch", "openvino"] {
            let cell = cell(network, engine, VERSIONS[version]);
            let (key, is_baseline) = (cell.cell.clone(), engine == "pytorch");
            let member = MemberRow {
                experiment: EXPERIMENT.to_owned(),
                cell: key.clone(),
                baseline: is_baseline,
            };
            let slower = story
                .slower
                .filter(|(since, which, _)| !is_baseline && version >= *since && network == *which);
            let ms = if is_baseline { 20.0 } else { 10.0 } * slower.map_or(1.0, |(.., by)| by);
            let log_ns = (1e6 * ms).ln() + drift + RUN_SD * normal(rng);
            run.members.push(member);
            run.cells.insert(key.clone(), cell);
            run.latencies.insert(key, latencies(story, log_ns, rng));
        }
    }
    run
}

fn host(number: usize) -> HostRow {
    HostRow {
        run: format!("2026-01-{:02}-nowhere-1", number + 1),
        host: "nowhere".to_owned(),
        fingerprint: "f00d".to_owned(),
        cpu_model: "Imagined Processor 9000".to_owned(),
        logical_cores: 2,
        harness_version: "0.2.0".to_owned(),
        profile: "standard".to_owned(),
        started_unix_ns: 1_800_000_000_000_000_000 + number as u64,
        ..HostRow::default()
    }
}

fn cell(network: usize, engine: &str, version: &str) -> CellRow {
    let engine_version = if engine == "pytorch" { "2.9.1+cu128" } else { version };
    let number = 2 * network + usize::from(engine == "openvino");
    // A key has the versions in it, as real ones do.
    let of_version = VERSIONS.iter().position(|one| *one == engine_version).unwrap_or_default();
    CellRow {
        cell: format!("{:016x}", 1000 * of_version + number),
        name: format!("network-{network}"),
        engine: engine.to_owned(),
        engine_version: engine_version.to_owned(),
        options: "{}".to_owned(),
        device: "cpu".to_owned(),
        device_kind: DeviceKind::Cpu,
        batch: Some(1),
        resolution: Some(224),
        input_seed: 7,
        weights_seed: 1,
        threads: 1,
        ..CellRow::default()
    }
}

/// Returns a cell's rounds, each of one block.
fn latencies(
    story: &Story,
    log_ns: f64,
    rng: &mut ChaCha8Rng,
) -> BTreeMap<u32, BTreeMap<u32, BlockLatency>> {
    let mut round = || {
        let of_round = log_ns + PROCESS_SD * normal(rng);
        let turns = (0..story.turns).map(|turn| TurnLatency {
            turn,
            median_ns: (of_round + TURN_SD * normal(rng)).exp(),
            samples: 2,
            conditions: Some(Conditions {
                was_interrupted: false,
                contention: 0.0,
                limit: QuietLimit::default(),
            }),
        });
        let block = BlockLatency { turns: turns.collect(), ..BlockLatency::default() };
        BTreeMap::from([(0, block)])
    };
    (0..story.rounds).map(|number| (number, round())).collect()
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}
