use serde::{Deserialize, Serialize};

use super::{Outcome, Verdict};
use crate::Run;

/// The outcomes that a host's run came to, as they are committed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptVerdicts {
    /// Short name of the machine.
    pub host: String,
    /// The run.
    pub run: String,
    /// One row per claim, reading, engine and check.
    pub outcomes: Vec<KeptOutcome>,
}

/// How one check came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptOutcome {
    /// Name of the claim.
    pub claim: String,
    /// Name of the reading.
    pub reading: String,
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
pub struct Met {
    /// Decided outcomes that were committed.
    pub expected: usize,
    /// Those that came out again.
    pub met: usize,
    /// The others.
    pub missed: Vec<Missed>,
}

/// A committed outcome that did not come out again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Missed {
    /// What was committed.
    pub committed: KeptOutcome,
    /// What came out now; nothing where nobody asked.
    pub now: Option<Outcome>,
}

impl KeptVerdicts {
    /// Returns what is kept of a run's verdicts.
    pub fn of(run: &Run, verdicts: &[Verdict]) -> Self {
        let (host, run) = (run.host.host.clone(), run.host.run.clone());
        Self { host, run, outcomes: verdicts.iter().flat_map(outcomes).collect() }
    }

    /// Returns how verdicts compare with these. Only what is decided here can be missed: an answer
    /// to what was open contradicts nothing.
    pub fn compare(&self, verdicts: &[Verdict]) -> Met {
        let now: Vec<KeptOutcome> = verdicts.iter().flat_map(outcomes).collect();
        let mut met = Met::default();
        for committed in self.outcomes.iter().filter(|one| one.outcome.is_decided()) {
            let now = now.iter().find(|one| one.is_of(committed)).map(|one| one.outcome);
            met.expected += 1;
            match now == Some(committed.outcome) {
                true => met.met += 1,
                false => met.missed.push(Missed { committed: committed.clone(), now }),
            }
        }
        met
    }
}

impl KeptOutcome {
    fn is_of(&self, other: &Self) -> bool {
        let key =
            |one: &Self| [&one.claim, &one.reading, &one.engine, &one.check].map(String::clone);
        key(self) == key(other)
    }
}

impl Missed {
    /// Returns whether the opposite came out, and not just no answer.
    pub fn is_contradicted(&self) -> bool {
        self.now.is_some_and(Outcome::is_decided)
    }
}

fn outcomes(verdict: &Verdict) -> impl Iterator<Item = KeptOutcome> {
    verdict.findings.iter().map(|finding| KeptOutcome {
        claim: verdict.claim.clone(),
        reading: verdict.reading.clone(),
        engine: verdict.engine.clone(),
        check: finding.check.clone(),
        outcome: finding.outcome,
        measured: finding.measure.as_ref().map(|one| [one.value, one.low, one.high]),
    })
}
