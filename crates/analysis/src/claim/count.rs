use serde::Serialize;

use crate::rounds::{Pairs, Rounds};

/// What a number rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Cells that are compared.
    pub cells: usize,
    /// Cells that were to be.
    pub cells_asked: usize,
    /// Rounds of the cell that has fewest.
    pub rounds: usize,
    /// Samples, on both sides where there are two.
    pub samples: usize,
}

impl Count {
    /// Returns what comparisons rest on, of which some may be empty.
    pub(super) fn of_pairs<'p>(pairs: impl Iterator<Item = &'p Pairs>) -> Self {
        Self::of(pairs.map(|pairs| (pairs.rounds.len(), pairs.samples)))
    }

    /// Returns what latencies rest on, of which some may be empty.
    pub(super) fn of_rounds<'r>(rounds: impl Iterator<Item = &'r Rounds>) -> Self {
        Self::of(rounds.map(|rounds| (rounds.len(), rounds.samples)))
    }

    fn of(cells: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut count = Self { rounds: usize::MAX, ..Self::default() };
        for (rounds, samples) in cells {
            count.cells_asked += 1;
            if rounds > 0 {
                count.cells += 1;
                count.rounds = count.rounds.min(rounds);
                count.samples += samples;
            }
        }
        let rounds = if count.cells == 0 { 0 } else { count.rounds };
        Self { rounds, ..count }
    }
}
