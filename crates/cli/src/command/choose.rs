//! Which network to take on an engine: published accuracy beside measured latency.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use formbench_analysis::choice::{
    self, Candidate, Choice, Regret, Requirements, Threads, WithinLimits, candidates, on_engines,
    published,
};
use formbench_analysis::number::{fixed, significant};
use formbench_analysis::{cell_numbers, read_run};
use serde_json::json;

use crate::arguments::{Arguments, ChooseArguments};
use crate::exit::Exit;
use crate::{location, output};

/// Heads of the table's columns.
const HEAD: [&str; 9] = [
    "network",
    "top-1 %",
    "recipe",
    "engine",
    "median ms",
    "p90",
    "MiB",
    "host",
    "within the limits",
];
const SOURCE: &str = "top-1 as published for the weights or in the paper that is named, not measured here; recipes of \
                      training differ, and accuracies compare them too";

/// Prints the networks that are not beaten in both accuracy and latency, and which of them keep to the limits.
///
/// # Errors
/// There is no run, one cannot be read or is of another machine, or they have nothing of what is asked for.
pub fn execute(arguments: &Arguments, choose: &ChooseArguments) -> Result<Exit> {
    let mut all = Vec::new();
    let latest = location::run(choose.runs.first(), &arguments.data)?;
    let mut machines = BTreeSet::new();
    for folder in std::iter::once(&latest).chain(choose.runs.iter().skip(1)) {
        let run = read_run(folder)?;
        machines.insert(format!("{} ({})", run.host.host, run.host.cpu_model));
        all.extend(candidates(&cell_numbers(&run, |_| true), &published()));
    }
    if machines.len() > 1 {
        let machines: Vec<String> = machines.into_iter().collect();
        bail!(
            "latencies of several machines do not compare: {}; name runs of one",
            machines.join(", ")
        );
    }
    let threads = match choose.threads.as_deref() {
        None if choose.regret => Threads::Any,
        None => Threads::These(1),
        Some(number) => number.parse().map_or(Threads::Most, Threads::These),
    };
    let taken = on_engines(&all, &choose.engines, threads)?;
    if choose.regret {
        return regrets(&taken, choose.json);
    }
    let limits = Requirements {
        latency_ms: choose.latency_ms,
        top1_percent: choose.top1,
        memory_mib: choose.memory_mb,
    };
    let Choice { network, front } = Choice::among(&taken, &limits);
    if choose.json {
        let row =
            |one: &Candidate| json!({ "candidate": one, "within_limits": limits.kept_by(one) });
        let rows: Vec<_> = front.iter().rev().map(row).collect();
        output::json(&json!({ "choice": network, "front": rows }))?;
    } else {
        output::table(HEAD, front.iter().rev().map(|one| row(one, &limits)))?;
        output::text(&format!("\n{}\n{SOURCE}", said(network.as_ref(), front.first())))?;
    }
    Ok(if network.is_some() { Exit::Done } else { Exit::Failed })
}

fn row(one: &Candidate, limits: &Requirements) -> [String; 9] {
    let [median, low, high] = formbench_analysis::number::alike(one.median_ms, 3);
    let number = |number: Option<f64>| number.map_or_else(String::new, |of| significant(of, 3));
    let kept = match limits.kept_by(one) {
        WithinLimits::Yes => "yes",
        WithinLimits::Perhaps => "perhaps: within the interval",
        WithinLimits::No => "no",
    };
    [
        one.published.network.clone(),
        fixed(one.published.top1_percent, 1),
        one.published.recipe.clone(),
        one.engine.clone(),
        format!("{median} [{low}, {high}]"),
        number(one.p90_ms),
        number(one.peak_memory_mib),
        one.found.unwrap_or_default().to_owned(),
        kept.to_owned(),
    ]
}

/// Returns the answer in words.
fn said(choice: Option<&Candidate>, fastest: Option<&Candidate>) -> String {
    let shown = |one: &Candidate| {
        let Candidate { published, engine, median_ms, .. } = one;
        format!("{} on {engine}, {} ms", published.network, significant(median_ms[0], 3))
    };
    match (choice, fastest) {
        (Some(choice), _) => format!("the most accurate within the limits: {}", shown(choice)),
        (None, Some(fastest)) => {
            format!("none is within the limits; the fastest: {}", shown(fastest))
        }
        (None, None) => "none is as accurate and as small as asked".to_owned(),
    }
}

/// Prints for each pair of engines how much longer inferences take that are run on one with networks chosen for the other.
fn regrets(taken: &[Candidate], as_json: bool) -> Result<Exit> {
    let regrets = choice::regrets(taken);
    if as_json {
        output::json(&regrets)?;
        return Ok(Exit::Done);
    }
    let row =
        |one: &Regret| [one.chosen_for.clone(), one.run_on.clone(), fixed(one.times_as_long, 3)];
    output::table(["chosen for", "run on", "times as long"], regrets.iter().map(row))?;
    output::text(&format!(
        "\nas a network takes there that is as accurate and the fastest: the geometric mean over the front of what was chosen\n{SOURCE}"
    ))?;
    Ok(Exit::Done)
}
