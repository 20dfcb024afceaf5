//! The study's own half: foreign engines beside Burn's, and a baseline that is absent.

use formbench_protocol::{Architecture, Attributes, Roofline, Timed};
use formbench_store::{AttributesRow, ExperimentRow, MemberRow, RefusalRow, RooflineRow, Run};

use super::{Size, cell, experiment, latencies, planned, refusal};

/// Patterns with MACs of a block at width 32, in millions, and FLOPs for each byte.
const PATTERNS: [(&str, f64, f64); 4] = [
    ("plain", 7.1, 14.0),
    ("residual", 7.1, 12.0),
    ("bottleneck", 2.6, 7.0),
    ("depthwise-bottleneck", 1.1, 2.6),
];

/// Networks with their MACs in millions and FLOPs for each byte.
const NETWORKS: [(&str, f64, f64); 7] = [
    ("resnet18", 1_814.0, 17.0),
    ("resnet50", 4_090.0, 12.5),
    ("mobilenet-v2", 301.0, 3.3),
    ("squeezenet-1-1", 349.0, 8.1),
    ("densenet-121", 2_834.0, 7.7),
    ("efficientnet-b0", 386.0, 2.9),
    ("darts-v2", 523.0, 2.2),
];

/// Settings with the share of the machine's peak they reach, on dense and on depthwise layers.
const SETTINGS: [(&str, &str, f64, f64); 9] = [
    ("onnxruntime", r#"{"graph_optimization":"disabled"}"#, 0.55, 0.16),
    ("openvino", "{}", 0.82, 0.52),
    ("onnxruntime", "{}", 0.68, 0.40),
    ("tract", "{}", 0.50, 0.21),
    ("burn/ndarray", "{}", 0.035, 0.018),
    ("burn/candle", "{}", 0.08, 0.011),
    ("burn/flex", "{}", 0.12, 0.06),
    ("burn/wgpu", "{}", 0.0, 0.0),
    ("pytorch", "{}", 0.45, 0.11),
];

/// Steps of a ladder with the same shares.
const LADDER: [(&str, f64, f64); 4] = [
    ("disabled", 0.55, 0.16),
    ("basic", 0.62, 0.31),
    ("extended", 0.66, 0.38),
    ("all", 0.68, 0.40),
];

const DEPTHWISE: [&str; 4] =
    ["depthwise-bottleneck", "mobilenet-v2", "efficientnet-b0", "darts-v2"];

const PEAK_GFLOP_PER_S: f64 = 57.6;

/// Returns the run of the study's own half on patterns of `grid`, depths and widths, and on so many
/// networks: `onnxruntime` stands in for `pytorch`, whose cells are refused, `burn/wgpu` is refused.
pub fn paper(size: &Size, grid: &[(u32, u32)], networks: usize) -> Run {
    let mut run = planned(experiments());
    for form in grid {
        for (name, block_mega, intensity) in PATTERNS {
            let (depth, width) = *form;
            let intensity = intensity * (f64::from(width) / 32.0).sqrt();
            let mega = block_mega * f64::from(depth) * (f64::from(width) / 32.0).powf(1.9);
            let architecture = Architecture::Pattern { name: name.into(), depth, width };
            add(&mut run, size, "paper/patterns", &architecture, (mega, intensity));
        }
    }
    for (name, mega, intensity) in NETWORKS.into_iter().take(networks) {
        let architecture = Architecture::Network { name: name.into() };
        add(&mut run, size, "paper/networks", &architecture, (mega, intensity));
    }
    run.rooflines = RooflineRow::rows(1, &roofline());
    run
}

fn experiments() -> Vec<ExperimentRow> {
    let by_cost = ["latency-by-macs", "roofline"];
    let patterns = ["speedup-by-pattern", "latency-by-depth"];
    let networks = ["network-latency", "network-speedup"];
    let stand_in = |experiment: ExperimentRow| ExperimentRow {
        baseline: "pytorch".to_string(),
        stand_in: true,
        ..experiment
    };
    vec![
        stand_in(experiment("paper/patterns", &[patterns, by_cost].concat())),
        stand_in(experiment("paper/networks", &[networks, by_cost].concat())),
        ExperimentRow {
            baseline: "onnxruntime{graph_optimization=disabled}".to_string(),
            ..experiment("paper/graph-optimisation", &["speedup-ladder"])
        },
    ]
}

fn add(
    run: &mut Run,
    size: &Size,
    experiment: &str,
    architecture: &Architecture,
    (mega_macs, intensity): (f64, f64),
) {
    let flops = 2.06e6 * mega_macs;
    let attributes = Attributes {
        macs: (1e6 * mega_macs) as u64,
        flops: flops as u64,
        bytes_read: (0.6 * flops / intensity) as u64,
        bytes_written: (0.4 * flops / intensity) as u64,
        ..Attributes::default()
    };
    run.attributes.push(AttributesRow::new(architecture, 1, 224, &attributes));
    let is_depthwise = DEPTHWISE.contains(&architecture.name());
    let ms = |dense: f64, depthwise: f64| {
        let share = if is_depthwise { depthwise } else { dense };
        0.05 + flops / (share.max(0.001) * PEAK_GFLOP_PER_S) / 1e6
    };
    for (at, (engine, options, dense, depthwise)) in SETTINGS.into_iter().enumerate() {
        let ms = ms(dense, depthwise);
        measure(run, size, (experiment, at == 0), architecture, (engine, options), ms);
    }
    for (at, (level, dense, depthwise)) in LADDER.into_iter().enumerate() {
        let options = format!(r#"{{"graph_optimization":"{level}"}}"#);
        let member = ("paper/graph-optimisation", at == 0);
        measure(run, size, member, architecture, ("onnxruntime", &options), ms(dense, depthwise));
    }
}

fn measure(
    run: &mut Run,
    size: &Size,
    (experiment, baseline): (&str, bool),
    architecture: &Architecture,
    (engine, options): (&str, &str),
    ms: f64,
) {
    let form = match *architecture {
        Architecture::Pattern { depth, width, .. } => Some((depth, width)),
        Architecture::Network { .. } => None,
    };
    let mut cell = cell(run.cells.len(), architecture.name(), form, engine);
    cell.options = options.to_string();
    let same = run.cells.values().find(|other| {
        let of_both = [&cell, *other].map(|cell| (cell.architecture(), cell.engine_label()));
        of_both[0] == of_both[1]
    });
    let key = same.map_or_else(|| cell.cell.clone(), |same| same.cell.clone());
    run.members.push(MemberRow { experiment: experiment.to_string(), cell: key.clone(), baseline });
    if run.cells.contains_key(&key) {
        return;
    }
    if engine == "burn/wgpu" {
        run.refusals.push(refusal(&key));
    } else if engine == "pytorch" {
        run.refusals.push(absent(&key));
    } else {
        run.latencies.insert(key.clone(), latencies(run.cells.len() as u64, size, ms));
    }
    run.cells.insert(key, cell);
}

fn absent(cell: &str) -> RefusalRow {
    RefusalRow {
        kind: "unavailable".to_string(),
        reason: "pytorch: torch is not installed".to_string(),
        remedy: Some("run `make engines`".to_string()),
        ..refusal(cell)
    }
}

fn roofline() -> Roofline {
    let timed = |work| Timed { work, ns: 1_000_000_000 };
    Roofline {
        instruction_set: "avx2".to_string(),
        compute: [55_100_000_000, 57_600_000_000, 57_000_000_000].map(timed).to_vec(),
        memory: [11_900_000_000, 12_300_000_000, 12_100_000_000].map(timed).to_vec(),
    }
}
