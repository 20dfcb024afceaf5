use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{HostFamily, HostVerdicts};

/// Hosts side by side.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SideBySide {
    /// The hosts, by name.
    pub hosts: Vec<HostFacts>,
    /// Speed-ups over one baseline on one number of threads, those that hosts share most of first.
    pub families: Vec<HostFamily>,
    /// How claims come out, by claim and engine.
    pub verdicts: Vec<HostVerdicts>,
}

/// A host, and what was measured on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HostFacts {
    /// What it is called; with the beginning of its fingerprint where another one is called so too.
    pub host: String,
    /// Hash of what makes timings comparable.
    pub fingerprint: String,
    /// Processor as the system names it.
    pub cpu_model: String,
    /// Logical processors that the system shows.
    pub logical_cores: u32,
    /// Machines of this kind that its runs tell apart; none where they do not say.
    pub machines: usize,
    /// Names of its runs.
    pub runs: Vec<String>,
    /// Measured cells of all runs.
    pub cells: usize,
    /// Comparisons of which it has a speed-up.
    pub speed_ups: usize,
    /// Versions of formbench that measured.
    pub harness_versions: BTreeSet<String>,
    /// Versions of each engine.
    pub versions: BTreeMap<String, BTreeSet<String>>,
}

impl HostFacts {
    /// Returns its engines with their versions, such as `tract 0.23.9`.
    pub fn engines(&self) -> Vec<String> {
        let of_engine = |(engine, versions): (&String, &BTreeSet<String>)| {
            let versions = versions.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            format!("{engine} {versions}")
        };
        self.versions.iter().map(of_engine).collect()
    }

    /// Returns the versions of formbench that measured.
    pub fn harness(&self) -> String {
        self.harness_versions.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

impl SideBySide {
    /// Returns whether runs of several versions of formbench stand beside each other.
    pub fn has_several_harnesses(&self) -> bool {
        let versions = self.hosts.iter().flat_map(|host| &host.harness_versions);
        versions.collect::<BTreeSet<_>>().len() > 1
    }
}
