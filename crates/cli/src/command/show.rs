//! A run's numbers: medians and speed-ups with their intervals, refusals, where the time went.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use formbench_experiment::Filter;
use formbench_report::{Pairs, Rounds, Run, read_run};
use formbench_statistics::{Bootstrap, Estimate};
use formbench_store::{CellRow, RefusalRow};
use serde::Serialize;

use crate::arguments::{Arguments, ShowArguments};
use crate::exit::Exit;
use crate::{location, output};

/// One cell's numbers.
#[derive(Debug, Serialize)]
struct Line {
    cell: String,
    architecture: String,
    engine: String,
    threads: u32,
    resolution: u32,
    rounds: usize,
    samples: usize,
    median_ms: Option<[f64; 3]>,
    speed_up: Option<[f64; 3]>,
    refusal: Option<Reason>,
}

/// Why a cell has no more samples.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Reason {
    kind: String,
    reason: String,
    remedy: Option<String>,
}

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
    samples: usize,
    lines: Vec<Line>,
}

/// Prints a run's numbers.
///
/// # Errors
/// There is no run or it cannot be read.
pub fn execute(arguments: &Arguments, show: &ShowArguments) -> Result<Exit> {
    let folder = location::run(show.run.as_ref(), &arguments.data)?;
    let run = read_run(&folder)?;
    let summary = summary(&run, &show.filter.filter());
    if show.json {
        output::json(&summary)?;
        return Ok(Exit::Done);
    }
    output::table(
        ["architecture", "engine", "threads", "n", "median ms", "speed-up"],
        summary.lines.iter().map(row),
    )?;
    for Reason { kind, reason, remedy } in reasons(&summary) {
        let remedy = remedy.as_ref().map_or(String::new(), |remedy| format!("; {remedy}"));
        output::text(&format!("refused: {kind}: {reason}{remedy}"))?;
    }
    output::text(&closing(&summary))?;
    Ok(Exit::Done)
}

fn summary(run: &Run, filter: &Filter) -> Summary {
    let baselines = baselines(run);
    let asked: BTreeSet<&str> = (run.members.iter())
        .filter(|member| filter.takes_experiment(&member.experiment))
        .map(|member| member.cell.as_str())
        .collect();
    let takes = |cell: &&CellRow| {
        asked.contains(cell.cell.as_str())
            && filter.takes_architecture(&cell.architecture())
            && filter.takes_engine(&cell.engine_label())
            && filter.takes_threads(cell.threads)
    };
    let mut cells: Vec<&CellRow> = run.cells.values().filter(takes).collect();
    cells.sort_by_key(|cell| {
        (cell.architecture(), cell.resolution, cell.threads, cell.engine_label())
    });
    let lines: Vec<Line> = cells.into_iter().map(|cell| line(run, cell, &baselines)).collect();
    Summary {
        run: run.host.run.clone(),
        host: run.host.host.clone(),
        cpu_model: run.host.cpu_model.clone(),
        profile: run.host.profile.clone(),
        share_measuring: share_measuring(run),
        share_steady: share_steady(run),
        most_processors_per_thread: most_processors_per_thread(run),
        blocks: run.blocks.len(),
        samples: lines.iter().map(|line| line.samples).sum(),
        lines,
    }
}

/// What makes two cells comparable, apart from the engine.
type Group = (String, u32, u32, u64, u64, u32);

fn group(cell: &CellRow) -> Group {
    let CellRow { batch, resolution, input_seed, weights_seed, threads, .. } = *cell;
    (cell.architecture(), batch, resolution, input_seed, weights_seed, threads)
}

/// Returns each group's baseline cell.
fn baselines(run: &Run) -> BTreeMap<Group, String> {
    let members = run.members.iter().filter(|member| member.baseline);
    let cells = members.filter_map(|member| run.cells.get(&member.cell));
    cells.map(|cell| (group(cell), cell.cell.clone())).collect()
}

fn line(run: &Run, cell: &CellRow, baselines: &BTreeMap<Group, String>) -> Line {
    let rounds = Rounds::of(run, &cell.cell);
    let bootstrap = Bootstrap::default();
    let refusal = run.refusals.iter().find(|refusal| refusal.cell == cell.cell);
    let baseline = baselines.get(&group(cell)).filter(|baseline| **baseline != cell.cell);
    Line {
        cell: cell.cell.clone(),
        architecture: cell.architecture(),
        engine: engine(cell),
        threads: cell.threads,
        resolution: cell.resolution,
        rounds: rounds.len(),
        samples: rounds.samples,
        median_ms: bootstrap.latency(&rounds.medians_ns).map(|ns| triple(ns, 1e-6)),
        speed_up: baseline
            .and_then(|baseline| bootstrap.speed_up(&Pairs::of(run, baseline, &cell.cell).rounds))
            .map(|ratio| triple(ratio, 1.0)),
        refusal: refusal.map(reason),
    }
}

/// Returns the engine with its options, and the device where it is not the processor.
fn engine(cell: &CellRow) -> String {
    match cell.device_kind.as_str() {
        "cpu" | "simulated" | "missing" => cell.engine_label(),
        kind => format!("{} on {} ({kind})", cell.engine_label(), cell.device),
    }
}

fn triple(estimate: Estimate, scale: f64) -> [f64; 3] {
    [estimate.value * scale, estimate.low * scale, estimate.high * scale]
}

fn reason(refusal: &RefusalRow) -> Reason {
    let RefusalRow { kind, reason, remedy, .. } = refusal.clone();
    Reason { kind, reason, remedy }
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

fn row(line: &Line) -> [String; 6] {
    let shown = |triple: Option<[f64; 3]>| {
        triple.map(|[value, low, high]| format!("{value:.2} [{low:.2}, {high:.2}]"))
    };
    let median =
        shown(line.median_ms).or_else(|| Some(format!("refused: {}", line.refusal.as_ref()?.kind)));
    [
        line.architecture.clone(),
        line.engine.clone(),
        line.threads.to_string(),
        line.samples.to_string(),
        median.unwrap_or_default(),
        shown(line.speed_up).unwrap_or_default(),
    ]
}

/// Returns the reasons of refusals, each once.
fn reasons(summary: &Summary) -> BTreeSet<&Reason> {
    summary.lines.iter().filter_map(|line| line.refusal.as_ref()).collect()
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
        "\n{} on {} ({}), profile {}: {} blocks, {} samples{share}{processors}\n\
         brackets: 95 % interval of a bootstrap over rounds and blocks",
        summary.run,
        summary.host,
        summary.cpu_model,
        summary.profile,
        summary.blocks,
        summary.samples,
    )
}
