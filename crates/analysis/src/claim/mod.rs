//! The study's claims, judged on a run: a pure function of the run and of what is claimed.

mod count;
mod finding;
mod judge;
mod kept;
mod mean;
mod outcome;
mod rank;
mod relation;
mod selection;
mod verdict;

pub use count::Count;
pub use finding::{Finding, Measure};
pub use judge::verdicts;
pub use kept::{KeptOutcome, KeptVerdicts, Met, Missed};
pub use outcome::{Outcome, VerdictKind};
pub use verdict::Verdict;
