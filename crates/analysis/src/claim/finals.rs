//! Finals: claims of rank compare architectures that a survey measured minutes apart. Those who may be first
//! by the survey take turns with each other, and these turns alone decide.

use std::collections::BTreeSet;
use std::fmt;

use formbench_experiment::{Claim, ClaimCheck, Claims, Interpretation, Relation};

use super::rank::{self, Contest};
use super::selection::Selection;
use crate::Run;

/// One check of a claim, on one engine.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// What is compared with what.
    pub interpretation: &'a Interpretation,
    /// Label of the engine.
    pub engine: &'a str,
    /// The check.
    pub check: &'a ClaimCheck,
}

impl fmt::Display for Question<'_> {
    /// Writes the question that the experiment of a final asks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { claim, interpretation, engine, check } = self;
        let name = &interpretation.name;
        write!(f, "Final of {} on {engine} ({name}): {}?", claim.id, check.check)
    }
}

/// Who competes for a first place, and on which cells.
#[derive(Clone, Debug)]
pub struct Final<'a> {
    /// What it is to decide.
    pub question: Question<'a>,
    /// Names of the competitors, in the order of the survey.
    pub names: Vec<String>,
    /// Keys of their cells, those of their baselines included where speed-ups are compared.
    pub cells: BTreeSet<String>,
}

/// Returns the finals that decide the claims of rank: one per check and engine, where a survey has enough
/// competitors of one cell each. A pattern of several sizes has several, and is compared by their mean.
pub fn finals<'a>(survey: &Run, claims: &'a Claims) -> Vec<Final<'a>> {
    let questions = claims.claims.iter().flat_map(|claim| {
        claims.interpretations.iter().flat_map(move |interpretation| {
            interpretation.accelerated.iter().flat_map(move |engine| {
                let of = move |check| Question { claim, interpretation, engine, check };
                claim.checks.iter().map(of)
            })
        })
    });
    questions.filter_map(|question| Final::of(survey, question)).collect()
}

impl<'a> Final<'a> {
    /// Rounds that all competitors have to share before a final decides anything.
    pub const LEAST_ROUNDS: u32 = 3;

    fn of(survey: &Run, question: Question<'a>) -> Option<Self> {
        let Question { interpretation, engine, check, .. } = question;
        let selection = Selection::new(survey, interpretation, engine, &check.cells);
        // Each competitor's cell, with its baseline where that matters.
        let (contest, competitors) = match &check.relation {
            Relation::GainsMost { .. } => {
                let pairs = selection.comparisons().ok()?;
                let sides = pairs.iter().map(|pair| vec![pair.accelerated, pair.baseline]);
                (rank::by_speed_up(&selection).ok()?, sides.collect::<Vec<_>>())
            }
            Relation::Fastest { .. } => {
                let cells = selection.measured().ok()?.into_iter();
                (rank::by_latency(&selection).ok()?, cells.map(|cell| vec![cell]).collect())
            }
            _ => return None,
        };
        let names = contenders(&contest, &check.relation)?;
        let of_final: Vec<_> =
            competitors.iter().filter(|sides| names.contains(&sides[0].name)).collect();
        let keys = of_final.iter().flat_map(|sides| sides.iter().map(|cell| cell.cell.clone()));
        let is_one_cell_each = of_final.len() == names.len();
        is_one_cell_each.then(|| Self { question, cells: keys.collect(), names })
    }
}

/// Returns the names of those who take part, if there are as many competitors as the claim asks for.
fn contenders(contest: &Contest, relation: &Relation) -> Option<Vec<String>> {
    let (Relation::GainsMost { names, among } | Relation::Fastest { names, among }) = relation
    else {
        return None;
    };
    let contenders = contest.contenders(names).into_iter().map(str::to_owned);
    (contest.len() >= *among).then(|| contenders.collect())
}

/// Returns the final that asks a question, if it was held; the latest of several.
pub(super) fn of<'a>(survey: &'a Run, question: &str) -> Option<&'a Run> {
    let asks = |run: &&Run| run.experiments.iter().any(|row| row.question == question);
    survey.finals.iter().filter(asks).max_by_key(|run| run.host.started_unix_ns)
}
