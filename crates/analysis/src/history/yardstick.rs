//! By what number runs of a cell are compared.

use std::collections::BTreeSet;

use formbench_statistics::{Found, LevelChange, RunLevel, RunScatter};
use serde::Serialize;

use super::{CellIdentity, OverBaseline, Point, Release};

/// What kind of number runs are compared by: what differs between runs of the same differs by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberKind {
    /// Speed-ups of turns on a quiet host.
    QuietSpeedUp,
    /// Speed-ups of which one at least is as found, or of a version that did not look.
    SpeedUp,
    /// Latencies, with what the host was like in each run's hour.
    Latency,
}

impl NumberKind {
    /// All kinds.
    pub(super) const ALL: [Self; 3] = [Self::QuietSpeedUp, Self::SpeedUp, Self::Latency];

    /// Returns the numbers in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::QuietSpeedUp => "speed-ups of quiet turns",
            Self::SpeedUp => "speed-ups as found",
            Self::Latency => "latencies",
        }
    }

    /// Returns by how much runs of the same are expected to differ before any was repeated, as a standard deviation of
    /// the logarithm: METHODOLOGY, "History".
    pub(super) fn expected_sd(self) -> f64 {
        match self {
            Self::QuietSpeedUp => 0.005,
            Self::SpeedUp => 0.03,
            Self::Latency => 0.10,
        }
    }
}

/// A baseline and its release.
pub(super) type Baseline<'a> = (&'a CellIdentity, &'a Release);

/// What the runs of two versions say by one kind of number.
pub(super) struct Sides<'a> {
    pub(super) kind: NumberKind,
    /// What the cell is compared with, in all of them; nothing of latencies.
    pub(super) baseline: Option<Baseline<'a>>,
    pub(super) before: Vec<RunLevel>,
    pub(super) after: Vec<RunLevel>,
    /// Rounds of each.
    pub(super) rounds: [usize; 2],
    /// Whether some number is as found.
    pub(super) is_as_found: bool,
}

impl<'a> Sides<'a> {
    /// Returns both sides by their speed-ups over one release of one baseline, which cancels what the host was like; where
    /// they share none, by their latencies. A baseline that another version of formbench measured is another one.
    pub(super) fn of(before: &[&'a Point], after: &[&'a Point]) -> Self {
        let mut all = before.iter().chain(after).map(|point| &point.formbench);
        let is_of_one_formbench = all.next().is_some_and(|first| all.all(|other| other == first));
        match shared_baseline(before, after).filter(|_| is_of_one_formbench) {
            Some(baseline) => Self::by_speed_up(before, after, baseline),
            None => Self::by_latency(before, after),
        }
    }

    fn by_speed_up(before: &[&'a Point], after: &[&'a Point], baseline: Baseline<'a>) -> Self {
        let [before, after] = [before, after].map(|points| over(points, baseline));
        let all = || before.iter().chain(&after);
        let is_quiet = all().all(|one| one.is_quiet());
        let levels = |side: &[&OverBaseline]| side.iter().map(|one| one.relative_time).collect();
        let rounds = |side: &[&OverBaseline]| side.iter().map(|one| one.rounds).sum();
        Self {
            kind: if is_quiet { NumberKind::QuietSpeedUp } else { NumberKind::SpeedUp },
            baseline: Some(baseline),
            is_as_found: all().any(|one| is_as_found(one.found)),
            rounds: [rounds(&before), rounds(&after)],
            before: levels(&before),
            after: levels(&after),
        }
    }

    fn by_latency(before: &[&Point], after: &[&Point]) -> Self {
        let levels = |side: &[&Point]| side.iter().map(|one| one.time).collect();
        let rounds = |side: &[&Point]| side.iter().map(|one| one.rounds).sum();
        Self {
            kind: NumberKind::Latency,
            baseline: None,
            is_as_found: before.iter().chain(after).any(|one| is_as_found(one.found)),
            rounds: [rounds(before), rounds(after)],
            before: levels(before),
            after: levels(after),
        }
    }

    /// Returns the change of time from one side to the other.
    pub(super) fn change(&self, scatter: RunScatter) -> Option<LevelChange> {
        LevelChange::between(&self.before, &self.after, scatter)
    }
}

/// Returns what runs say of a cell over one release of a baseline, those that do.
pub(super) fn over<'a>(points: &[&'a Point], baseline: Baseline<'_>) -> Vec<&'a OverBaseline> {
    points.iter().filter_map(|point| point.over.iter().find(|one| one.key() == baseline)).collect()
}

/// Returns every baseline that runs compare a cell with.
pub(super) fn baselines<'a>(points: &[&'a Point]) -> BTreeSet<Baseline<'a>> {
    points.iter().flat_map(|point| point.over.iter().map(OverBaseline::key)).collect()
}

/// Returns the baseline that most runs of both sides compare the cell with, of one release, if there is one.
fn shared_baseline<'a>(before: &[&'a Point], after: &[&'a Point]) -> Option<Baseline<'a>> {
    let counts = |baseline: &Baseline<'a>| {
        let [one, other] = [before, after].map(|points| over(points, *baseline).len());
        (one.min(other), one.max(other))
    };
    let shared = baselines(before).into_iter().filter(|baseline| counts(baseline).0 > 0);
    shared.max_by_key(counts)
}

impl OverBaseline {
    fn key(&self) -> Baseline<'_> {
        (&self.identity, &self.release)
    }
}

fn is_as_found(found: Option<&str>) -> bool {
    found == Some(Found::AsFound.label())
}
