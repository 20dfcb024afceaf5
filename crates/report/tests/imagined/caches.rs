//! What the study's half of an imagined run asks of three simulated caches.

use formbench_analysis::Run;
use formbench_store::{CacheRow, CacheSource, CellRow};

/// Sizes in MiB with their ways.
const LAST_LEVELS: [(u64, u32); 3] = [(4, 16), (8, 16), (48, 12)];
/// Engines that are simulated, with references to the last level for each reference that no cache
/// smaller than the weights can serve.
const ENGINES: [(&str, u64); 3] = [("openvino", 3), ("onnxruntime", 2), ("tract", 5)];
/// Bytes of a line.
const LINE: u64 = 64;

/// Asks for the figures of caches in the first experiment, and simulates the caches of its patterns
/// on three engines: weights are streamed once for each inference, and a cache that holds part of
/// them serves that part.
pub fn with_caches(mut run: Run) -> Run {
    for figure in ["l3-efficacy-by-depth", "l3-efficacy-by-width", "macs-l3-latency"] {
        run.experiments[0].figures.push(figure.to_string());
    }
    let asking = &run.experiments[0].experiment;
    let members = run.members.iter().filter(|row| row.experiment == *asking);
    let cells = members.filter_map(|row| run.cells.get(&row.cell));
    let simulated = cells.filter(|cell| cell.options == "{}").filter_map(|cell| {
        let (_, reuse) = ENGINES.into_iter().find(|(engine, _)| *engine == cell.engine)?;
        Some(LAST_LEVELS.map(|last_level| row(cell, last_level, reuse)))
    });
    run.caches = simulated.flatten().collect();
    run
}

fn row(cell: &CellRow, (mib, ways): (u64, u32), reuse: u64) -> CacheRow {
    let (depth, width) = (u64::from(cell.depth.unwrap_or(1)), cell.width.unwrap_or(1.0) as u64);
    let dense = if cell.name.contains("depthwise") { 1 } else { 3 };
    let weight_bytes = 96 * dense * depth * width * width + (1 << 20);
    let (cache_bytes, weights) = (mib << 20, weight_bytes / LINE);
    let spilt = weight_bytes.saturating_sub(cache_bytes / 2).min(weight_bytes);
    CacheRow {
        key: format!("{mib:016x}"),
        source: CacheSource::Simulation,
        tool: "callgrind".to_string(),
        tool_version: "3.19.0".to_string(),
        instruction_set: "avx2".to_string(),
        cache_bytes,
        associativity: Some(ways),
        line_bytes: Some(64),
        l1_bytes: Some(32 << 10),
        inferences: 1,
        instructions: Some(90 * weights),
        data_references: Some(40 * weights),
        l1_misses: Some(reuse * weights),
        llc_references: reuse * weights,
        llc_misses: spilt / LINE,
        ..CacheRow::default().named_as(cell)
    }
}
