//! By how much runs of one host differ whose versions do not: the least that counts as a change.

use std::collections::{BTreeMap, BTreeSet};

use formbench_statistics::{RunLevel, RunScatter};
use serde::Serialize;

use super::runs::HostPast;
use super::yardstick::{baselines, over};
use super::{NumberKind, Point, Versions};

/// By how much numbers of one kind differ between runs of the same versions on one host.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostScatter {
    /// Short name of the host.
    pub host: String,
    /// The kind of number.
    pub of: NumberKind,
    /// How many numbers were measured in several runs.
    pub repeated: usize,
    /// In how many runs.
    pub runs: usize,
    /// Standard deviation of their logarithms beyond what rounds explain; nothing where none was repeated.
    pub seen_sd: Option<f64>,
    /// The same with what is expected of such numbers: what changes are held against.
    pub sd: f64,
    #[serde(skip)]
    pub(super) counted: RunScatter,
}

/// What several runs of the same versions say of one kind of number.
#[derive(Default)]
struct Repeats<'a> {
    levels: Vec<Vec<RunLevel>>,
    runs: BTreeSet<&'a str>,
    numbers: usize,
    /// Repeats of the number that has most.
    freedom: u32,
}

/// Returns the scatter of each kind of number on a host.
pub(super) fn host_scatters(past: &HostPast) -> Vec<HostScatter> {
    let scatter = |of: NumberKind| {
        let Repeats { levels, runs, numbers, freedom } = Repeats::of(past, of);
        let seen = RunScatter::seen(&levels, freedom);
        let expected = RunScatter::expected(of.expected_sd());
        let counted = seen.map_or(expected, |seen| expected.with(seen));
        HostScatter {
            host: past.name.clone(),
            of,
            repeated: numbers,
            runs: runs.len(),
            seen_sd: seen.map(|seen| seen.sd),
            sd: counted.sd,
            counted,
        }
    };
    NumberKind::ALL.map(scatter).to_vec()
}

impl<'a> Repeats<'a> {
    fn of(past: &'a HostPast, kind: NumberKind) -> Self {
        let mut repeats = Self::default();
        for points in past.cells.values() {
            let mut versions: BTreeMap<Versions, Vec<&Point>> = BTreeMap::new();
            for point in points {
                versions.entry(Versions::of(point)).or_default().push(point);
            }
            repeats.add(&versions.into_values().collect::<Vec<_>>(), kind);
        }
        repeats
    }

    /// Adds what a cell's runs say, which are given by their versions.
    fn add(&mut self, versions: &[Vec<&'a Point>], kind: NumberKind) {
        if kind == NumberKind::Latency {
            let of_run = |point: &&'a Point| (point.run.as_str(), point.time);
            self.add_number(versions.iter().map(|points| points.iter().map(of_run).collect()));
            return;
        }
        let all: Vec<&Point> = versions.iter().flatten().copied().collect();
        for baseline in baselines(&all) {
            let speed_ups = |points: &Vec<&'a Point>| {
                let of_runs = points.iter().flat_map(|point| {
                    over(&[*point], baseline).into_iter().map(move |one| (point.run.as_str(), one))
                });
                let quiet_only = kind == NumberKind::QuietSpeedUp;
                let kept: Vec<_> =
                    of_runs.filter(|(_, one)| !quiet_only || one.is_quiet()).collect();
                let is_other_kind = !quiet_only && kept.iter().all(|(_, one)| one.is_quiet());
                let kept = kept.into_iter().filter(|_| !is_other_kind);
                kept.map(|(run, one)| (run, one.relative_time)).collect()
            };
            self.add_number(versions.iter().map(speed_ups));
        }
    }

    /// Adds what runs say of one number, by their versions.
    fn add_number(&mut self, versions: impl Iterator<Item = Vec<(&'a str, RunLevel)>>) {
        let repeated: Vec<_> = versions.filter(|runs| runs.len() > 1).collect();
        let freedom: usize = repeated.iter().map(|runs| runs.len() - 1).sum();
        self.freedom = self.freedom.max(freedom as u32);
        self.numbers += usize::from(freedom > 0);
        for runs in repeated {
            self.runs.extend(runs.iter().map(|(run, _)| *run));
            self.levels.push(runs.into_iter().map(|(_, level)| level).collect());
        }
    }
}

impl Versions {
    /// Returns the versions that a run is of.
    pub(super) fn of(point: &Point) -> Self {
        Self { engine: point.engine.clone(), formbench: point.formbench.clone() }
    }
}
