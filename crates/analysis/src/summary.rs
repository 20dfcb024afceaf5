//! A run in numbers.

use std::collections::{BTreeMap, BTreeSet};

use formbench_store::CellRow;
use serde::Serialize;

use crate::{CellNumbers, DisturbanceCounts, DisturbedBlocks, Narrowing, Run, cell_numbers};

/// A run in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunSummary {
    /// Name of the run.
    pub run: String,
    /// Short name of the machine.
    pub host: String,
    /// Its processor.
    pub cpu_model: String,
    /// Name of the budget profile.
    pub profile: String,
    /// Wall time inside timed blocks or warm-up, of the time from the run's start to its last block.
    /// Not known of a run that several commands took: nothing was measured between them.
    pub share_measuring: Option<f64>,
    /// Share of processes whose warm-up was steady before its cap.
    pub share_steady: Option<f64>,
    /// Largest processor time over wall time of a block, per thread asked for.
    pub most_processors_per_thread: Option<f64>,
    /// Blocks of the run.
    pub blocks: usize,
    /// Those that no number is made of, and why.
    pub disturbed: DisturbanceCounts,
    /// Samples of the cells that are shown.
    pub samples: usize,
    /// How soon speed-ups were known as well as asked.
    pub narrowing: Narrowing,
    /// Speed-ups whose interval is wider than the experiment asks for, of how many.
    pub wide: [usize; 2],
    /// Every cell's numbers.
    pub lines: Vec<CellNumbers>,
}

impl RunSummary {
    /// Returns the numbers of a run, with those of the cells that `takes` accepts.
    pub fn of(run: &Run, takes: impl Fn(&CellRow) -> bool) -> Self {
        let lines = cell_numbers(run, takes);
        Self {
            run: run.host.run.clone(),
            host: run.host.host.clone(),
            cpu_model: run.host.cpu_model.clone(),
            profile: run.host.profile.clone(),
            share_measuring: share_measuring(run),
            share_steady: share_steady(run),
            most_processors_per_thread: most_processors_per_thread(run),
            blocks: run.blocks.len(),
            disturbed: DisturbedBlocks::of(run).counts(),
            samples: lines.iter().map(|line| line.samples).sum(),
            narrowing: Narrowing::of(run),
            wide: [
                lines.iter().filter(|line| line.wide == Some(true)).count(),
                lines.iter().filter(|line| line.wide.is_some()).count(),
            ],
            lines,
        }
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
    let ends = run
        .blocks
        .iter()
        .map(|block| block.started_unix_ns + block.span_ns.unwrap_or(block.wall_ns));
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

/// Returns the largest processor time over wall time of a block, per thread asked for.
fn most_processors_per_thread(run: &Run) -> Option<f64> {
    let used = run.blocks.iter().filter_map(|block| {
        let threads = run.cells.get(&block.cell)?.threads;
        Some(block.cpu_ns as f64 / block.wall_ns as f64 / f64::from(threads))
    });
    used.filter(|used| used.is_finite()).reduce(f64::max)
}
