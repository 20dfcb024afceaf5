//! Verdicts in the terminal: one line per claim and interpretation, then what each check found,
//! then what was committed.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use formbench_analysis::{Finding, Mismatch, Outcome, Reproduction, Verdict};

use crate::output;

/// Prints verdicts, what each check found, and how they compare with the committed ones at `path`.
///
/// # Errors
/// stdout cannot be written.
pub fn print(verdicts: &[Verdict], path: &Path, met: Option<&Reproduction>) -> Result<()> {
    let of_interpretation =
        verdicts.chunk_by(|a, b| (&a.claim, &a.interpretation) == (&b.claim, &b.interpretation));
    output::table(["claim", "interpretation", "verdicts"], of_interpretation.map(summary))?;
    for of_claim in verdicts.chunk_by(|a, b| a.claim == b.claim) {
        output::text(&details(of_claim))?;
    }
    output::text(&interpretations(verdicts))?;
    output::text(&against_committed(path, met))
}

fn summary(of_interpretation: &[Verdict]) -> [String; 3] {
    let [claim, interpretation] = of_interpretation
        .first()
        .map_or_else(Default::default, |one| [one.claim.clone(), one.interpretation.clone()]);
    let verdicts = of_interpretation.iter().map(|one| format!("{} {}", one.engine, one.summary()));
    [claim, interpretation, verdicts.collect::<Vec<_>>().join(" · ")]
}

fn details(of_claim: &[Verdict]) -> String {
    let head = of_claim
        .first()
        .map_or_else(String::new, |one| format!("{}  {}", one.claim, one.statement));
    let lines = of_claim.iter().map(|one| {
        let checks: String = one.shown().iter().map(check).collect();
        format!("\n  {}, {}: {}{checks}", one.interpretation, one.engine, one.summary())
    });
    format!("\n{head}{}", lines.collect::<String>())
}

fn check(finding: &Finding) -> String {
    let Finding { check, outcome, measure, says, .. } = finding;
    let measured = measure.as_ref().map(|one| format!("{} {}", one.what, one.text()));
    let parts = [measured.unwrap_or_default(), says.clone(), finding.count_text()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("\n    {}  {check}: {}", outcome_column(*outcome), parts.join("; "))
}

fn outcome_column(outcome: Outcome) -> String {
    format!("{:<17}", outcome.label())
}

fn interpretations(verdicts: &[Verdict]) -> String {
    let lines: BTreeSet<String> = verdicts
        .iter()
        .map(|one| {
            format!(
                "{}: {}; speed-ups over {}",
                one.interpretation, one.interpretation_what, one.baseline
            )
        })
        .collect();
    let lines = lines.into_iter().collect::<Vec<_>>().join("\n");
    format!(
        "\n{lines}\nbrackets: 95 % interval; a first place counts from a probability of 0.95 on"
    )
}

fn against_committed(path: &Path, met: Option<&Reproduction>) -> String {
    let path = path.display();
    let Some(met) = met else {
        return format!("\nno verdicts are committed for this host: `-o {path}` writes these");
    };
    let lines: String = met.missed.iter().map(missed).collect();
    let others = match met.not_judged {
        0 => String::new(),
        more => format!("; this run has nothing to judge {more} others by"),
    };
    format!("\n{} of {} decided verdicts of `{path}` are met{others}{lines}", met.met, met.expected)
}

fn missed(missed: &Mismatch) -> String {
    let one = &missed.committed;
    let now = missed.now.map_or("not asked any more", Outcome::label);
    let how = if missed.is_contradicted() { "contradicted" } else { "not confirmed" };
    format!(
        "\n{how}: {} on {} ({}), {}: committed: {}; now: {now}",
        one.claim, one.engine, one.interpretation, one.check, one.outcome
    )
}
