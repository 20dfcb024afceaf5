//! A run's numbers: medians and speed-ups with their intervals, refusals, where the time went.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use formbench_analysis::number::{counted, significant};
use formbench_analysis::results::result_rows;
use formbench_analysis::{CellNumbers, Narrowing, Refused, RunSummary, read_run};
use formbench_experiment::Filter;
use formbench_report::results_csv;
use formbench_store::CellRow;

use crate::arguments::{Arguments, ShowArguments};
use crate::exit::Exit;
use crate::{location, output};

/// Heads of the table's columns.
const HEAD: [&str; 14] = [
    "architecture",
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
/// There is no run or it cannot be read.
pub fn execute(arguments: &Arguments, show: &ShowArguments) -> Result<Exit> {
    let folder = location::run(show.run.as_ref(), &arguments.data)?;
    let mut run = read_run(&folder)?;
    let filter = show.filter.filter();
    run.members.retain(|member| filter.takes_experiment(&member.experiment));
    if show.csv {
        let rows = result_rows(&run, takes(&filter));
        output::text(&results_csv(&rows).context("cannot write CSV")?)?;
        return Ok(Exit::Done);
    }
    let summary = RunSummary::of(&run, takes(&filter));
    if show.json {
        output::json(&summary)?;
        return Ok(Exit::Done);
    }
    output::table(HEAD, summary.lines.iter().map(row))?;
    for Refused { kind, reason, remedy } in reasons(&summary) {
        let remedy = remedy.as_ref().map_or(String::new(), |remedy| format!("; {remedy}"));
        output::text(&format!("refused: {}: {reason}{remedy}", kind.label()))?;
    }
    output::text(&closing(&summary))?;
    Ok(Exit::Done)
}

fn takes(filter: &Filter) -> impl Fn(&CellRow) -> bool {
    move |cell| {
        filter.takes_architecture(&cell.architecture())
            && filter.takes_engine(&cell.engine_label())
            && filter.takes_threads(cell.threads)
    }
}

fn row(line: &CellNumbers) -> [String; 14] {
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

/// Returns the reasons of refusals, each once.
fn reasons(summary: &RunSummary) -> BTreeSet<&Refused> {
    summary.lines.iter().filter_map(|line| line.refusal.as_ref()).collect()
}

/// Returns a line about how soon speed-ups were known.
fn soon(narrowing: &Narrowing) -> String {
    let Narrowing { latency_ms: [least, most], pairs, narrow, median_s, .. } = narrowing;
    let median = median_s.map_or(String::new(), |seconds| {
        format!(", of the median pair after {seconds:.1} s of both cells")
    });
    format!(
        "of {pairs} pairs whose faster cell takes {least:.0} to {most:.0} ms, {narrow} came to be as \
         narrow as asked{median}"
    )
}

/// Returns how well speed-ups are known, to go on behind how many are not known as asked.
fn how_well(Narrowing { log_ratio_sd, half_width, .. }: &Narrowing) -> String {
    let percent = |share: &Option<f64>| share.map(|share| format!("{:.0} %", 100.0 * share));
    let parts = [
        percent(half_width).map(|share| format!("the median one is ±{share}")),
        percent(log_ratio_sd).map(|share| format!("two bursts of one turn scatter by {share}")),
    ];
    parts.into_iter().flatten().map(|part| format!("; {part}")).collect()
}

fn closing(summary: &RunSummary) -> String {
    let percent = |share: Option<f64>, what: &str| {
        share.map_or(String::new(), |share| format!("; {:.0} % {what}", share * 100.0))
    };
    let share = percent(summary.share_measuring, "of the time inside timed blocks or warm-up")
        + &percent(summary.share_steady, "of the warm-ups steady before their cap")
        + &percent(summary.share_quiet, "of the turns on a quiet host");
    let processors = summary.most_processors_per_thread.map_or(String::new(), |most| {
        format!("; at most {most:.2} processors used per thread asked for")
    });
    let shortfall = summary.shortfalls.first().map_or(String::new(), |worst| {
        format!(
            "; {} left asked threads unused, most {} on {} ({:.2} of {})",
            counted(summary.shortfalls.len(), "cell"),
            worst.engine,
            worst.architecture,
            worst.used * f64::from(worst.threads),
            worst.threads,
        )
        .replace('\u{a0}', " ")
    });
    format!(
        "\n{} on {} ({}), profile {}: {} blocks, {} samples{share}{processors}{shortfall}\n{}\n\
         brackets: 95 % interval of a bootstrap over rounds; p90 and p99 of all inferences that count; load and first inference \
         in ms, medians over processes; {} of {} speed-ups wider than asked{}\n{}",
        summary.run,
        summary.host,
        summary.cpu_model,
        summary.profile,
        summary.blocks,
        summary.samples,
        summary.disturbed.text().replace('\u{a0}', " "),
        summary.wide[0],
        summary.wide[1],
        how_well(&summary.narrowing),
        soon(&summary.narrowing),
    )
}
