//! Simulates what inferences ask of the last-level cache, where that is not known yet.

use anyhow::{Result, anyhow};
use formbench_campaign::caches::{
    CacheRequest, SimulationProgress, StoredSimulations, served, simulate,
};
use formbench_measure::RunCell;
use formbench_statistics::cache_hit_rate;
use formbench_store::{CacheFolder, CacheRow, DataLock};
use serde_json::json;

use crate::arguments::{Arguments, CacheArguments};
use crate::exit::Exit;
use crate::{interrupt, location, output, planning};

/// Simulates what is missing and prints what is known.
///
/// # Errors
/// Nothing is asked, there is no valgrind, the worker does not answer, or the data cannot be read or
/// written.
pub fn execute(arguments: &Arguments, cache: &CacheArguments) -> Result<Exit> {
    let command = location::command_line();
    let _lock = DataLock::acquire(&arguments.data, &command)?;
    let planned = planning::planned(arguments, &cache.selection)?;
    let asked = CacheRequest::of(&planned, &output::say)?;
    if asked.cells.is_empty() {
        return Err(anyhow!(
            "no experiment of this selection asks about caches of a cell on one thread; give one \
             `cache: {{ l3_mib: [4, 8, 48] }}`, or loosen a filter"
        ));
    }
    let folder = CacheFolder::at(&location::caches(arguments));
    let outcome = simulate(&planned, &asked, &folder, &*interrupt::watch()?, &output::say)?;
    let known = StoredSimulations::in_folder(&folder, &asked)?;
    output::say(&summary(&outcome));
    if cache.json {
        output::json(&known.rows.iter().map(as_json).collect::<Vec<_>>())?;
    } else {
        output::table(
            ["architecture", "engine", "cache", "served", "references", "misses"],
            known.rows.iter().map(line),
        )?;
    }
    Ok(if outcome.interrupted { Exit::Interrupted } else { Exit::Done })
}

fn summary(outcome: &SimulationProgress) -> String {
    let SimulationProgress { known, simulated, refused, interrupted } = outcome;
    let end = if *interrupted { "; interrupted, the same command goes on" } else { "" };
    format!("{simulated} simulated, {known} known before, {} cells refused{end}", refused.len())
}

fn line((cell, row): &(&RunCell, CacheRow)) -> [String; 6] {
    [
        cell.cell.architecture.to_string(),
        cell.cell.engine.to_string(),
        format!("{} MiB", row.cache_bytes >> 20),
        served(row),
        row.llc_references.to_string(),
        row.llc_misses.to_string(),
    ]
}

fn as_json((cell, row): &(&RunCell, CacheRow)) -> serde_json::Value {
    json!({
        "architecture": cell.cell.architecture.to_string(),
        "engine": cell.cell.engine.to_string(),
        "source": row.source.label(),
        "tool": format!("{} {}", row.tool, row.tool_version),
        "cache_bytes": row.cache_bytes,
        "efficacy": cache_hit_rate(row.llc_references, row.llc_misses),
        "instructions": row.instructions,
        "data_references": row.data_references,
        "llc_references": row.llc_references,
        "llc_misses": row.llc_misses,
    })
}
