//! The blocks of a cell by round, and the pairs of two cells.

use std::collections::BTreeMap;

use formbench_statistics::{BlockPair, PairedRound, TurnKey, paired};
use formbench_store::BlockRow;

use crate::comparison::Comparison;
use crate::{BlockLatency, Run};

/// The blocks of a cell that count, by round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rounds {
    /// Median latencies of each round's blocks, in nanoseconds.
    pub medians_ns: Vec<Vec<f64>>,
    /// Samples in them.
    pub samples: usize,
}

impl Rounds {
    /// Returns the rounds of a cell; those without blocks are left out.
    pub fn of(run: &Run, cell: &str) -> Self {
        let mut rounds = Self::default();
        for blocks in run.latencies.get(cell).into_iter().flat_map(|rounds| rounds.values()) {
            rounds.samples += blocks.values().map(|block| block.samples).sum::<usize>();
            let medians_ns: Vec<f64> = blocks.values().map(|block| block.median_ns).collect();
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

/// The blocks that two cells took in turn, by round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pairs {
    /// The pairs of each round.
    pub rounds: Vec<PairedRound>,
    /// Samples on both sides.
    pub samples: usize,
}

impl Pairs {
    /// Returns the pairs of a baseline and the cell that is compared with it.
    pub fn of(run: &Run, comparison: Comparison<'_>) -> Self {
        let Comparison { baseline, accelerated, .. } = comparison;
        let rounds = paired(turns(run, &baseline.cell), turns(run, &accelerated.cell));
        let pair = |(baseline, accelerated): &(&BlockLatency, &BlockLatency)| BlockPair {
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

/// Returns the blocks of a cell that count, each with its turn.
fn turns<'a>(run: &'a Run, cell: &str) -> BTreeMap<TurnKey, &'a BlockLatency> {
    let keys = run.blocks_of(cell).iter().map(turn_key);
    let keys: BTreeMap<_, _> = keys.map(|key| ((key.round, key.block), key)).collect();
    let rounds = run.latencies.get(cell).into_iter().flatten();
    let counting = rounds.flat_map(|(&round, blocks)| {
        blocks.iter().map(move |(&block, latency)| ((round, block), latency))
    });
    let turn = |(place, latency): ((u32, u32), &'a BlockLatency)| {
        let (round, block) = place;
        let unknown = TurnKey { round, block, session_unix_ns: 0 };
        (keys.get(&place).copied().unwrap_or(unknown), latency)
    };
    counting.map(turn).collect()
}

/// Returns which turn a block is.
pub fn turn_key(block: &BlockRow) -> TurnKey {
    let BlockRow { round, block, session_unix_ns, .. } = *block;
    TurnKey { round, block, session_unix_ns }
}
