//! The turns of a cell by round, and the pairs of two cells.

use std::collections::BTreeMap;

use formbench_statistics::{
    Bootstrap, Conditions, Estimate, Found, PairedRound, TurnKey, TurnPair, paired, quiet_turns,
};
use formbench_store::BlockRow;

use crate::comparison::Comparison;
use crate::{BlockLatency, Run, TurnLatency};

/// Estimates without an interval, where none is asked for.
pub(crate) const POINT: Bootstrap = Bootstrap { resamples: 0, confidence: 0.95, seed: 1 };

/// The turns of a cell that its latency is made of, by round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rounds {
    /// Median latencies of each round's turns, in nanoseconds.
    pub medians_ns: Vec<Vec<f64>>,
    /// Samples in them.
    pub samples: usize,
    /// Whether they are the quiet ones.
    pub found: Found,
}

impl Rounds {
    /// Returns the rounds of a cell; those without a turn that counts are left out.
    pub fn of(run: &Run, cell: &str) -> Self {
        let rounds = run.latencies.get(cell).into_iter().flat_map(|rounds| rounds.values());
        let turns = rounds.map(|blocks| {
            blocks.values().flat_map(|block| block.turns.iter().copied()).collect::<Vec<_>>()
        });
        let turns = turns.filter(|turns| !turns.is_empty()).collect();
        let (turns, found) = quiet_turns(turns, |turn: &TurnLatency| turn.conditions);
        let medians_ns =
            turns.iter().map(|turns| turns.iter().map(|turn| turn.median_ns).collect());
        Self {
            medians_ns: medians_ns.collect(),
            samples: turns.iter().flatten().map(|turn| turn.samples).sum(),
            found,
        }
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.medians_ns.is_empty()
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.medians_ns.len()
    }
}

/// The turns that two cells took together, by round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pairs {
    /// The pairs of each round that their speed-up is made of.
    pub rounds: Vec<PairedRound>,
    /// Samples on both sides of these.
    pub samples: usize,
    /// Whether they are the quiet ones.
    pub found: Found,
    /// The pairs of each round, quiet or not.
    pub all: Vec<PairedRound>,
}

impl Pairs {
    /// Returns the pairs of a baseline and the cell that is compared with it.
    pub fn of(run: &Run, comparison: Comparison<'_>) -> Self {
        let Comparison { baseline, accelerated, .. } = comparison;
        let both = paired(turns(run, &baseline.cell), turns(run, &accelerated.cell));
        let pair = |(baseline, accelerated): &(TurnLatency, TurnLatency)| {
            TurnPair::of(baseline.median(), accelerated.median())
        };
        let pairs = |rounds: &[Vec<(TurnLatency, TurnLatency)>]| {
            rounds
                .iter()
                .map(|round| round.iter().map(pair).collect())
                .collect::<Vec<PairedRound>>()
        };
        let all = pairs(&both);
        let (chosen, found) = quiet_turns(both, |turns| pair(turns).conditions);
        let samples = chosen.iter().flatten().map(|(a, b)| a.samples + b.samples).sum();
        Self { rounds: pairs(&chosen), samples, found, all }
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rounds.is_empty()
    }

    /// Returns what the speed-up would be without contention, by how it moves with it; nothing where no probe
    /// was taken.
    pub fn without_contention(&self) -> Option<Estimate> {
        Bootstrap::default().without_contention(std::slice::from_ref(&self.all))
    }
}

/// The turns that several cells took together, by round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SharedTurns {
    /// By round and turn, the median latency of each cell in nanoseconds.
    pub medians_ns: Vec<Vec<Vec<f64>>>,
    /// Samples in them.
    pub samples: usize,
    /// Whether they are the quiet ones.
    pub found: Found,
}

impl SharedTurns {
    /// Returns the turns that every one of these cells took, those of the same command.
    pub fn of(run: &Run, cells: &[&str]) -> Self {
        let mut together: BTreeMap<TurnKey, Vec<TurnLatency>> = BTreeMap::new();
        for cell in cells {
            for (key, turn) in turns(run, cell) {
                together.entry(key).or_default().push(turn);
            }
        }
        let mut rounds: BTreeMap<u32, Vec<Vec<TurnLatency>>> = BTreeMap::new();
        for (key, turns) in together.into_iter().filter(|(_, turns)| turns.len() == cells.len()) {
            rounds.entry(key.round).or_default().push(turns);
        }
        let conditions = |turns: &Vec<TurnLatency>| {
            let of_each: Option<Vec<_>> = turns.iter().map(|turn| turn.conditions).collect();
            of_each?.into_iter().reduce(Conditions::both)
        };
        let (rounds, found) = quiet_turns(rounds.into_values().collect(), conditions);
        let medians = |turns: &Vec<TurnLatency>| turns.iter().map(|turn| turn.median_ns).collect();
        Self {
            medians_ns: rounds.iter().map(|turns| turns.iter().map(medians).collect()).collect(),
            samples: rounds.iter().flatten().flatten().map(|turn| turn.samples).sum(),
            found,
        }
    }
}

/// Returns the turns of a cell that count. A block without a row is of the only command there is.
pub(crate) fn turns(run: &Run, cell: &str) -> Vec<(TurnKey, TurnLatency)> {
    let sessions =
        run.blocks_of(cell).iter().map(|row| ((row.round, row.block), row.session_unix_ns));
    let sessions: BTreeMap<_, _> = sessions.collect();
    let rounds = run.latencies.get(cell).into_iter().flatten();
    let blocks = rounds.flat_map(|(&round, blocks)| {
        blocks.iter().map(move |(&block, latency)| ((round, block), latency))
    });
    let of_block = |(place, latency)| {
        turns_of(place, sessions.get(&place).copied().unwrap_or_default(), latency)
    };
    blocks.flat_map(of_block).collect()
}

/// Returns the turns that count of a block, which is given by its round, its number and its command.
pub fn turns_of(
    (round, block): (u32, u32),
    session_unix_ns: u64,
    latency: &BlockLatency,
) -> impl Iterator<Item = (TurnKey, TurnLatency)> {
    let key = move |turn| TurnKey { round, block, turn, session_unix_ns };
    latency.turns.iter().map(move |turn| (key(turn.turn), *turn))
}

/// Returns where a block stands: blocks of two cells that agree in it shared their turns.
pub fn block_key(block: &BlockRow) -> (u32, u32, u64) {
    (block.round, block.block, block.session_unix_ns)
}
