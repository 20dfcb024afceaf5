use formbench_statistics::Found;
use serde::Serialize;

use crate::rounds::{Pairs, Rounds};
use crate::row::is_none;

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
    /// Cells whose numbers are as found, on a host that was not quiet.
    #[serde(skip_serializing_if = "is_none")]
    pub as_found: usize,
    /// Whether they took turns with each other in a final.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_final: bool,
}

impl Count {
    /// Returns what comparisons rest on, of which some may be empty.
    pub(super) fn of_pairs<'p>(pairs: impl Iterator<Item = &'p Pairs>) -> Self {
        Self::of(pairs.map(|pairs| (pairs.rounds.len(), pairs.samples, pairs.found)))
    }

    /// Returns what latencies rest on, of which some may be empty.
    pub(super) fn of_rounds<'r>(rounds: impl Iterator<Item = &'r Rounds>) -> Self {
        Self::of(rounds.map(|rounds| (rounds.len(), rounds.samples, rounds.found)))
    }

    fn of(cells: impl Iterator<Item = (usize, usize, Found)>) -> Self {
        let mut count = Self { rounds: usize::MAX, ..Self::default() };
        for (rounds, samples, found) in cells {
            count.cells_asked += 1;
            if rounds > 0 {
                count.cells += 1;
                count.rounds = count.rounds.min(rounds);
                count.samples += samples;
                count.as_found += usize::from(found == Found::AsFound);
            }
        }
        let rounds = if count.cells == 0 { 0 } else { count.rounds };
        Self { rounds, ..count }
    }
}
