//! What engines save over their baselines, and on what.

use anyhow::{Result, bail};
use formbench_analysis::Run;
use formbench_analysis::anatomy::{
    LEAST_SAVED, SavedOperator, SavedPart, Saving, TimedSaving, savings,
};
use formbench_analysis::number::{fixed, percent};
use formbench_store::CellRow;

use crate::exit::Exit;
use crate::output;

const HEAD: [&str; 6] = [
    "architecture",
    "engine",
    "saves",
    "of that, % by kind of work",
    "most in one operator",
    "by optimising the graph",
];

/// Nodes of an operator that are named.
const MOST_NODES: usize = 2;

/// Share of what is saved, or lost, from which a kind of work is named.
const LEAST_SHOWN: f64 = 0.03;

/// Prints what each engine saves on each architecture, of the cells that `takes` accepts.
///
/// # Errors
/// No operators were timed.
pub fn print(run: &Run, takes: impl Fn(&CellRow) -> bool, json: bool) -> Result<Exit> {
    let savings = savings(run, takes);
    if savings.is_empty() {
        bail!(
            "no operators of these cells and their baselines were timed: `formbench profile RUN` does"
        );
    }
    if json {
        output::json(&savings)?;
        return Ok(Exit::Done);
    }
    output::text(
        "One profile of each architecture and engine, as METHODOLOGY.md says (Time per operator).\n",
    )?;
    if savings.iter().any(|saving| saving.timed.is_some()) {
        output::table(HEAD, savings.iter().map(row))?;
        output::text("\nWhat optimising the graph saves is timed, not profiled.")?;
    } else {
        let [head @ .., _] = HEAD;
        output::table(head, savings.iter().map(row).map(|[row @ .., _]| row))?;
    }
    if savings.iter().any(|saving| saving.saved < LEAST_SAVED) {
        let least = percent(LEAST_SAVED);
        output::text(&format!(
            "\nWhere less than {least} is saved, its shares say nothing and are left out."
        ))?;
    }
    Ok(Exit::Done)
}

fn row(saving: &Saving) -> [String; 6] {
    [
        saving.architecture.clone(),
        saving.engine.clone(),
        format!("{} of {}", percent(saving.saved), saving.over),
        parts(saving).join(", "),
        saving.most.as_ref().map_or_else(String::new, |most| operator(saving, most)),
        saving.timed.as_ref().and_then(by_graph_optimisation).unwrap_or_default(),
    ]
}

/// Returns a share of what is saved in whole percent, unless too little is saved.
fn of_saved(share: f64, saved: f64) -> Option<String> {
    (saved >= LEAST_SAVED).then(|| fixed(100.0 * share / saved, 0))
}

/// Returns the kinds of work with their shares of what is saved, most first, and what the small ones come to.
fn parts(saving: &Saving) -> Vec<String> {
    let is_large = |part: &&SavedPart| part.saved().abs() >= LEAST_SHOWN * saving.saved;
    let (large, small): (Vec<_>, Vec<_>) = saving.parts.iter().partition(is_large);
    let rest = small.into_iter().map(SavedPart::saved).sum();
    let named = large.into_iter().map(|part| (part.part, part.saved()));
    let named = named.chain([("the rest", rest)]);
    let share = |(part, saved)| Some(format!("{part} {}", of_saved(saved, saving.saved)?));
    named.filter_map(share).collect()
}

fn operator(saving: &Saving, most: &SavedOperator) -> String {
    let share = of_saved(most.baseline_share - most.engine_share, saving.saved);
    let share = share.map_or_else(String::new, |share| format!("{share} %: "));
    let times = [most.baseline_share, most.engine_share].map(percent).join(" \u{2192} ");
    format!("{share}{} {}, {times}", most.part, nodes(&most.nodes))
}

fn by_graph_optimisation(timed: &TimedSaving) -> Option<String> {
    Some(format!("{} %", of_saved(timed.by_graph_optimisation, timed.all)?))
}

fn nodes(nodes: &[String]) -> String {
    let named = nodes.iter().take(MOST_NODES).map(String::as_str).collect::<Vec<_>>().join(" + ");
    match nodes.len().saturating_sub(MOST_NODES) {
        0 => named,
        more => format!("{named} + {more} more"),
    }
}
