//! The study's own half: foreign engines beside Burn's, and a baseline that is absent.

use formbench_analysis::Run;
use formbench_protocol::{
    Architecture, Attributes, CostTarget, Images, Origin, RefusalKind, Roofline, Subject, Timed,
    Width,
};
use formbench_store::{
    AttributesRow, ExperimentRow, MemberRow, Provenance, RefusalRow, RooflineRow,
};

use super::{Size, cell, experiment, latencies, planned, refusal};

/// Patterns with MACs of a block at width 32, in millions, and FLOPs for each byte.
const PATTERNS: [(&str, f64, f64); 15] = [
    ("plain", 7.1, 14.0),
    ("residual", 7.1, 12.0),
    ("bottleneck", 2.6, 7.0),
    ("depthwise-bottleneck", 1.1, 2.6),
    ("grouped-bottleneck", 1.9, 5.1),
    ("depthwise-separable", 0.9, 3.1),
    ("depthwise-bottleneck-se", 1.15, 2.5),
    ("dense", 4.4, 6.0),
    ("fire", 2.2, 8.3),
    ("inception", 3.3, 7.7),
    ("channel-shuffle", 0.6, 2.2),
    ("ghost", 0.7, 2.0),
    ("fused-bottleneck", 9.5, 16.0),
    ("large-kernel-depthwise", 2.9, 6.4),
    ("searched-cell", 1.6, 2.3),
];

/// Networks with their MACs in millions and FLOPs for each byte.
const NETWORKS: [(&str, f64, f64, Origin); 7] = [
    ("resnet18", 1_814.0, 17.0, Origin::HandDesigned),
    ("darts-v2", 523.0, 2.2, Origin::Searched),
    ("mobilenet-v2", 301.0, 3.3, Origin::HandDesigned),
    ("resnet50", 4_090.0, 12.5, Origin::HandDesigned),
    ("squeezenet-1-1", 349.0, 8.1, Origin::HandDesigned),
    ("densenet-121", 2_834.0, 7.7, Origin::HandDesigned),
    ("efficientnet-b0", 386.0, 2.9, Origin::Searched),
];

/// MACs that patterns are compared at, and the depth.
const EQUAL_MEGA: f64 = 300.0;
const EQUAL_DEPTH: u32 = 14;

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

const DEPTHWISE: [&str; 8] = [
    "depthwise",
    "channel-shuffle",
    "ghost",
    "large-kernel",
    "searched-cell",
    "mobilenet-v2",
    "efficientnet-b0",
    "darts-v2",
];

const PEAK_GFLOP_PER_S: f64 = 57.6;

/// How much of the study a run covers.
pub struct Scope<'a> {
    /// Depths and widths of the patterns.
    pub grid: &'a [(u32, u32)],
    /// How many patterns, at most 15.
    pub patterns: usize,
    /// How many networks; further ones than are listed here have a number for a name.
    pub networks: usize,
}

/// What an architecture is imagined to cost.
struct Imagined {
    architecture: Architecture,
    provenance: Provenance,
    mega_macs: f64,
    intensity: f64,
}

/// Returns the run of the study's own half: `onnxruntime` stands in for `pytorch`, whose cells are
/// refused, `burn/wgpu` is refused.
pub fn paper(size: &Size, scope: &Scope<'_>) -> Run {
    let mut run = planned(experiments());
    let patterns = || PATTERNS.into_iter().take(scope.patterns);
    for (depth, width) in scope.grid {
        for of_pattern in patterns() {
            let imagined = pattern(of_pattern, *depth, Width::whole(*width), None);
            add(&mut run, size, "paper/patterns", &imagined);
        }
    }
    for of_pattern in patterns() {
        let exact = 32.0 * (EQUAL_MEGA / of_pattern.1 / f64::from(EQUAL_DEPTH)).powf(1.0 / 1.9);
        let width = Width::from_eighths((8.0 * exact).round() as u32);
        let matched = CostTarget::Macs(1_000_000 * EQUAL_MEGA as u64);
        let imagined = pattern(of_pattern, EQUAL_DEPTH, width, Some(matched));
        add(&mut run, size, "paper/patterns-at-equal-macs", &imagined);
    }
    for at in 0..scope.networks {
        add(&mut run, size, "paper/networks", &network(at));
    }
    run.rooflines = RooflineRow::rows(1, &roofline());
    run
}

fn pattern(
    (name, block_mega, intensity): (&str, f64, f64),
    depth: u32,
    width: Width,
    matched: Option<CostTarget>,
) -> Imagined {
    let wider = width.channels() / 32.0;
    Imagined {
        architecture: Architecture::Pattern { name: name.into(), depth, width },
        provenance: Provenance { origin: None, matched },
        mega_macs: block_mega * f64::from(depth) * wider.powf(1.9),
        intensity: intensity * wider.sqrt(),
    }
}

fn network(at: usize) -> Imagined {
    let (name, mega_macs, intensity, origin) = NETWORKS[at % NETWORKS.len()];
    let again = (at / NETWORKS.len()) as i32;
    let name = if again == 0 { name.to_string() } else { format!("{name}-again-{again}") };
    Imagined {
        architecture: Architecture::Network { name },
        provenance: Provenance { origin: Some(origin), matched: None },
        mega_macs: mega_macs * 1.21_f64.powi(again),
        intensity: intensity * 1.13_f64.powi(-again),
    }
}

fn experiments() -> Vec<ExperimentRow> {
    let by_cost = ["latency-by-macs", "roofline"];
    let patterns = ["speedup-by-pattern", "latency-by-depth", "speedup-by-attribute"];
    let at_equal_macs = ["speedup-at-equal-macs", "speedup-by-attribute"];
    let networks = ["network-latency", "network-speedup", "speedup-by-attribute"];
    let stand_in = |experiment: ExperimentRow| ExperimentRow {
        baseline: "pytorch".to_string(),
        stand_in: true,
        ..experiment
    };
    vec![
        stand_in(experiment("paper/patterns", &[&patterns[..], &by_cost].concat())),
        stand_in(experiment("paper/patterns-at-equal-macs", &at_equal_macs)),
        stand_in(experiment("paper/networks", &[&networks[..], &by_cost].concat())),
        ExperimentRow {
            baseline: "onnxruntime{graph_optimization=disabled}".to_string(),
            ..experiment("paper/graph-optimisation", &["speedup-ladder"])
        },
    ]
}

fn add(run: &mut Run, size: &Size, experiment: &str, imagined: &Imagined) {
    let Imagined { architecture, provenance, mega_macs, intensity } = imagined;
    let is_depthwise = DEPTHWISE.iter().any(|name| architecture.name().starts_with(name));
    let flops = 2.06e6 * mega_macs;
    let macs = (1e6 * mega_macs) as u64;
    let operators = 40 + macs / 20_000_000;
    let attributes = Attributes {
        macs,
        parameters: macs / 200,
        depthwise_macs: if is_depthwise { macs / 9 } else { 0 },
        flops: flops as u64,
        bytes_read: (0.6 * flops / intensity) as u64,
        bytes_written: (0.4 * flops / intensity) as u64,
        operators,
        longest_path: operators - 10,
        ..Attributes::default()
    };
    let input = Images { batch: 1, resolution: 224, seed: 7 }.into();
    let subject = Subject { architecture: architecture.clone(), weights_seed: 1, input };
    run.attributes.push(AttributesRow::new(&subject, *provenance, &attributes));
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
        _ => None,
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
        kind: RefusalKind::Unavailable,
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
