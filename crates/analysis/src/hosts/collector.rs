use std::collections::{BTreeMap, BTreeSet};

use formbench_store::HostRow;

use super::comparison::{HostSpeedUp, VersionedComparison};
use super::family::{Measured, families};
use super::run_of_host::RunOfHost;
use super::side_by_side::{HostFacts, SideBySide};
use super::verdicts::{HostVerdicts, RunVerdict, VerdictSubject};

/// Which of a host's runs says its verdict, the largest: whether anything could be judged, how many checks, the run's start.
type Rank = (bool, usize, u64);

/// Takes in runs one by one. Of several runs of a host, the latest that has a comparison says its speed-up, and the latest
/// of those that can judge most of a claim its verdict: numbers of two runs are never averaged.
#[derive(Debug, Default)]
pub struct HostCollector {
    /// Every comparison once, with its number.
    comparisons: BTreeMap<VersionedComparison, usize>,
    /// What is judged, in the order of its first run.
    subjects: Vec<VerdictSubject>,
    /// Versions of formbench, in the order of their first run.
    harnesses: Vec<String>,
    /// By fingerprint.
    hosts: BTreeMap<String, RunsOfHost>,
}

/// A speed-up that counts.
#[derive(Debug)]
struct Kept {
    /// Start of its run.
    started: u64,
    /// Number of the version of formbench that measured it.
    harness: usize,
    speed_up: HostSpeedUp,
}

/// What several runs of one host say.
#[derive(Debug, Default)]
struct RunsOfHost {
    name: String,
    /// Of the latest run.
    host: HostRow,
    /// Measured cells by name of the run: a copy of a run is no other run.
    runs: BTreeMap<String, usize>,
    machines: BTreeSet<String>,
    harness_versions: BTreeSet<String>,
    versions: BTreeMap<String, BTreeSet<String>>,
    /// By number of the comparison.
    speed_ups: BTreeMap<usize, Kept>,
    /// By number of the subject.
    verdicts: BTreeMap<usize, (Rank, RunVerdict)>,
}

impl HostCollector {
    /// Takes a run in.
    pub fn add(&mut self, run: RunOfHost) {
        let host = self.hosts.entry(run.host.fingerprint.clone()).or_default();
        let started = run.host.started_unix_ns;
        let harness = number_of(&mut self.harnesses, &run.host.harness_version);
        for (comparison, speed_up) in run.speed_ups {
            let next = self.comparisons.len();
            let number = *self.comparisons.entry(comparison).or_insert(next);
            match host.speed_ups.get(&number) {
                Some(kept) if kept.started >= started => {}
                _ => drop(host.speed_ups.insert(number, Kept { started, harness, speed_up })),
            }
        }
        for verdict in run.verdicts {
            let number = number_of(&mut self.subjects, &verdict.subject);
            let (is_tested, checks) = verdict.tested();
            let rank = (is_tested, checks, started);
            match host.verdicts.get(&number) {
                Some((kept, _)) if *kept >= rank => {}
                _ => drop(host.verdicts.insert(number, (rank, verdict))),
            }
        }
        host.runs.insert(run.host.run.clone(), run.cells);
        host.machines.extend(run.host.machine.clone());
        host.harness_versions.insert(run.host.harness_version.clone());
        for (engine, versions) in run.versions {
            host.versions.entry(engine).or_default().extend(versions);
        }
        if host.name.is_empty() || started > host.host.started_unix_ns {
            (host.name, host.host) = (run.name, run.host);
        }
    }

    /// Returns the hosts side by side, by name.
    pub fn side_by_side(self) -> SideBySide {
        let Self { comparisons, subjects, harnesses, hosts } = self;
        let mut hosts: Vec<RunsOfHost> = hosts.into_values().collect();
        tell_apart(&mut hosts);
        hosts.sort_by(|one, other| one.name.cmp(&other.name));
        let mut placed = vec![Measured::default(); comparisons.len()];
        let mut verdicts: Vec<HostVerdicts> = subjects.into_iter().map(HostVerdicts::new).collect();
        let mut facts = Vec::new();
        for (at, host) in hosts.into_iter().enumerate() {
            facts.push(host.facts());
            for (number, Kept { harness, speed_up, .. }) in host.speed_ups {
                placed[number].of_hosts.push((at, speed_up));
                placed[number].harnesses.insert(harnesses[harness].clone());
            }
            for (number, (_, verdict)) in host.verdicts {
                verdicts[number].add(at, verdict);
            }
        }
        // Of one claim in the order of its first run.
        verdicts.sort_by(|one, other| {
            (one.claimed_by, &one.claim).cmp(&(other.claimed_by, &other.claim))
        });
        let families = families(comparisons, placed);
        SideBySide { hosts: facts, families, verdicts }
    }
}

/// Returns the number of something, a new one if it was never there before.
fn number_of<T: Clone + PartialEq>(known: &mut Vec<T>, one: &T) -> usize {
    known.iter().position(|other| other == one).unwrap_or_else(|| {
        known.push(one.clone());
        known.len() - 1
    })
}

/// Adds the beginning of its fingerprint to the name of each host that shares it with another one.
fn tell_apart(hosts: &mut [RunsOfHost]) {
    /// Digits of a fingerprint.
    const DIGITS: usize = 6;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for host in hosts.iter() {
        *counts.entry(host.name.clone()).or_default() += 1;
    }
    for host in hosts.iter_mut().filter(|host| counts[&host.name] > 1) {
        let digits: String = host.host.fingerprint.chars().take(DIGITS).collect();
        host.name = format!("{} ({digits})", host.name);
    }
}

impl RunsOfHost {
    fn facts(&self) -> HostFacts {
        HostFacts {
            host: self.name.clone(),
            fingerprint: self.host.fingerprint.clone(),
            cpu_model: self.host.cpu_model.clone(),
            logical_cores: self.host.logical_cores,
            machines: self.machines.len(),
            runs: self.runs.keys().cloned().collect(),
            cells: self.runs.values().sum(),
            speed_ups: self.speed_ups.len(),
            harness_versions: self.harness_versions.clone(),
            versions: self.versions.clone(),
        }
    }
}
