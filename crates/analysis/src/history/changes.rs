//! What changed between versions, beyond what would differ by chance.

use formbench_statistics::holm;
use serde::Serialize;

use super::by_version::ByVersion;
use super::host_scatter::host_scatters;
use super::runs::HostPast;
use super::yardstick::Sides;
use super::{
    CellIdentity, HostScatter, NumberKind, Point, StepVerdict, VersionHistory, VersionStep,
};
use crate::number::{counted, percent};
use crate::order::engine_order;

/// Probability that anything at all is said to have changed where nothing did.
const LEVEL: f64 = 0.05;

/// What changed between versions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changes {
    /// Runs that were looked at.
    pub runs: usize,
    /// Every step that was looked at, by host, engine and cell.
    pub steps: Vec<VersionStep>,
    /// By how much runs of the same versions differ on each host.
    pub scatter: Vec<HostScatter>,
    /// Every cell, in the same order, with what each run says of it.
    pub cells: Vec<CellPast>,
}

/// A cell on a host, run by run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellPast {
    /// Short name of the host.
    pub host: String,
    /// Label of the architecture.
    pub architecture: String,
    /// What an inference is given, in words.
    pub input: String,
    /// Threads that the engine may compute on.
    pub threads: u32,
    /// Engine with its options.
    pub engine: String,
    /// Seed of what fills the inputs, and of the weights.
    pub seeds: [u64; 2],
    /// What each run says, in the order of time.
    pub points: Vec<Point>,
}

impl VersionHistory {
    /// Returns what changed between versions that follow each other; with `latest_only`, only to the versions of each
    /// cell's latest run.
    pub fn changes(&self, latest_only: bool) -> Changes {
        let (mut steps, mut scatter, mut cells) = (Vec::new(), Vec::new(), Vec::new());
        for (fingerprint, past) in self.in_order() {
            let of_host = host_scatters(past);
            for (identity, points) in past.in_order() {
                let by_version = ByVersion::of(points.iter());
                let mut sides = by_version.steps();
                sides.retain(|[_, after]| !latest_only || has_latest(after, points));
                let host = (fingerprint, past.name.as_str());
                let found = sides.into_iter().filter_map(|of| step(host, identity, of, &of_host));
                steps.extend(found);
                cells.push(CellPast::new(&past.name, identity, points));
            }
            scatter.extend(of_host);
        }
        judge(&mut steps);
        Changes { runs: self.runs(), steps, scatter, cells }
    }

    /// Returns the hosts with their fingerprints, by name.
    pub(super) fn in_order(&self) -> Vec<(&str, &HostPast)> {
        let hosts = self.hosts.iter().map(|(fingerprint, past)| (fingerprint.as_str(), past));
        let mut hosts: Vec<_> = hosts.collect();
        hosts.sort_by_key(|(fingerprint, past)| (past.name.as_str(), *fingerprint));
        hosts
    }
}

impl HostPast {
    /// Returns the cells by engine, in the order that every table keeps.
    pub(super) fn in_order(&self) -> Vec<(&CellIdentity, &[Point])> {
        let cells = self.cells.iter().map(|(identity, points)| (identity, points.as_slice()));
        let mut cells: Vec<_> = cells.collect();
        cells.sort_by_key(|(identity, _)| (engine_order(&identity.engine), *identity));
        cells
    }
}

/// Returns whether a cell's latest run is among runs.
fn has_latest(runs: &[&Point], of_cell: &[Point]) -> bool {
    of_cell.last().is_some_and(|latest| runs.iter().any(|run| run.run == latest.run))
}

fn step(
    host: (&str, &str),
    identity: &CellIdentity,
    [before, after]: [&[&Point]; 2],
    scatters: &[HostScatter],
) -> Option<VersionStep> {
    let sides = Sides::of(before, after);
    let scatter = scatter_of(scatters, sides.kind)?;
    let change = sides.change(scatter.counted)?;
    let ratio = change.ratio;
    Some(VersionStep {
        time: [ratio.value, ratio.low, ratio.high],
        probability: change.probability,
        ..VersionStep::new(host, identity, [before, after], &sides)?
    })
}

/// Returns the scatter of a kind of number.
pub(super) fn scatter_of(scatters: &[HostScatter], kind: NumberKind) -> Option<&HostScatter> {
    scatters.iter().find(|one| one.of == kind)
}

/// Says of each step whether it is a change, so that the probability of a single one that is none is 5 %.
fn judge(steps: &mut [VersionStep]) {
    let probabilities: Vec<f64> = steps.iter().map(|step| step.probability).collect();
    for (step, adjusted) in steps.iter_mut().zip(holm(&probabilities)) {
        step.adjusted_probability = adjusted;
        step.verdict = match adjusted {
            adjusted if adjusted > LEVEL => StepVerdict::NoChangeShown,
            _ if step.time[0] > 1.0 => StepVerdict::Slower,
            _ => StepVerdict::Faster,
        };
    }
}

impl CellPast {
    fn new(host: &str, identity: &CellIdentity, points: &[Point]) -> Self {
        Self {
            host: host.to_owned(),
            architecture: identity.architecture.clone(),
            input: identity.input_words(),
            threads: identity.threads,
            engine: identity.setting.clone(),
            seeds: identity.seeds,
            points: points.to_vec(),
        }
    }
}

impl Changes {
    /// Returns how many steps have a verdict.
    pub fn count(&self, verdict: StepVerdict) -> usize {
        self.steps.iter().filter(|step| step.verdict == verdict).count()
    }

    /// Returns what is to be said below a table of the steps: how many changed, and what they are held against.
    pub fn closing(&self) -> Vec<String> {
        let [slower, faster] =
            [StepVerdict::Slower, StepVerdict::Faster].map(|verdict| self.count(verdict));
        let found = format!(
            "{} between versions in {}: {slower} slower, {faster} faster; where nothing changed, the probability that \
             any is said to have changed is {}",
            counted(self.steps.len(), "step"),
            counted(self.runs, "run"),
            percent(LEVEL),
        );
        let is_used = |one: &&HostScatter| {
            self.steps.iter().any(|step| step.by == one.of && step.host == one.host)
        };
        let scatter = self.scatter.iter().filter(is_used).map(HostScatter::sentence);
        std::iter::once(found).chain(scatter).collect()
    }
}

impl HostScatter {
    /// Returns this in words.
    fn sentence(&self) -> String {
        let (host, of) = (&self.host, self.of.label());
        let counted_sd = percent(self.sd);
        match self.seen_sd {
            Some(seen) => format!(
                "{of} on {host}: runs of the same versions differ by {} beyond what their rounds explain ({} in \
                 {}); {counted_sd} is counted",
                percent(seen),
                counted(self.repeated, "number"),
                counted(self.runs, "run"),
            ),
            None => format!(
                "{of} on {host}: no version was run twice; runs are taken to differ by {counted_sd}"
            ),
        }
    }
}
