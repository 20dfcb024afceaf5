//! Which cells take a burst in which turn of a block, and in which order.

use std::collections::BTreeMap;

use formbench_experiment::Budget;
use formbench_protocol::BlockRequest;

use crate::process::nanoseconds;

/// One burst. What disturbs a virtual machine lives for a tenth of a second, so that the bursts of one turn
/// have to be shorter. Of two inferences at least, the first counts in no number; very short ones are
/// more than any quantile needs before the time is over.
pub const BURST: BlockRequest =
    BlockRequest { min_inferences: 2, min_ns: 15_000_000, max_inferences: 200 };

/// The turns of a block. Each cell takes as many bursts as fill its block, a power of two, in turns that lie
/// evenly: a cell of long inferences takes part in few turns, and does not lengthen the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turns {
    /// Of each cell: it takes part in every so many turns.
    every: Vec<u32>,
    count: u32,
}

impl Turns {
    /// Returns the turns of cells whose inferences take so many seconds.
    pub(crate) fn new<'b>(cells: impl IntoIterator<Item = (f64, &'b Budget)>) -> Self {
        let bursts: Vec<u32> =
            cells.into_iter().map(|(inference_s, budget)| bursts(inference_s, budget)).collect();
        let count = bursts.iter().copied().max().unwrap_or(0);
        Self { every: bursts.iter().map(|of_cell| count / of_cell).collect(), count }
    }

    /// Returns how many there are.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// Returns who takes a turn of a block, as places into the list of cells. Whoever takes part in equally
    /// many turns stands together, each turn begins one place further in two, and every other one runs
    /// backwards, so that a machine that slows down steadily favours nobody.
    pub(crate) fn order(&self, round: u32, block: u32, turn: u32) -> Vec<usize> {
        let mut alike = BTreeMap::<u32, Vec<usize>>::new();
        for (place, &every) in self.every.iter().enumerate() {
            if turn.is_multiple_of(every) {
                alike.entry(every).or_default().push(place);
            }
        }
        // Turns in which the slowest of these take part, counted over all blocks.
        let widest = alike.keys().max().copied().unwrap_or(1);
        let shared = (block * self.count + turn) / widest;
        let rotated = alike.into_values().flat_map(|mut places| {
            let first = (round + shared / 2) as usize % places.len();
            places.rotate_left(first);
            places
        });
        let mut order: Vec<usize> = rotated.collect();
        if shared % 2 == 1 {
            order.reverse();
        }
        order
    }
}

/// Returns how many seconds a cell's bursts of one block take.
pub(crate) fn block_s(inference_s: f64, budget: &Budget) -> f64 {
    f64::from(bursts(inference_s, budget)) * burst(inference_s).1
}

/// Returns how many bursts fill a block: with as much time as the budget asks for and as many inferences
/// that count.
fn bursts(inference_s: f64, budget: &Budget) -> u32 {
    let (inferences, seconds) = burst(inference_s);
    // In whole nanoseconds, so that what divides evenly is not one too many.
    let of_time = nanoseconds(budget.block_s).div_ceil(nanoseconds(seconds).max(1)) as f64;
    let of_inferences = (budget.block_inferences as f64 / (inferences - 1.0)).ceil();
    // A block of one turn is the least; a day of bursts is far below the type's end.
    (of_time.max(of_inferences).max(1.0) as u32).next_power_of_two()
}

/// Returns how many inferences a burst has, and how many seconds it takes.
fn burst(inference_s: f64) -> (f64, f64) {
    let [least, most] = [BURST.min_inferences, BURST.max_inferences].map(|count| count as f64);
    let least_s = BURST.min_ns as f64 / 1e9;
    let inferences = (least_s / inference_s).ceil().clamp(least, most);
    // Where an inference takes no time, the time that was asked for still bounds the burst.
    let seconds = if inference_s > 0.0 { inferences * inference_s } else { least_s };
    (inferences, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(block_s: f64, block_inferences: u64) -> Budget {
        Budget {
            rounds: 1,
            most_rounds: 1,
            blocks: 2,
            block_inferences,
            block_s,
            warm_up_inferences: 1,
            warm_up_s: 0.1,
            warm_up_cap_s: 0.1,
            warm_up_stable_within: 0.02,
            limit_s: 1.0,
            cell_limit_s: 1.0,
            ratio_half_width: 0.02,
        }
    }

    fn turns(inferences_s: &[f64]) -> Turns {
        let budget = budget(0.1, 1);
        Turns::new(inferences_s.iter().map(|&inference_s| (inference_s, &budget)))
    }

    #[test]
    fn bursts_fill_a_block_with_time_and_with_inferences() {
        // 4 ms: bursts of four inferences, 16 ms; seven are 0.1 s, eight the next power of two.
        assert_eq!(bursts(0.004, &budget(0.1, 1)), 8);
        // 40 ms: bursts of two, 80 ms. 800 ms: one burst is more than enough.
        assert_eq!((bursts(0.04, &budget(0.1, 1)), bursts(0.8, &budget(0.1, 1))), (2, 1));
        // Three inferences that count, of two a burst.
        assert_eq!(bursts(0.8, &budget(0.1, 3)), 4);
        assert!((block_s(0.8, &budget(0.1, 1)) - 1.6).abs() < 1e-12);
        // No time at all: the time that is asked for.
        assert_eq!(bursts(0.0, &budget(0.1, 1)), 8);
    }

    #[test]
    fn a_cell_of_long_inferences_takes_few_of_the_turns() {
        let turns = turns(&[0.004, 0.8, 0.004]);
        assert_eq!(turns.count(), 8);
        assert_eq!(turns.order(0, 0, 0), [0, 2, 1]);
        assert_eq!(turns.order(0, 0, 1), [2, 0]);
        // Its second turn runs backwards, as every other one of its turns does.
        assert_eq!(turns.order(0, 1, 0), [1, 2, 0]);
    }

    #[test]
    fn two_turns_mirror_each_other_and_the_next_two_begin_further() {
        let turns = turns(&[0.004; 3]);
        let orders: Vec<Vec<usize>> = (0..4).map(|turn| turns.order(0, 0, turn)).collect();
        assert_eq!(orders, [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]]);
        assert_eq!(turns.order(1, 0, 0), [1, 2, 0]);
        assert_eq!(Turns::new([]).count(), 0);
    }

    #[test]
    fn a_steady_drift_favours_nobody() {
        // In two turns everybody's places sum up to the same: 0 + 5, 1 + 4, 2 + 3.
        let turns = turns(&[0.004; 3]);
        let places = |who: usize| -> usize {
            let at = |turn| turns.order(4, 0, turn).iter().position(|&one| one == who).unwrap();
            at(0) + 3 + at(1)
        };
        assert_eq!([0, 1, 2].map(places), [5, 5, 5]);
    }
}
