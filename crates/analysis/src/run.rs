//! A run as it is analysed.

use std::path::Path;

use formbench_statistics::{
    Conditions, Histogram, QuietLevel, Speed, TurnMedian, counting, median_ns,
};
use formbench_store::{BlockKey, Sample, StoreError, Turn};

use crate::DisturbedBlocks;
use crate::quiet::judge_by_own_limit;

/// What the report knows of a block's latencies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BlockLatency {
    /// Its turns that have a sample which counts.
    pub turns: Vec<TurnLatency>,
    /// All its samples that count.
    pub histogram: Histogram,
    /// How long the inferences that count took together, in nanoseconds.
    pub counting_ns: u64,
}

/// What the report knows of the latencies of one turn: of those that count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TurnLatency {
    /// Number of the turn within the block, from 0.
    pub turn: u32,
    /// Their median, in nanoseconds.
    pub median_ns: f64,
    /// How many there are.
    pub samples: usize,
    /// What the host was like; `None` without a probe (version 0.1), or of too few readings to know a level.
    pub conditions: Option<Conditions>,
}

impl BlockLatency {
    /// Returns what is kept of samples: the first of a burst does not count. Where no turns were recorded,
    /// the block is one turn and all of it counts.
    pub fn of(samples: &[Sample]) -> Self {
        let mut block = Self::default();
        for burst in samples.chunk_by(|one, next| one.turn == next.turn) {
            let turn = block.count(burst);
            block.turns.extend(turn);
        }
        block
    }

    /// Counts those samples of a burst that count, and returns what is kept of it.
    fn count(&mut self, burst: &[Sample]) -> Option<TurnLatency> {
        let burst_ns: Vec<u64> = burst.iter().map(|sample| sample.latency_ns).collect();
        let turn = burst.first()?.turn;
        let counts_ns = if turn.is_some() { counting(&burst_ns) } else { &burst_ns };
        counts_ns.iter().for_each(|ns| self.histogram.add(*ns));
        self.counting_ns += counts_ns.iter().sum::<u64>();
        let (turn, samples) = (turn.unwrap_or(0), counts_ns.len());
        Some(TurnLatency { turn, median_ns: median_ns(counts_ns)?, samples, conditions: None })
    }

    /// Returns how many samples count.
    pub fn samples(&self) -> usize {
        self.turns.iter().map(|turn| turn.samples).sum()
    }
}

impl TurnLatency {
    /// Returns what pairs are made of.
    pub fn median(&self) -> TurnMedian {
        TurnMedian { median_ns: self.median_ns, conditions: self.conditions }
    }
}

/// A run as the report reads it: each block by the medians of its turns, disturbed ones without.
pub type Run = formbench_store::Run<BlockLatency>;

/// Returns the run in a folder with its finals, finished or not; disturbed blocks have rows but no
/// latencies, so that no number is made of them.
///
/// # Errors
/// Those of [`formbench_store::Run::read`].
pub fn read_run(folder: &Path) -> Result<Run, StoreError> {
    let finals = formbench_store::finals(folder)?;
    let finals = finals.iter().map(|folder| read_without_finals(folder));
    Ok(Run { finals: finals.collect::<Result<_, _>>()?, ..read_without_finals(folder)? })
}

/// Returns the run in a folder as [`read_run`] does, without its finals.
///
/// # Errors
/// Those of [`formbench_store::Run::read`].
pub fn read_without_finals(folder: &Path) -> Result<Run, StoreError> {
    let mut run = Run::read_keeping(folder, |samples| BlockLatency::of(&samples))?;
    DisturbedBlocks::of(&run).leave_out(&mut run);
    look_at_conditions(&mut run);
    judge_by_own_limit(&mut run);
    Ok(run)
}

/// Returns the probe's readings just before and just after a burst.
pub fn around(turn: &Turn) -> [Speed; 2] {
    let speed = |[registers_ns, memory_ns]: [u64; 2]| Speed { registers_ns, memory_ns };
    [turn.before_ns, turn.after_ns].map(speed)
}

/// Returns every reading of the probe in a run.
pub fn readings<L>(run: &formbench_store::Run<L>) -> Vec<Speed> {
    run.turns.values().flatten().flat_map(around).collect()
}

/// Returns the quiet level of a run on its host; nothing without a probe, or of too few readings where no
/// earlier run had a level.
pub fn quiet_level<L>(run: &formbench_store::Run<L>) -> Option<QuietLevel> {
    QuietLevel::of(&readings(run), run.host.quiet_memory_ns)
}

/// Adds to each turn what the host was like.
fn look_at_conditions(run: &mut Run) {
    let Some(level) = quiet_level(run) else { return };
    for (BlockKey { cell, round, block }, turns) in &run.turns {
        let of_cell = run.latencies.get_mut(cell).and_then(|rounds| rounds.get_mut(round));
        let Some(latency) = of_cell.and_then(|blocks| blocks.get_mut(block)) else { continue };
        for kept in &mut latency.turns {
            let turn = turns.iter().find(|turn| turn.turn == kept.turn);
            kept.conditions = turn.map(|turn| level.conditions(around(turn)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(turn: Option<u32>, latencies_ns: &[u64]) -> Vec<Sample> {
        latencies_ns.iter().map(|&latency_ns| Sample { turn, latency_ns }).collect()
    }

    #[test]
    fn the_first_inference_of_a_burst_does_not_count() {
        let block = [samples(Some(0), &[90, 10, 12]), samples(Some(2), &[80, 20])].concat();
        let kept = BlockLatency::of(&block);
        let turn =
            |turn, median_ns, samples| TurnLatency { turn, median_ns, samples, conditions: None };
        assert_eq!(kept.turns, [turn(0, 11.0, 2), turn(2, 20.0, 1)]);
        assert_eq!((kept.samples(), kept.counting_ns), (3, 42));
    }

    #[test]
    fn a_block_without_turns_is_one_of_which_all_counts() {
        let kept = BlockLatency::of(&samples(None, &[10, 12, 14]));
        let turn = TurnLatency { turn: 0, median_ns: 12.0, samples: 3, conditions: None };
        assert_eq!(kept.turns, [turn]);
        assert!((kept.histogram.quantile_ns(1.0).unwrap() - 14.0).abs() < 0.02);
    }
}
