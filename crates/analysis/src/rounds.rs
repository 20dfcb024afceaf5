//! The turns of a cell by round, and the pairs of two cells.

use std::collections::BTreeMap;

use formbench_statistics::{PairedRound, TurnKey, TurnPair, paired};
use formbench_store::BlockRow;

use crate::comparison::Comparison;
use crate::{BlockLatency, Run, TurnLatency};

/// The turns of a cell that count, by round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rounds {
    /// Median latencies of each round's turns, in nanoseconds.
    pub medians_ns: Vec<Vec<f64>>,
    /// Samples in them.
    pub samples: usize,
}

impl Rounds {
    /// Returns the rounds of a cell; those without a turn that counts are left out.
    pub fn of(run: &Run, cell: &str) -> Self {
        let mut rounds = Self::default();
        for blocks in run.latencies.get(cell).into_iter().flat_map(|rounds| rounds.values()) {
            rounds.samples += blocks.values().map(BlockLatency::samples).sum::<usize>();
            let turns = blocks.values().flat_map(|block| &block.turns);
            let medians_ns: Vec<f64> = turns.map(|turn| turn.median_ns).collect();
            rounds.medians_ns.extend((!medians_ns.is_empty()).then_some(medians_ns));
        }
        rounds
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
    /// The pairs of each round.
    pub rounds: Vec<PairedRound>,
    /// Samples on both sides that count.
    pub samples: usize,
}

impl Pairs {
    /// Returns the pairs of a baseline and the cell that is compared with it.
    pub fn of(run: &Run, comparison: Comparison<'_>) -> Self {
        let Comparison { baseline, accelerated, .. } = comparison;
        let rounds = paired(turns(run, &baseline.cell), turns(run, &accelerated.cell));
        let pair = |(baseline, accelerated): &(TurnLatency, TurnLatency)| TurnPair {
            baseline_ns: baseline.median_ns,
            accelerated_ns: accelerated.median_ns,
        };
        let samples = rounds.iter().flatten().map(|(a, b)| a.samples + b.samples).sum();
        let rounds = rounds.iter().map(|round| round.iter().map(pair).collect()).collect();
        Self { rounds, samples }
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rounds.is_empty()
    }
}

/// Returns the turns of a cell that count. A block without a row is of the only command there is.
fn turns(run: &Run, cell: &str) -> Vec<(TurnKey, TurnLatency)> {
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
