use formbench_experiment::{Claims, Relation};

use super::finding::Answer;
use super::selection::Selection;
use super::{Finding, Question, Verdict, finals, gain, mean, rank, relation};
use crate::Run;

/// Returns the verdict on every claim in every interpretation on each of its engines, in their order.
pub fn verdicts(run: &Run, claims: &Claims) -> Vec<Verdict> {
    let judged = claims.claims.iter().flat_map(|claim| {
        claims.interpretations.iter().flat_map(move |interpretation| {
            interpretation.accelerated.iter().map(move |engine| {
                let question = |check| Question { claim, interpretation, engine, check };
                let findings = claim.checks.iter().map(|check| find(run, question(check)));
                Verdict::new(claims.claimed_by, claim, interpretation, engine, findings.collect())
            })
        })
    });
    judged.collect()
}

/// Returns what a run answers to a question.
pub fn find(run: &Run, question: Question<'_>) -> Finding {
    let Question { interpretation, engine, check, .. } = question;
    let of = |run| Selection::new(run, interpretation, engine, &check.cells);
    let in_final = finals::of(run, &question.to_string()).map(of);
    let answer = answer(&of(run), in_final.as_ref(), &check.relation);
    answer.unwrap_or_else(Answer::not_testable).of(check)
}

/// Returns what the cells show about a relation, or why they show nothing.
fn answer(
    selection: &Selection<'_>,
    in_final: Option<&Selection<'_>>,
    relation: &Relation,
) -> Result<Answer, String> {
    match relation {
        Relation::MeanAbove { ratio } => mean::above(selection, *ratio),
        Relation::MeanNear { ratio, within } => mean::near(selection, *ratio, *within),
        Relation::GainsMost { names, among } => {
            rank::gains_most(selection, in_final, names, *among)
        }
        Relation::Spread { at_least } => rank::spread(selection, *at_least),
        Relation::Fastest { names, among } => rank::fastest(selection, in_final, names, *among),
        Relation::Related { between, sign } => relation::related(selection, *between, *sign),
        Relation::GainRelated { with, sign } => gain::correlated(selection, *with, *sign),
        Relation::Saved { by, above } => gain::saved(selection, by, *above),
    }
}
