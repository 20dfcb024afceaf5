//! A run that never happened: every figure has cells, some of them refused.

mod paper;

use std::collections::BTreeMap;

use formbench_analysis::{BlockLatency, Run, TurnLatency};
use formbench_protocol::{DeviceKind, RefusalKind, Width};
use formbench_store::{CellKind, CellRow, ExperimentRow, HostRow, MemberRow, RefusalRow};

pub use paper::{Scope, paper};

/// What the imagined run measures.
pub struct Size {
    /// Rounds of every cell.
    pub rounds: u32,
    /// Samples of every cell and round.
    pub samples: usize,
    /// How far apart rounds are, as a share of the latency; blocks are three times as far.
    pub noise: f64,
}

const PATTERNS: [(&str, f64); 4] =
    [("plain", 9.0), ("residual", 9.4), ("bottleneck", 4.1), ("depthwise-bottleneck", 2.2)];
const NETWORKS: [(&str, f64); 3] =
    [("resnet18", 210.0), ("resnet50", 480.0), ("mobilenet-v2", 160.0)];
const DEPTHS: [u32; 4] = [8, 14, 20, 32];
const WIDTHS: [u32; 4] = [16, 32, 64, 128];

/// Engines with what they make of a latency, and of a depthwise one.
const ENGINES: [(&str, f64, f64); 4] = [
    ("burn/ndarray", 1.0, 1.0),
    ("burn/candle", 0.62, 1.7),
    ("burn/flex", 0.28, 0.41),
    ("burn/wgpu", 3.0, 3.0),
];

/// Returns the run: patterns by depth and by width, and networks, on four engines of which
/// `burn/wgpu` is refused.
pub fn run(size: &Size) -> Run {
    let mut run = empty();
    for depth in DEPTHS {
        for width in WIDTHS {
            for (name, base_ms) in PATTERNS {
                let ms = base_ms * f64::from(depth).powf(0.9) * (f64::from(width) / 32.0).powf(1.6);
                let pattern = Some((depth, Width::whole(width)));
                let experiments = [
                    Some("burn/patterns-by-depth"),
                    (depth == 14).then_some("burn/patterns-by-width"),
                ];
                let experiments: Vec<_> = experiments.into_iter().flatten().collect();
                add(&mut run, size, &experiments, (name, pattern), ms);
            }
        }
    }
    for (name, ms) in NETWORKS {
        add(&mut run, size, &["burn/networks"], (name, None), ms);
    }
    run
}

/// Returns a run that has a plan of no cells and no samples.
pub fn empty() -> Run {
    let experiments = vec![
        experiment("burn/patterns-by-depth", &["speedup-by-pattern", "latency-by-depth"]),
        experiment("burn/patterns-by-width", &["speedup-by-pattern", "latency-by-width"]),
        experiment("burn/networks", &["network-latency", "network-speedup"]),
    ];
    planned(experiments)
}

fn planned(experiments: Vec<ExperimentRow>) -> Run {
    Run { host: host(), experiments, ..Run::default() }
}

fn add(
    run: &mut Run,
    size: &Size,
    experiments: &[&str],
    (name, pattern): (&str, Option<(u32, Width)>),
    baseline_ms: f64,
) {
    for (engine, factor, depthwise) in ENGINES {
        let cell = cell(run.cells.len(), name, pattern, engine);
        let key = cell.cell.clone();
        for experiment in experiments {
            let (experiment, cell) = (experiment.to_string(), key.clone());
            run.members.push(MemberRow { experiment, cell, baseline: engine == "burn/ndarray" });
        }
        if engine == "burn/wgpu" {
            run.refusals.push(refusal(&key));
        } else {
            let is_depthwise = name.contains("depthwise") || name.contains("mobilenet");
            let ms = baseline_ms * if is_depthwise { depthwise } else { factor };
            run.latencies.insert(key.clone(), latencies(run.cells.len() as u64, size, ms));
        }
        run.cells.insert(key, cell);
    }
}

fn cell(number: usize, name: &str, pattern: Option<(u32, Width)>, engine: &str) -> CellRow {
    let (device, device_kind) = match engine {
        "burn/wgpu" => ("llvmpipe (LLVM 15.0.6, 256 bits)", DeviceKind::SoftwareAdapter),
        _ => ("cpu", DeviceKind::Cpu),
    };
    CellRow {
        cell: format!("{number:016x}"),
        kind: if pattern.is_some() { CellKind::Pattern } else { CellKind::Network },
        name: name.to_string(),
        depth: pattern.map(|(depth, _)| depth),
        width: pattern.map(|(_, width)| width.channels()),
        engine: engine.to_string(),
        options: "{}".to_string(),
        device: device.to_string(),
        device_kind,
        batch: Some(1),
        resolution: Some(224),
        inputs: None,
        input_seed: 7,
        weights_seed: 1,
        threads: 1,
        ..CellRow::default()
    }
}

fn refusal(cell: &str) -> RefusalRow {
    RefusalRow {
        cell: cell.to_string(),
        round: 0,
        kind: RefusalKind::SoftwareAdapter,
        reason: "the only adapter is `llvmpipe`, which the processor executes".to_string(),
        remedy: Some("ask for it with `--software-gpu`".to_string()),
        ..RefusalRow::default()
    }
}

/// Blocks of a round.
const BLOCKS: usize = 4;

/// Returns rounds from `ms` up, and blocks from their round's least up.
fn latencies(seed: u64, size: &Size, ms: f64) -> BTreeMap<u32, BTreeMap<u32, BlockLatency>> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut uniform = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut round = || {
        let of_round = ms * (1.0 + size.noise * uniform());
        let mut block = || {
            let median_ns = 1e6 * of_round * (1.0 + 3.0 * size.noise * uniform() * uniform());
            let samples = size.samples / BLOCKS;
            let turn = TurnLatency { turn: 0, median_ns, samples, conditions: None };
            BlockLatency { turns: vec![turn], ..BlockLatency::default() }
        };
        (0..BLOCKS as u32).map(|number| (number, block())).collect()
    };
    (0..size.rounds).map(|number| (number, round())).collect()
}

fn experiment(name: &str, figures: &[&str]) -> ExperimentRow {
    ExperimentRow {
        experiment: name.to_string(),
        question: "Does form follow function?".to_string(),
        figures: figures.iter().map(|figure| figure.to_string()).collect(),
        baseline: "burn/ndarray".to_string(),
        ratio_half_width: 0.1,
        ..ExperimentRow::default()
    }
}

fn host() -> HostRow {
    HostRow {
        run: "2000-01-01-nowhere-1".to_string(),
        cpu_model: "Imagined Processor 9000 @ 1.00 GHz".to_string(),
        logical_cores: 2,
        memory_bytes: 8 << 30,
        os: "Nowhere 1".to_string(),
        kernel: "1.0".to_string(),
        rustc: "rustc 1.0".to_string(),
        harness_version: "0.1.0".to_string(),
        profile: "standard".to_string(),
        ..HostRow::default()
    }
}
