//! Which engine: version, platforms, mean speed-up on each machine; who is faster than whom, network by network.

use std::collections::BTreeMap;

use formbench_analysis::number::counted;
use formbench_analysis::{HeadToHead, Verdict};

use super::{Committed, CommittedRun};

/// Engines with the platforms that their makers build them for.
const PLATFORMS: [(&str, &str); 8] = [
    ("pytorch", "Linux, macOS, Windows; CPU, GPU"),
    ("openvino", "Linux, macOS, Windows; Intel and Arm CPU, Intel GPU"),
    ("onnxruntime", "Linux, macOS, Windows, Android, iOS; CPU, GPU"),
    ("tract", "any that Rust compiles for; CPU"),
    ("burn/ndarray", "any that Rust compiles for; CPU"),
    ("burn/candle", "Linux, macOS, Windows; CPU, GPU (the CPU is used here)"),
    ("burn/flex", "any that Rust compiles for; CPU"),
    ("burn/wgpu", "Vulkan, Metal, DirectX 12, WebGPU; GPU"),
];

/// Who is held against whom: engines that people choose between, and those that may be slower than the framework.
const PAIRS: [(&str, &str); 2] = [("openvino", "onnxruntime"), ("tract", "pytorch")];

pub(super) fn part(committed: &Committed) -> String {
    let references = &committed.references;
    let heads: String = references.iter().map(|one| format!(" {} |", one.host)).collect();
    let rules = "---|".repeat(references.len());
    let versions = versions(references);
    let row = |(engine, platforms): &(&str, &str)| {
        let version = versions.get(engine)?;
        let speed_ups = references.iter().map(|one| format!(" {} |", mean_speed_up(one, engine)));
        let speed_ups: String = speed_ups.collect();
        Some(format!("| {engine} | {version} | {platforms} |{speed_ups}\n"))
    };
    let rows: String = PLATFORMS.iter().filter_map(row).collect();
    let table = format!(
        "| engine | version | platforms of the engine |{heads}\n|---|---|---|{rules}\n{rows}"
    );
    let against = PAIRS.iter().filter_map(|pair| head_to_head(&committed.networks, *pair));
    let against: Vec<String> = against.collect();
    if against.is_empty() {
        return table;
    }
    format!(
        "{table}\n**Network by network:** {}. ({})\n",
        against.join("; "),
        committed.networks.host
    )
}

/// Returns on how many networks an engine is faster than another, and on how many slower.
fn head_to_head(of: &CommittedRun, (engine, other): (&str, &str)) -> Option<String> {
    let found = HeadToHead::of(&of.run, engine, other);
    let HeadToHead { faster, slower, undecided, as_found } = found;
    (found.networks() > 0).then(|| {
        format!(
            "{engine} is faster than {other} on {faster} of {}, slower on {slower}, and on {undecided} it cannot be told \
             ({as_found} of all are as found)",
            counted(found.networks(), "network")
        )
    })
}

fn versions(references: &[CommittedRun]) -> BTreeMap<&str, &str> {
    let cells = references.iter().rev().flat_map(|one| one.run.cells.values());
    cells.map(|cell| (cell.engine.as_str(), cell.engine_version.as_str())).collect()
}

/// Returns the geometric mean speed-up over its baseline, as claim C1 counts it.
fn mean_speed_up(run: &CommittedRun, engine: &str) -> String {
    let of_engine = |one: &&Verdict| one.claim == "C1" && one.engine == engine;
    let verdict = run.verdicts.iter().find(of_engine);
    if run.verdicts.iter().any(|one| one.baseline == engine) {
        return "1 (baseline)".to_string();
    }
    let measure = verdict.and_then(|verdict| {
        let measure = verdict.findings.first()?.measure.as_ref()?;
        Some(format!("{} over {}", measure.text(), verdict.baseline))
    });
    measure.unwrap_or_else(|| "not measured".to_string())
}
