use formbench_experiment::{Claim, Claimant, Interpretation};
use serde::Serialize;

use super::{Finding, Outcome, VerdictKind};
use crate::Unit;
use crate::number::counted;

/// How a claim comes out in one interpretation on one engine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Who claims.
    pub claimed_by: Claimant,
    /// Name of the claim.
    pub claim: String,
    /// The claim in words.
    pub statement: String,
    /// What the study's abstract states of it; of formbench's own claims, where they come from.
    pub abstract_says: String,
    /// What formbench chose.
    pub our_choice: String,
    /// Name of the interpretation.
    pub interpretation: String,
    /// The interpretation's comparison in words.
    pub interpretation_what: String,
    /// Label of the engine that others are compared with.
    pub baseline: String,
    /// Label of the engine that it is judged on.
    pub engine: String,
    /// How it comes out.
    pub verdict: VerdictKind,
    /// What each check found.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// Returns how many of its checks the run has something to judge by.
    pub fn judged_checks(&self) -> usize {
        self.findings.iter().filter(|one| one.outcome != Outcome::NotTestable).count()
    }

    /// Returns what the checks measured, each once: of a rank who is first, else the number.
    pub fn measures(&self) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        for finding in &self.findings {
            let Some(measure) = &finding.measure else { continue };
            let text = match (finding.first_probability, measure.unit) {
                (Some(_), _) => finding.says.split(';').next().unwrap_or_default().to_string(),
                (None, Unit::RankCorrelation) => {
                    let what = measure.what.replace("rank correlation of ", "");
                    let what = what.replace(" within patterns", "");
                    let over = counted(finding.count.cells, "architecture");
                    format!("{what} {} over {over}", measure.text())
                }
                (None, _) => format!("{} ({}): {}", finding.check, finding.outcome, measure.text()),
            };
            // Two checks may judge one number.
            let is_new = |told: &String| !told.contains(&measure.text());
            if texts.iter().all(is_new) {
                texts.push(text);
            }
        }
        texts
    }

    pub(super) fn new(
        claimed_by: Claimant,
        claim: &Claim,
        interpretation: &Interpretation,
        engine: &str,
        findings: Vec<Finding>,
    ) -> Self {
        let outcomes: Vec<Outcome> = findings.iter().map(|finding| finding.outcome).collect();
        let Claim { id, claim, abstract_says, our_choice, .. } = claim.clone();
        Self {
            claimed_by,
            claim: id,
            statement: claim,
            abstract_says,
            our_choice,
            interpretation: interpretation.name.clone(),
            interpretation_what: interpretation.what.clone(),
            baseline: interpretation.baseline.clone(),
            engine: engine.to_string(),
            verdict: VerdictKind::of(&outcomes),
            findings,
        }
    }

    /// Returns what tables show: what each check found, or in one row why none can be judged.
    pub fn shown(&self) -> Vec<Finding> {
        match self.findings.first() {
            Some(first) if self.verdict == VerdictKind::NotTestable && self.findings.len() > 1 => {
                vec![Finding { check: "every check".to_string(), ..first.clone() }]
            }
            _ => self.findings.clone(),
        }
    }

    /// Returns the verdict, with what holds of it and what does not if it holds in part.
    pub fn summary(&self) -> String {
        if self.verdict != VerdictKind::HoldsInPart {
            return self.verdict.to_string();
        }
        let holds = self.findings.iter().filter(|one| one.outcome == Outcome::Holds).count();
        format!("{}: {holds} of {}", self.verdict, self.findings.len())
    }
}
