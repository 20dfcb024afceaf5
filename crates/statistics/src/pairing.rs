//! Which turns of two cells are a pair: the one rule, of the scheduler and of every report.

use std::collections::BTreeMap;

use crate::{Conditions, PairedRound, TurnPair};

/// One turn: bursts of two cells that agree in it followed each other within a fraction of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TurnKey {
    /// Number of the round.
    pub round: u32,
    /// Number of the block within the round.
    pub block: u32,
    /// Number of the turn within the block.
    pub turn: u32,
    /// The command that took it, by its start: pairing cancels drift only between neighbours in time, so
    /// that turns of one round that two commands took are no pair.
    pub session_unix_ns: u64,
}

/// What a cell took in one turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TurnMedian {
    /// Median latency, in nanoseconds.
    pub median_ns: f64,
    /// What the host was like; `None` if nobody looked.
    pub conditions: Option<Conditions>,
}

/// Each turn of a cell that counts.
pub type TurnMedians = BTreeMap<TurnKey, TurnMedian>;

/// Returns what two cells have of the turns that both took, by round; a round without any is left out.
pub fn paired<B, A>(
    baseline: impl IntoIterator<Item = (TurnKey, B)>,
    accelerated: impl IntoIterator<Item = (TurnKey, A)>,
) -> Vec<Vec<(B, A)>> {
    let mut others: BTreeMap<TurnKey, A> = accelerated.into_iter().collect();
    let mut rounds = BTreeMap::<u32, Vec<(B, A)>>::new();
    for (key, of_baseline) in baseline.into_iter().collect::<BTreeMap<_, _>>() {
        if let Some(other) = others.remove(&key) {
            rounds.entry(key.round).or_default().push((of_baseline, other));
        }
    }
    rounds.into_values().collect()
}

/// Returns the pairs of two cells' medians, by round.
pub fn paired_rounds(baseline: &TurnMedians, accelerated: &TurnMedians) -> Vec<PairedRound> {
    let of = |medians: &TurnMedians| medians.clone();
    let pair = |(baseline, accelerated)| TurnPair::of(baseline, accelerated);
    let rounds = paired(of(baseline), of(accelerated)).into_iter();
    rounds.map(|round| round.into_iter().map(pair).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(round: u32, turn: u32, session_unix_ns: u64) -> TurnKey {
        TurnKey { round, block: 0, turn, session_unix_ns }
    }

    #[test]
    fn only_turns_that_both_took_are_pairs() {
        let baseline = [(key(1, 0, 5), 'a'), (key(0, 0, 5), 'b'), (key(0, 1, 5), 'c')];
        let accelerated = [(key(0, 1, 5), 1), (key(0, 0, 5), 2), (key(2, 0, 5), 3)];
        // Round 1 and round 2 have one side alone.
        assert_eq!(paired(baseline, accelerated), [[('b', 2), ('c', 1)]]);
    }

    #[test]
    fn turns_of_one_round_that_two_commands_took_are_no_pair() {
        // The first command took both sides of turn 0, and turn 1 of the baseline alone; the second
        // command then took turn 1 of the other side.
        let took = |median_ns| TurnMedian { median_ns, conditions: None };
        let baseline = TurnMedians::from([(key(0, 0, 5), took(20.0)), (key(0, 1, 5), took(21.0))]);
        let accelerated =
            TurnMedians::from([(key(0, 0, 5), took(10.0)), (key(0, 1, 9), took(11.0))]);
        let pair = TurnPair { baseline_ns: 20.0, accelerated_ns: 10.0, conditions: None };
        assert_eq!(paired_rounds(&baseline, &accelerated), [[pair]]);
    }
}
