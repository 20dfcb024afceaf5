//! Which engine: version, platforms, mean speed-up on each machine.

use std::collections::BTreeMap;

use formbench_analysis::Verdict;

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
    format!("| engine | version | platforms of the engine |{heads}\n|---|---|---|{rules}\n{rows}")
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
