use std::collections::{BTreeMap, BTreeSet};

use formbench_experiment::Claimant;
use serde::Serialize;

use crate::{Verdict, VerdictKind};

/// What a verdict is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct VerdictSubject {
    pub(super) claimed_by: Claimant,
    pub(super) claim: String,
    pub(super) statement: String,
    pub(super) interpretation: String,
    pub(super) engine: String,
}

/// A verdict of one run.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RunVerdict {
    pub(super) subject: VerdictSubject,
    pub(super) verdict: VerdictKind,
    pub(super) judged_checks: usize,
    says: String,
    version: String,
}

impl RunVerdict {
    /// Returns what is kept of a verdict, with the versions of its engine in that run.
    pub(super) fn of(verdict: &Verdict, versions: &BTreeMap<String, BTreeSet<String>>) -> Self {
        let subject = VerdictSubject {
            claimed_by: verdict.claimed_by,
            claim: verdict.claim.clone(),
            statement: verdict.statement.clone(),
            interpretation: verdict.interpretation.clone(),
            engine: verdict.engine.clone(),
        };
        let engine = verdict.engine.split(['{', ' ']).next().unwrap_or_default();
        let version = versions.get(engine).into_iter().flatten().cloned().collect::<Vec<_>>();
        let says = verdict.summary();
        Self {
            subject,
            verdict: verdict.verdict,
            judged_checks: verdict.judged_checks(),
            says,
            version: version.join(", "),
        }
    }

    /// Returns how much of the claim could be judged: whether anything, and how many of its checks.
    pub(super) fn tested(&self) -> (bool, usize) {
        (self.verdict != VerdictKind::NotTestable, self.judged_checks)
    }
}

/// How one claim comes out on one engine, host by host.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostVerdicts {
    /// Who claims.
    pub claimed_by: Claimant,
    /// Name of the claim.
    pub claim: String,
    /// The claim in words.
    pub statement: String,
    /// Name of the interpretation.
    pub interpretation: String,
    /// Label of the engine that it is judged on.
    pub engine: String,
    /// The verdicts, by host; a host without a run that has the claim's cells has none.
    pub of_hosts: Vec<HostVerdict>,
}

/// How a claim comes out on a host.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostVerdict {
    /// Place of the host among all.
    pub host: usize,
    /// How it comes out.
    pub verdict: VerdictKind,
    /// The same in words, with how many checks hold.
    pub says: String,
    /// Version of the engine.
    pub version: String,
}

impl HostVerdicts {
    /// Returns the line of a subject without verdicts.
    pub(super) fn new(subject: VerdictSubject) -> Self {
        let VerdictSubject { claimed_by, claim, statement, interpretation, engine } = subject;
        Self { claimed_by, claim, statement, interpretation, engine, of_hosts: Vec::new() }
    }

    /// Adds what a host's run says.
    pub(super) fn add(&mut self, host: usize, verdict: RunVerdict) {
        let RunVerdict { verdict, says, version, .. } = verdict;
        self.of_hosts.push(HostVerdict { host, verdict, says, version });
    }

    /// Returns whether hosts were judged by engines of different versions.
    pub fn has_several_versions(&self) -> bool {
        let tested = self.of_hosts.iter().filter(|one| one.verdict != VerdictKind::NotTestable);
        tested.map(|one| one.version.as_str()).collect::<BTreeSet<_>>().len() > 1
    }

    /// Returns on how many hosts it comes out so.
    pub fn count(&self, verdict: VerdictKind) -> usize {
        self.of_hosts.iter().filter(|one| one.verdict == verdict).count()
    }
}
