use formbench_statistics::{PairedRound, TurnPair};
use formbench_store::CellRow;
use serde::Serialize;

use crate::Run;
use crate::rounds::{POINT, SharedTurns};
use crate::view::{Comparison, group};

/// The engine whose graph optimisation can be left out, and the option and the value that do.
const ENGINE: &str = "onnxruntime";
const OPTION: &str = "graph_optimization";
const OFF: &str = "disabled";

/// What an engine saves, and how much of it by optimising the graph: shares of the baseline's latency, by the run's timings, not
/// its profiles.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TimedSaving {
    /// What it saves.
    pub all: f64,
    /// What of it is not saved where the graph is left as it is.
    pub by_graph_optimisation: f64,
}

impl TimedSaving {
    /// Returns what the optimisation of the graph saves, if the run timed an engine's defaults, its graph left as it is, and the
    /// baseline in turns that all three took.
    pub(super) fn of(run: &Run, pair: Comparison<'_>) -> Option<Self> {
        let (baseline, engine) = (pair.baseline, pair.accelerated);
        if engine.engine != ENGINE || engine.options != "{}" {
            return None;
        }
        let unoptimised = serde_json::json!({ OPTION: OFF }).to_string();
        let is_it = |cell: &&CellRow| {
            cell.engine == ENGINE && cell.options == unoptimised && group(cell) == group(engine)
        };
        let unoptimised = run.cells.values().find(is_it)?;
        let turns = SharedTurns::of(run, &[&baseline.cell, &engine.cell, &unoptimised.cell]);
        // What is left of the baseline's latency.
        let left = |at: usize| Some(1.0 / POINT.speed_up(&paired(&turns, at))?.value);
        let (with, without) = (left(1)?, left(2)?);
        Some(Self { all: 1.0 - with, by_graph_optimisation: without - with })
    }
}

/// Returns the turns of the first of the cells and of another, by round.
fn paired(turns: &SharedTurns, at: usize) -> Vec<PairedRound> {
    let pair = |medians_ns: &Vec<f64>| TurnPair {
        baseline_ns: medians_ns[0],
        accelerated_ns: medians_ns[at],
        conditions: None,
    };
    turns.medians_ns.iter().map(|round| round.iter().map(pair).collect()).collect()
}
