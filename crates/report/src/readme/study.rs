//! The study against this: what it claims, and how each claim comes out on each machine.

use std::collections::BTreeSet;

use formbench_analysis::number::counted;
use formbench_analysis::{Finding, Verdict};
use formbench_experiment::Claimant;
use formbench_store::{CellKind, MemberRow};

use super::{Committed, CommittedRun, ENGINE};
use crate::markdown::cell_text;

/// How the names of the experiments begin that the study's claims are judged on.
const SET: &str = "paper/";

pub(super) fn part(committed: &Committed) -> String {
    let columns = columns(committed);
    let heads: String = columns.iter().map(|column| format!(" {} |", column.head)).collect();
    let rules = "---|".repeat(columns.len() + 2);
    let rows: String = claims(committed)
        .map(|verdict| {
            let cells: String =
                columns.iter().map(|column| format!(" {} |", column.of(&verdict.claim))).collect();
            format!("| {} | {} |{cells}\n", verdict.claim, cell_text(&verdict.abstract_says))
        })
        .collect();
    format!("| claim | the abstract |{heads}\n|{rules}\n{rows}")
}

/// Runs whose verdicts stand in one column: of each claim the first that decides anything.
struct Column<'a> {
    head: String,
    runs: Vec<&'a CommittedRun>,
}

fn columns(committed: &Committed) -> Vec<Column<'_>> {
    let mut columns: Vec<Column<'_>> =
        committed.references.iter().map(|one| Column::new(one, [])).collect();
    let Committed { patterns, networks, caches, .. } = committed;
    columns.push(Column::new(networks, [patterns, caches]));
    columns
}

/// Returns what the runs of the first one's machine have that the study's claims are judged on, and which version of formbench
/// measured that one.
fn extent(first: &CommittedRun, runs: &[&CommittedRun]) -> String {
    let of_set = |member: &&MemberRow| member.experiment.starts_with(SET);
    let here = runs.iter().filter(|one| one.host == first.host);
    let cells = here.flat_map(|CommittedRun { run, .. }| {
        let members = run.members.iter().filter(of_set);
        members.filter_map(|member| run.cells.get(&member.cell))
    });
    let cells: Vec<_> = cells.collect();
    let count = |kind, what| {
        let of_kind = cells.iter().filter(|cell| cell.kind == kind);
        let names: BTreeSet<&str> = of_kind.map(|cell| cell.name.as_str()).collect();
        (!names.is_empty()).then(|| counted(names.len(), what))
    };
    let counts = [count(CellKind::Network, "network"), count(CellKind::Pattern, "pattern")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    format!("formbench {}: {}", first.run.host.harness_version, counts.join(", "))
}

/// Returns one verdict per claim of the study.
fn claims(committed: &Committed) -> impl Iterator<Item = &Verdict> {
    let verdicts = committed.references.first().map_or(&[][..], |one| &one.verdicts);
    let of_claims = verdicts.chunk_by(|a, b| a.claim == b.claim);
    of_claims
        .filter_map(|of_claim| of_claim.first())
        .filter(|one| one.claimed_by == Claimant::Study)
}

impl<'a> Column<'a> {
    fn new(first: &'a CommittedRun, others: impl IntoIterator<Item = &'a CommittedRun>) -> Self {
        let runs: Vec<&CommittedRun> = std::iter::once(first).chain(others).collect();
        Self { head: format!("{} ({})", first.host, extent(first, &runs)), runs }
    }

    fn of(&self, claim: &str) -> String {
        let verdicts =
            self.runs.iter().flat_map(|run| run.verdicts.iter().map(move |one| (run, one)));
        let of_claim = verdicts.filter(|(_, one)| one.claim == claim && one.engine == ENGINE);
        let told: Vec<_> =
            of_claim.filter(|(_, one)| one.findings.iter().any(has_measure)).collect();
        let is_decisive = |(_, one): &&(_, &Verdict)| has_answer(one);
        let Some((run, verdict)) = told.iter().find(is_decisive).or(told.first()) else {
            return "not measured".to_string();
        };
        let measured = cell_text(&verdict.measures().join("; "));
        let elsewhere = if self.head.contains(&run.host) {
            String::new()
        } else {
            format!(" (on {})", run.host)
        };
        format!("**{}**{}: {measured}{elsewhere}", verdict.summary(), judged(verdict))
    }
}

/// Returns how many of a verdict's checks a run has something to judge by, if not all.
fn judged(verdict: &Verdict) -> String {
    let (judged, all) = (verdict.judged_checks(), verdict.findings.len());
    if judged == all {
        String::new()
    } else {
        format!(" ({judged} of {} judged here)", counted(all, "check"))
    }
}

fn has_answer(verdict: &Verdict) -> bool {
    verdict.findings.iter().any(|finding| finding.outcome.is_decided())
}

fn has_measure(finding: &Finding) -> bool {
    finding.measure.is_some()
}
