//! From one version to the next: one cell on one host.

use serde::Serialize;

use super::yardstick::{Baseline, Sides};
use super::{CellIdentity, NumberKind, Point, Versions};
use crate::number::signed_percent;

/// What the numbers say of a step between versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepVerdict {
    /// The later version takes longer.
    Slower,
    /// The later version takes less time.
    Faster,
    /// What differs may be chance.
    NoChangeShown,
}

impl StepVerdict {
    /// Returns the verdict in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Slower => "slower",
            Self::Faster => "faster",
            Self::NoChangeShown => "no change shown",
        }
    }
}

/// A cell on a host before and after a change of the engine's version or of formbench's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VersionStep {
    /// Short name of the host.
    pub host: String,
    /// Hash of the host's processor, cores and caches.
    pub fingerprint: String,
    /// Label of the architecture.
    pub architecture: String,
    /// What an inference is given, in words.
    pub input: String,
    /// Threads that the engine may compute on.
    pub threads: u32,
    /// Engine with its options.
    pub engine: String,
    /// Versions before.
    pub from: Versions,
    /// Versions after.
    pub to: Versions,
    /// Runs before.
    pub from_runs: Vec<String>,
    /// Runs after.
    pub to_runs: Vec<String>,
    /// Rounds of the runs before, and of those after.
    pub rounds: [usize; 2],
    /// The kind of number that it is measured by.
    pub by: NumberKind,
    /// The baseline of these speed-ups with its version; nothing of latencies.
    pub over: Option<String>,
    /// Whether some number is as found, on a busy host.
    pub as_found: bool,
    /// The later time over the earlier one, and both ends of its 95 % interval: above 1 is slower.
    pub time: [f64; 3],
    /// Probability that as large a change is found where there is none.
    pub probability: f64,
    /// The same among all steps that are looked at.
    pub adjusted_probability: f64,
    /// What that says.
    pub verdict: StepVerdict,
    #[serde(skip)]
    pub(super) identity: CellIdentity,
}

impl VersionStep {
    /// Returns the step of a cell between runs of two versions that say so much, without a verdict.
    pub(super) fn new(
        (fingerprint, host): (&str, &str),
        identity: &CellIdentity,
        [before, after]: [&[&Point]; 2],
        sides: &Sides<'_>,
    ) -> Option<Self> {
        let runs = |points: &[&Point]| points.iter().map(|point| point.run.clone()).collect();
        let over =
            |(baseline, release): Baseline<'_>| format!("{} {}", baseline.setting, release.version);
        Some(Self {
            host: host.to_owned(),
            fingerprint: fingerprint.to_owned(),
            architecture: identity.architecture.clone(),
            input: identity.input_words(),
            threads: identity.threads,
            engine: identity.setting.clone(),
            from: Versions::of(before.first()?),
            to: Versions::of(after.first()?),
            from_runs: runs(before),
            to_runs: runs(after),
            rounds: sides.rounds,
            by: sides.kind,
            over: sides.baseline.map(over),
            as_found: sides.is_as_found,
            time: [1.0; 3],
            probability: 1.0,
            adjusted_probability: 1.0,
            verdict: StepVerdict::NoChangeShown,
            identity: identity.clone(),
        })
    }

    /// Returns what the step is measured by, such as `speed-up over pytorch 2.9.1`.
    pub fn measure(&self) -> String {
        let number = match &self.over {
            Some(over) => format!("speed-up over {over}"),
            None => "latency, the host's hour in it".to_owned(),
        };
        if self.as_found { format!("{number}, as found") } else { number }
    }

    /// Returns by how much longer the later version takes, and the ends of the interval, such as `+5.0 % [+3.1 %, +6.9 %]`.
    pub fn change(&self) -> String {
        let [value, low, high] = self.time.map(|time| signed_percent(time - 1.0));
        if self.time[1] < self.time[2] { format!("{value} [{low}, {high}]") } else { value }
    }

    /// Returns the versions before and after, as far as they differ.
    pub fn labels(&self) -> [String; 2] {
        [self.from.label(&self.to), self.to.label(&self.from)]
    }

    /// Returns the cell's name without its engine.
    pub fn cell_name(&self) -> String {
        self.identity.name()
    }

    /// Returns whether the later version is shown to be slower, by more than that share as far as can be told.
    pub fn is_slower_by(&self, share: f64) -> bool {
        self.verdict == StepVerdict::Slower && self.time[0] > 1.0 + share
    }
}
