//! The study's claims, judged on a run: a pure function of the run and of what is claimed.

mod committed;
mod count;
mod finding;
mod judge;
mod mean;
mod outcome;
mod rank;
mod relation;
mod selection;
mod verdict;

pub use committed::{CommittedOutcome, CommittedVerdicts, Mismatch, Reproduction};
pub use count::Count;
pub use finding::{Finding, Measure};
pub use judge::verdicts;
pub use outcome::{Outcome, VerdictKind};
pub use verdict::Verdict;
