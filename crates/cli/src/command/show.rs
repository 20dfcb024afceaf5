//! A run's numbers: medians and speed-ups with their intervals, refusals, where the time went.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use formbench_analysis::{
    CellNumbers, DirtCounts, DirtyBlocks, Narrowing, Refused, Run, cell_numbers, read_run,
};
use formbench_experiment::Filter;
use formbench_store::CellRow;
use serde::Serialize;

use crate::arguments::{Arguments, ShowArguments};
use crate::exit::Exit;
use crate::{location, output};

/// A run in numbers.
#[derive(Debug, Serialize)]
struct Summary {
    run: String,
    host: String,
    cpu_model: String,
    profile: String,
    /// Wall time inside timed blocks or warm-up, of the time from the run's start to its last block.
    /// Not known of a run that several commands took: nobody measured between them.
    share_measuring: Option<f64>,
    /// Share of processes whose warm-up was steady before its cap.
    share_steady: Option<f64>,
    /// Largest processor time over wall time of a block, per thread asked for.
    most_processors_per_thread: Option<f64>,
    blocks: usize,
    /// Those that no number is made of, and why.
    dirty: DirtCounts,
    samples: usize,
    /// How soon speed-ups were known as well as asked.
    narrowing: Narrowing,
    /// Speed-ups whose interval is wider than the experiment asks for, of how many.
    wide: [usize; 2],
    lines: Vec<CellNumbers>,
}

/// Prints a run's numbers.
///
/// # Errors
/// There is no run or it cannot be read.
pub fn execute(arguments: &Arguments, show: &ShowArguments) -> Result<Exit> {
    let folder = location::run(show.run.as_ref(), &arguments.data)?;
    let mut run = read_run(&folder)?;
    let filter = show.filter.filter();
    run.members.retain(|member| filter.takes_experiment(&member.experiment));
    let summary = summary(&run, &filter);
    if show.json {
        output::json(&summary)?;
        return Ok(Exit::Done);
    }
    output::table(
        ["architecture", "engine", "threads", "n", "median ms", "speed-up", "over"],
        summary.lines.iter().map(row),
    )?;
    for Refused { kind, reason, remedy } in reasons(&summary) {
        let remedy = remedy.as_ref().map_or(String::new(), |remedy| format!("; {remedy}"));
        output::text(&format!("refused: {kind}: {reason}{remedy}"))?;
    }
    output::text(&closing(&summary))?;
    Ok(Exit::Done)
}

fn summary(run: &Run, filter: &Filter) -> Summary {
    let takes = |cell: &CellRow| {
        filter.takes_architecture(&cell.architecture())
            && filter.takes_engine(&cell.engine_label())
            && filter.takes_threads(cell.threads)
    };
    let lines = cell_numbers(run, takes);
    Summary {
        run: run.host.run.clone(),
        host: run.host.host.clone(),
        cpu_model: run.host.cpu_model.clone(),
        profile: run.host.profile.clone(),
        share_measuring: share_measuring(run),
        share_steady: share_steady(run),
        most_processors_per_thread: most_processors_per_thread(run),
        blocks: run.blocks.len(),
        dirty: DirtyBlocks::of(run).counts(),
        samples: lines.iter().map(|line| line.samples).sum(),
        narrowing: Narrowing::of(run),
        wide: [
            lines.iter().filter(|line| line.wide == Some(true)).count(),
            lines.iter().filter(|line| line.wide.is_some()).count(),
        ],
        lines,
    }
}

/// Returns the share of wall time spent in blocks and warm-ups; each process warms up once.
fn share_measuring(run: &Run) -> Option<f64> {
    let sessions: BTreeSet<u64> = run.blocks.iter().map(|block| block.session_unix_ns).collect();
    if sessions.len() > 1 {
        return None;
    }
    let warm_ups: BTreeMap<_, u64> = run
        .blocks
        .iter()
        .map(|block| ((&block.cell, block.round, block.process), block.warm_up_ns))
        .collect();
    let timed_ns: u64 = run.blocks.iter().map(|block| block.wall_ns).sum();
    let measuring_ns = timed_ns + warm_ups.values().sum::<u64>();
    let ends = run.blocks.iter().map(|block| block.started_unix_ns + block.wall_ns);
    let elapsed_ns = ends.max()?.checked_sub(run.host.started_unix_ns)?;
    (elapsed_ns > 0).then(|| measuring_ns as f64 / elapsed_ns as f64)
}

/// Returns the share of processes whose warm-up was steady.
fn share_steady(run: &Run) -> Option<f64> {
    let steady: BTreeMap<_, bool> = (run.blocks.iter())
        .map(|block| ((&block.cell, block.round, block.process), block.warm_up_stable))
        .collect();
    let count = steady.values().filter(|steady| **steady).count();
    (!steady.is_empty()).then(|| count as f64 / steady.len() as f64)
}

fn most_processors_per_thread(run: &Run) -> Option<f64> {
    let used = run.blocks.iter().filter_map(|block| {
        let threads = run.cells.get(&block.cell)?.threads;
        Some(block.cpu_ns as f64 / block.wall_ns as f64 / f64::from(threads))
    });
    used.filter(|used| used.is_finite()).reduce(f64::max)
}

fn row(line: &CellNumbers) -> [String; 7] {
    let shown = |triple: Option<[f64; 3]>| {
        triple.map(|[value, low, high]| match low < high {
            true => format!("{value:.2} [{low:.2}, {high:.2}]"),
            false => format!("{value:.2}"),
        })
    };
    let median =
        shown(line.median_ms).or_else(|| Some(format!("refused: {}", line.refusal.as_ref()?.kind)));
    let mark = if line.wide == Some(true) { " wide" } else { "" };
    let speed_up = shown(line.speed_up).map(|shown| shown + mark).unwrap_or_default();
    [
        line.architecture.clone(),
        line.engine.clone(),
        line.threads.to_string(),
        line.samples.to_string(),
        median.unwrap_or_default(),
        speed_up,
        line.over.clone().unwrap_or_default(),
    ]
}

/// Returns the reasons of refusals, each once.
fn reasons(summary: &Summary) -> BTreeSet<&Refused> {
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
fn how_well(Narrowing { turn_scatter, half_width, .. }: &Narrowing) -> String {
    let percent = |share: &Option<f64>| share.map(|share| format!("{:.0} %", 100.0 * share));
    let parts = [
        percent(half_width).map(|share| format!("the median one is ±{share}")),
        percent(turn_scatter).map(|share| format!("two blocks of one turn scatter by {share}")),
    ];
    parts.into_iter().flatten().map(|part| format!("; {part}")).collect()
}

fn closing(summary: &Summary) -> String {
    let percent = |share: Option<f64>, what: &str| {
        share.map_or(String::new(), |share| format!("; {:.0} % {what}", share * 100.0))
    };
    let share = percent(summary.share_measuring, "of the time inside timed blocks or warm-up")
        + &percent(summary.share_steady, "of the warm-ups steady before their cap");
    let processors = summary.most_processors_per_thread.map_or(String::new(), |most| {
        format!("; at most {most:.2} processors used per thread asked for")
    });
    format!(
        "\n{} on {} ({}), profile {}: {} blocks, {} samples{share}{processors}\n{}\n\
         brackets: 95 % interval of a bootstrap over rounds; {} of {} speed-ups wider than asked{}\n{}",
        summary.run,
        summary.host,
        summary.cpu_model,
        summary.profile,
        summary.blocks,
        summary.samples,
        summary.dirty.text().replace('\u{a0}', " "),
        summary.wide[0],
        summary.wide[1],
        how_well(&summary.narrowing),
        soon(&summary.narrowing),
    )
}
