//! What one run says of a cell.

use std::collections::{BTreeMap, BTreeSet};

use formbench_statistics::{Bootstrap, Estimate, Found, RunLevel};
use formbench_store::CellRow;
use serde::Serialize;

use super::{CellIdentity, Release};
use crate::cells::members;
use crate::view::{Comparison, compared_members};
use crate::{Pairs, Rounds, Run};

/// What one run says of a cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Name of the run.
    pub run: String,
    /// When it began, since 1970-01-01 UTC.
    pub started_unix_ns: u64,
    /// Version of formbench.
    pub formbench: String,
    /// The engine's release.
    pub engine: Release,
    /// Latency in ms, and both ends of its 95 % interval.
    pub latency_ms: [f64; 3],
    /// Rounds that it is made of.
    pub rounds: usize,
    /// Whether these were quiet; nothing where nobody looked.
    pub found: Option<&'static str>,
    /// Its speed-ups, over every baseline that it is compared with.
    pub over: Vec<OverBaseline>,
    /// What its changes are made of.
    #[serde(skip)]
    pub(super) time: RunLevel,
}

/// What one run says of a cell beside its baseline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverBaseline {
    /// The baseline with its options.
    pub baseline: String,
    /// The baseline's release.
    pub release: Release,
    /// Speed-up over it, and both ends of its 95 % interval.
    pub speed_up: [f64; 3],
    /// Rounds that it is made of.
    pub rounds: usize,
    /// Whether these were quiet; nothing where nobody looked.
    pub found: Option<&'static str>,
    #[serde(skip)]
    pub(super) identity: CellIdentity,
    /// What its changes are made of.
    #[serde(skip)]
    pub(super) relative_time: RunLevel,
}

/// Returns what a run says of those of its members that `takes` accepts; cells without a latency are left out.
pub(super) fn points(run: &Run, takes: impl Fn(&CellRow) -> bool) -> Vec<(CellIdentity, Point)> {
    let members = members(run);
    let is_asked = |cell: &&CellRow| members.contains(cell.cell.as_str()) && takes(cell);
    let cells: Vec<&CellRow> = run.cells.values().filter(is_asked).collect();
    let compared = compared(run);
    let point = |cell: &CellRow| {
        let over = compared.get(cell.cell.as_str()).map_or(&[][..], Vec::as_slice);
        Some((CellIdentity::of(run, cell), Point::of(run, cell, over)?))
    };
    cells.into_iter().filter_map(point).collect()
}

/// Returns every comparison of a run once, by key of the accelerated cell.
fn compared(run: &Run) -> BTreeMap<&str, Vec<Comparison<'_>>> {
    let mut seen = BTreeSet::new();
    let mut found: BTreeMap<&str, Vec<Comparison<'_>>> = BTreeMap::new();
    for pair in compared_members(run, run.members.iter()) {
        let accelerated = pair.accelerated.cell.as_str();
        if seen.insert((accelerated, pair.baseline.cell.as_str())) {
            found.entry(accelerated).or_default().push(pair);
        }
    }
    found
}

impl Point {
    fn of(run: &Run, cell: &CellRow, compared: &[Comparison<'_>]) -> Option<Self> {
        let rounds = Rounds::of(run, &cell.cell);
        let latency = Bootstrap::default().latency(&rounds.medians_ns)?;
        Some(Self {
            run: run.host.run.clone(),
            started_unix_ns: run.host.started_unix_ns,
            formbench: run.host.harness_version.clone(),
            engine: Release::of(cell),
            latency_ms: triple(latency, 1e-6),
            rounds: rounds.len(),
            found: said(rounds.found),
            over: compared.iter().filter_map(|pair| OverBaseline::of(run, *pair)).collect(),
            time: RunLevel::time(&rounds.medians_ns)?,
        })
    }
}

impl OverBaseline {
    fn of(run: &Run, pair: Comparison<'_>) -> Option<Self> {
        let pairs = Pairs::of(run, pair);
        let identity = CellIdentity::of(run, pair.baseline);
        Some(Self {
            baseline: identity.setting.clone(),
            release: Release::of(pair.baseline),
            speed_up: triple(Bootstrap::default().speed_up(&pairs.rounds)?, 1.0),
            rounds: pairs.rounds.len(),
            found: said(pairs.found),
            identity,
            relative_time: RunLevel::relative_time(&pairs.rounds)?,
        })
    }

    /// Returns whether it is made of turns on a quiet host.
    pub(super) fn is_quiet(&self) -> bool {
        self.found == Some(Found::Quiet.label())
    }
}

impl Release {
    /// Returns the release of a cell's engine.
    pub(super) fn of(cell: &CellRow) -> Self {
        let CellRow { engine_version, engine_build, instruction_set, .. } = cell.clone();
        Self { version: engine_version, build: engine_build, instruction_set }
    }
}

fn said(found: Found) -> Option<&'static str> {
    (found != Found::Unknown).then(|| found.label())
}

fn triple(estimate: Estimate, scale: f64) -> [f64; 3] {
    [estimate.value, estimate.low, estimate.high].map(|value| value * scale)
}
