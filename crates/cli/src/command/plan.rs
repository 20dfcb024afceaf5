//! What a run would measure, how long it takes and its size on disk.

use std::time::Duration;

use anyhow::Result;
use formbench_campaign::{Done, EarlierRuns, Planned, Prediction, time};
use formbench_measure::RunCell;
use indicatif::{HumanBytes, HumanDuration};
use serde_json::{Value, json};

use crate::arguments::{Arguments, PlanArguments};
use crate::exit::Exit;
use crate::{output, planning};

/// Prints the plan.
///
/// # Errors
/// The worker does not answer, or an experiment is wrong.
pub fn execute(arguments: &Arguments, plan: &PlanArguments) -> Result<Exit> {
    let planned = planning::planned(arguments, &plan.selection)?;
    let software_gpu = plan.selection.software_gpu;
    let past = EarlierRuns::read(&arguments.data, &planned.host, &output::say);
    let nothing = |_: &RunCell| Done::default();
    let cost = Prediction::new(&planned, &past, software_gpu, plan.budget, nothing);
    if plan.json {
        output::json(&as_json(plan, &planned, &cost))?;
    } else {
        output::table(
            ["architecture", "engine", "input", "threads", "rounds", "key"],
            planned.cells.iter().map(|cell| row(cell, software_gpu)),
        )?;
        output::text(&format!("\n{}\n{}", summary(&planned, &cost), source(&cost)))?;
        if let (Some(budget), Some(measured)) = (plan.budget, cost.measured) {
            output::text(&within(budget, measured, &cost))?;
        }
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
        cell.cell.input.to_string(),
        cell.cell.threads.to_string(),
        rounds,
        cell.key.clone(),
    ]
}

fn summary(planned: &Planned, cost: &Prediction) -> String {
    let estimate = &cost.estimate;
    let kept = estimate.kept_bytes.map_or_else(String::new, |bytes| {
        format!(" while it runs, {} once it has ended", HumanBytes(bytes))
    });
    format!(
        "profile {}: {} experiments, {} cells{}; {} to {}, {} on disk{kept}",
        planned.plan.extent,
        planned.plan.experiments.len(),
        planned.cells.len(),
        refused(planned.cells.len() - measurable(cost)),
        minutes(estimate.least),
        minutes(estimate.most),
        HumanBytes(estimate.disk_bytes),
    )
}

/// Returns how many cells an engine can run.
fn measurable(cost: &Prediction) -> usize {
    let sources = cost.estimate.sources;
    sources.seen + sources.scaled + sources.bounded
}

fn refused(cells: usize) -> String {
    if cells == 0 { String::new() } else { format!(", {cells} of which their engines refuse here") }
}

/// Returns what the times are made from.
fn source(cost: &Prediction) -> String {
    let sources = cost.estimate.sources;
    if cost.runs == 0 {
        return "no earlier run on this host: the times are bounds, whatever the latencies are"
            .into();
    }
    format!(
        "predicted from {} earlier runs on this host: {} cells seen before, {} scaled from others of \
         their engine, {} unknown, whose times are bounds",
        cost.runs, sources.seen, sources.scaled, sources.bounded,
    )
}

/// Returns what a budget is enough for.
fn within(budget: Duration, measured: usize, cost: &Prediction) -> String {
    let cells = measurable(cost);
    let rest = match cost.estimate.least.checked_sub(budget) {
        Some(missing) if !missing.is_zero() => {
            format!("; their least rounds take {} more", time(missing))
        }
        _ => "; what is left after their least rounds narrows intervals, the nearest to what is asked first".to_owned(),
    };
    format!("a budget of {} measures {measured} of {cells} cells at all{rest}", time(budget))
}

fn minutes(duration: Duration) -> String {
    HumanDuration(duration).to_string()
}

fn as_json(plan: &PlanArguments, planned: &Planned, cost: &Prediction) -> Value {
    let software_gpu = plan.selection.software_gpu;
    let (estimate, sources) = (&cost.estimate, cost.estimate.sources);
    let cell = |run_cell: &RunCell| {
        json!({
            "key": run_cell.key,
            "architecture": run_cell.cell.architecture.to_string(),
            "engine": run_cell.cell.engine.to_string(),
            "input": run_cell.cell.input.without_places(),
            "threads": run_cell.cell.threads,
            "rounds": run_cell.budget.rounds,
            "refusal": run_cell.known_refusal(software_gpu),
        })
    };
    json!({
        "profile": planned.plan.extent.to_string(),
        "experiments": planned.plan.experiments.iter().map(|one| &one.name).collect::<Vec<_>>(),
        "cells": planned.cells.iter().map(cell).collect::<Vec<_>>(),
        "least_s": estimate.least.as_secs_f64(),
        "most_s": estimate.most.as_secs_f64(),
        "disk_bytes": estimate.disk_bytes,
        "kept_bytes": estimate.kept_bytes,
        "earlier_runs": cost.runs,
        "sources": {
            "seen": sources.seen, "scaled": sources.scaled, "bounded": sources.bounded,
        },
        "budget_s": plan.budget.map(|budget| budget.as_secs_f64()),
        "measured_within_budget": cost.measured,
    })
}
