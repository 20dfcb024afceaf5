//! A run's numbers: medians and speed-ups with their intervals, refusals, where the time went.

mod saved;

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use formbench_analysis::number::significant;
use formbench_analysis::results::result_rows;
use formbench_analysis::{CellNumbers, Refused, RunSummary, read_run, results_csv};
use formbench_experiment::Filter;
use formbench_store::CellRow;

use crate::arguments::{Arguments, ShowArguments};
use crate::exit::Exit;
use crate::filtered::narrow_to_some;
use crate::{location, output};

/// Heads of the table's columns.
const HEAD: [&str; 15] = [
    "architecture",
    "input",
    "engine",
    "threads",
    "n",
    "median ms",
    "p90",
    "p99",
    "load",
    "first",
    "MiB",
    "speed-up",
    "host",
    "without contention",
    "over",
];

/// Prints a run's numbers.
///
/// # Errors
/// There is no run, it cannot be read, or the filters leave nothing of it.
pub fn execute(arguments: &Arguments, show: &ShowArguments) -> Result<Exit> {
    let folder = location::run(show.run.as_ref(), &arguments.data)?;
    let mut run = read_run(&folder)?;
    let filter = show.filter.filter();
    narrow_to_some(&mut run, &filter)?;
    if show.csv {
        let rows = result_rows(&run);
        output::text(&results_csv(&rows).context("cannot write CSV")?)?;
        return Ok(Exit::Done);
    }
    if show.saved {
        return saved::print(&run, takes(&filter), show.json);
    }
    let summary = RunSummary::of(&run);
    if show.json {
        output::json(&summary)?;
        return Ok(Exit::Done);
    }
    output::table(HEAD, summary.lines.iter().map(row))?;
    for Refused { kind, reason, remedy } in reasons(&summary) {
        let remedy = remedy.as_ref().map_or(String::new(), |remedy| format!("; {remedy}"));
        output::text(&format!("refused: {}: {reason}{remedy}", kind.label()))?;
    }
    output::text(&summary.closing())?;
    Ok(Exit::Done)
}

/// Returns which engines are asked for, beside whom their baselines stand.
fn takes(filter: &Filter) -> impl Fn(&CellRow) -> bool {
    move |cell| filter.takes_engine(&cell.engine_label())
}

fn row(line: &CellNumbers) -> [String; 15] {
    let shown = |triple: Option<[f64; 3]>| {
        triple.map(|[value, low, high]| {
            if low < high {
                format!("{value:.2} [{low:.2}, {high:.2}]")
            } else {
                format!("{value:.2}")
            }
        })
    };
    let number = |number: Option<f64>| number.map_or_else(String::new, |of| significant(of, 3));
    let median = shown(line.median_ms)
        .or_else(|| Some(format!("refused: {}", line.refusal.as_ref()?.kind.label())));
    let wide = if line.wide == Some(true) { " wide" } else { "" };
    let speed_up = shown(line.speed_up).map(|shown| shown + wide).unwrap_or_default();
    let without = shown(line.without_contention).unwrap_or_default();
    [
        line.architecture.clone(),
        input(line),
        line.engine.clone(),
        line.threads.to_string(),
        line.samples.to_string(),
        median.unwrap_or_default(),
        number(line.p90_ms),
        number(line.p99_ms),
        number(line.load_ms),
        number(line.first_inference_ms),
        number(line.peak_memory_mib),
        speed_up,
        line.found.unwrap_or_default().to_owned(),
        without,
        line.over.clone().unwrap_or_default(),
    ]
}

/// Returns what the cell is given: pixels of an image's side, and how many images if several.
fn input(line: &CellNumbers) -> String {
    let pixels = line.resolution.map(|pixels| match line.batch {
        None | Some(1) => format!("{pixels} px"),
        Some(batch) => format!("{batch} × {pixels} px"),
    });
    pixels.or_else(|| line.inputs.clone()).unwrap_or_default()
}

/// Returns the reasons of refusals, each once.
fn reasons(summary: &RunSummary) -> BTreeSet<&Refused> {
    summary.lines.iter().filter_map(|line| line.refusal.as_ref()).collect()
}
