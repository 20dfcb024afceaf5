use serde::{Deserialize, Serialize};

use super::{Outcome, Verdict};
use crate::Run;

/// The outcomes that a host's run came to, as they are committed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommittedVerdicts {
    /// Short name of the machine.
    pub host: String,
    /// The run.
    pub run: String,
    /// One row per claim, interpretation, engine and check.
    pub outcomes: Vec<CommittedOutcome>,
}

/// How one check came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommittedOutcome {
    /// Name of the claim.
    pub claim: String,
    /// Name of the interpretation.
    #[serde(alias = "reading")]
    pub interpretation: String,
    /// The engine's label.
    pub engine: String,
    /// What must be so.
    pub check: String,
    /// How it came out.
    pub outcome: Outcome,
    /// The number that it was judged by, with the ends of its interval.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub measured: Option<[f64; 3]>,
}

/// How verdicts compare with the committed ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reproduction {
    /// Decided outcomes that were committed, of those that can be judged.
    pub expected: usize,
    /// Those that came out again.
    pub met: usize,
    /// The others.
    pub missed: Vec<Mismatch>,
    /// Further ones, on which another run than the committed one has nothing to judge by.
    pub not_judged: usize,
}

/// A committed outcome that did not come out again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mismatch {
    /// What was committed.
    pub committed: CommittedOutcome,
    /// What came out now; nothing where it was not judged.
    pub now: Option<Outcome>,
}

impl CommittedVerdicts {
    /// Returns what is kept of a run's verdicts.
    pub fn of(run: &Run, verdicts: &[Verdict]) -> Self {
        let (host, run) = (run.host.host.clone(), run.host.run.clone());
        Self { host, run, outcomes: verdicts.iter().flat_map(outcomes).collect() }
    }

    /// Returns how a run's verdicts compare with these. Only what is decided here can be missed: an answer
    /// to what was open contradicts nothing. Nor can another run than this one miss what it did not measure.
    pub fn compare(&self, run: &str, verdicts: &[Verdict]) -> Reproduction {
        let now: Vec<CommittedOutcome> = verdicts.iter().flat_map(outcomes).collect();
        let mut met = Reproduction::default();
        for committed in self.outcomes.iter().filter(|one| one.outcome.is_decided()) {
            let now = now.iter().find(|one| one.is_of(committed)).map(|one| one.outcome);
            if run != self.run && matches!(now, None | Some(Outcome::NotTestable)) {
                met.not_judged += 1;
                continue;
            }
            met.expected += 1;
            if now == Some(committed.outcome) {
                met.met += 1
            } else {
                met.missed.push(Mismatch { committed: committed.clone(), now })
            }
        }
        met
    }
}

impl CommittedOutcome {
    fn is_of(&self, other: &Self) -> bool {
        let key = |one: &Self| {
            [&one.claim, &one.interpretation, &one.engine, &one.check].map(String::clone)
        };
        key(self) == key(other)
    }
}

impl Mismatch {
    /// Returns whether the opposite came out, and not just no answer.
    pub fn is_contradicted(&self) -> bool {
        self.now.is_some_and(Outcome::is_decided)
    }
}

fn outcomes(verdict: &Verdict) -> impl Iterator<Item = CommittedOutcome> {
    verdict.findings.iter().map(|finding| CommittedOutcome {
        claim: verdict.claim.clone(),
        interpretation: verdict.interpretation.clone(),
        engine: verdict.engine.clone(),
        check: finding.check.clone(),
        outcome: finding.outcome,
        measured: finding.measure.as_ref().map(|one| [one.value, one.low, one.high]),
    })
}
