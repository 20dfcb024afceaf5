//! What every architecture costs, as a table to sort.

use std::cmp::Reverse;

use anyhow::Result;
use formbench_analysis::ArchitectureCost;
use formbench_campaign::costs;
use formbench_measure::WorkerCommand;
use formbench_protocol::ArchitectureInfo;
use serde_json::{Value, json};

use crate::arguments::{ListArguments, SortKey};
use crate::exit::Exit;
use crate::output;

/// Prints what the architectures of a listing cost: networks at the resolution that they were
/// published for, patterns at depth 8, width 32 and 224 pixels.
///
/// # Errors
/// The worker does not answer, or cannot record one of them.
pub fn execute(
    worker: &WorkerCommand,
    architectures: &[ArchitectureInfo],
    list: &ListArguments,
) -> Result<Exit> {
    let mut costs = costs(worker, architectures)?;
    if let Some(key) = list.sort {
        costs.sort_by_key(|cost| Reverse(number(cost, key)));
    }
    match (list.json, list.csv) {
        (true, _) => output::json(
            &json!({ "architectures": costs.iter().map(ArchitectureCost::json).collect::<Value>() }),
        )?,
        (_, true) => {
            output::csv(ArchitectureCost::HEAD, costs.iter().map(ArchitectureCost::exact))?
        }
        _ => output::table(ArchitectureCost::HEAD, costs.iter().map(ArchitectureCost::rounded))?,
    }
    Ok(Exit::Done)
}

fn number(cost: &ArchitectureCost, key: SortKey) -> u64 {
    let attributes = &cost.attributes;
    match key {
        SortKey::Parameters => attributes.parameters,
        SortKey::Macs => attributes.macs,
        SortKey::Operators => attributes.operators,
        SortKey::LongestPath => attributes.longest_path,
        // Exact enough to sort by.
        SortKey::Parallelism => (attributes.parallelism() * 1e6) as u64,
        SortKey::Intensity => (attributes.intensity() * 1e6) as u64,
        SortKey::Depthwise => (attributes.share(attributes.depthwise_macs) * 1e9) as u64,
        SortKey::WeightBytes => attributes.weight_bytes,
        SortKey::PeakActivationBytes => attributes.peak_activation_bytes,
    }
}
