//! The study's claims, judged on a run: a pure function of the run and of what is claimed.

mod committed;
mod count;
mod finals;
mod finding;
mod gain;
mod judge;
mod mean;
mod outcome;
mod rank;
mod ratios;
mod relation;
mod selection;
mod verdict;

pub use committed::{CommittedOutcome, CommittedVerdicts, Mismatch, Reproduction};
pub use count::Count;
pub use finals::{Final, Question, finals};
pub use finding::{Finding, Measure};
pub use judge::{find, verdicts};
pub use outcome::{Outcome, VerdictKind};
pub use ratios::{STUDY, judged_ratios};
pub use verdict::Verdict;
