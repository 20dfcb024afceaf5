//! What a run would measure, how long it takes and its size on disk.

use std::time::Duration;

use anyhow::Result;
use formbench_measure::{Estimate, RunCell, estimate};
use indicatif::{HumanBytes, HumanDuration};
use serde_json::{Value, json};

use crate::arguments::{Arguments, PlanArguments};
use crate::exit::Exit;
use crate::output;
use crate::planning::Planned;

/// Prints the plan.
///
/// # Errors
/// The worker does not answer, or an experiment is wrong.
pub fn execute(arguments: &Arguments, plan: &PlanArguments) -> Result<Exit> {
    let planned = Planned::new(arguments, &plan.selection)?;
    let software_gpu = plan.selection.software_gpu;
    let cost = estimate(&planned.cells, software_gpu);
    if plan.json {
        output::json(&as_json(&planned, &cost, software_gpu))?;
    } else {
        output::table(
            ["architecture", "engine", "resolution", "threads", "rounds", "key"],
            planned.cells.iter().map(|cell| row(cell, software_gpu)),
        )?;
        output::text(&format!("\n{}", summary(&planned, &cost)))?;
    }
    Ok(Exit::Done)
}

fn row(cell: &RunCell, software_gpu: bool) -> [String; 6] {
    let rounds = match cell.known_refusal(software_gpu) {
        Some(refusal) => format!("refused: {}", refusal.kind.label()),
        None => cell.budget.rounds.to_string(),
    };
    [
        cell.cell.architecture.to_string(),
        cell.cell.engine.to_string(),
        cell.cell.input.resolution.to_string(),
        cell.cell.threads.to_string(),
        rounds,
        cell.key.clone(),
    ]
}

fn summary(planned: &Planned, cost: &Estimate) -> String {
    format!(
        "profile {}: {} experiments, {} cells; {} to {}, {} on disk",
        planned.plan.extent,
        planned.plan.experiments.len(),
        planned.cells.len(),
        minutes(cost.least),
        minutes(cost.most),
        HumanBytes(cost.disk_bytes),
    )
}

fn minutes(duration: Duration) -> String {
    HumanDuration(duration).to_string()
}

fn as_json(planned: &Planned, cost: &Estimate, software_gpu: bool) -> Value {
    let cell = |run_cell: &RunCell| {
        json!({
            "key": run_cell.key,
            "architecture": run_cell.cell.architecture.to_string(),
            "engine": run_cell.cell.engine.to_string(),
            "input": run_cell.cell.input,
            "threads": run_cell.cell.threads,
            "rounds": run_cell.budget.rounds,
            "refusal": run_cell.known_refusal(software_gpu),
        })
    };
    json!({
        "profile": planned.plan.extent.to_string(),
        "experiments": planned.plan.experiments.iter().map(|one| &one.name).collect::<Vec<_>>(),
        "cells": planned.cells.iter().map(cell).collect::<Vec<_>>(),
        "least_s": cost.least.as_secs_f64(),
        "most_s": cost.most.as_secs_f64(),
        "disk_bytes": cost.disk_bytes,
    })
}
