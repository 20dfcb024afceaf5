//! Decides whether a cell gets another round: the one place where enough is enough.
//!
//! Rounds are fixed by the budget and cut by the cell's time. An adaptive rule, which looks at the
//! interval of the speed-up, replaces [`next`] and nothing else.

use std::time::Duration;

use formbench_experiment::Budget;

/// What a cell has cost so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Rounds finished.
    pub rounds: u32,
    /// Wall time of its turns.
    pub spent: Duration,
}

/// What to do with a cell in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Measure another round.
    Measure,
    /// It has all its rounds.
    Enough,
    /// Its time is spent before its rounds.
    OutOfTime,
}

/// Returns whether a cell with this progress gets another round.
pub fn next(budget: &Budget, progress: Progress) -> Decision {
    if progress.rounds >= budget.rounds {
        Decision::Enough
    } else if progress.spent.as_secs_f64() >= budget.cell_limit_s {
        Decision::OutOfTime
    } else {
        Decision::Measure
    }
}
