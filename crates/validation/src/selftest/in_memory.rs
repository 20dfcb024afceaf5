//! What a self-test measures stays in memory.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, bail};
use formbench_experiment::Comparison;
use formbench_measure::{
    BlockPlace, Conductor, Group, Launcher, Measured, Observer, RecordError, Recorder,
    RoundProgress, RunCell,
};
use formbench_protocol::Refusal;
use formbench_statistics::{
    Bootstrap, Estimate, Found, PairedRound, QuietLevel, Speed, TurnKey, TurnMedians,
    paired_rounds, quiet_turns,
};

/// Returns the blocks of cells that are measured as any others are: the second and further ones are
/// compared with the first.
///
/// # Errors
/// A worker does not start, or a cell is refused.
pub fn measure(
    launcher: &dyn Launcher,
    cells: &[RunCell],
    limit: Option<Duration>,
) -> Result<InMemory> {
    let (mut measured, mut silent) = (InMemory::default(), Silent);
    let with_first = |accelerated| Comparison { baseline: 0, accelerated, half_width: None };
    let group = Group {
        cells: (0..cells.len()).collect(),
        comparisons: (1..cells.len()).map(with_first).collect(),
    };
    Conductor::new(launcher, false, &mut measured, &mut silent).run(cells, &[group], limit)?;
    match measured.refusal {
        None => Ok(measured),
        Some(refusal) => bail!("a cell of the self-test was refused: {refusal}"),
    }
}

/// Blocks by cell, in the order of time.
#[derive(Default)]
pub struct InMemory {
    blocks: BTreeMap<String, Vec<Measured>>,
    refusal: Option<Refusal>,
}

impl InMemory {
    /// Returns the blocks of a cell.
    pub fn blocks(&self, cell: &RunCell) -> &[Measured] {
        self.blocks.get(&cell.key).map_or(&[], Vec::as_slice)
    }

    /// Returns the quiet level of all that was measured.
    fn level(&self) -> Option<QuietLevel> {
        let readings: Vec<Speed> =
            self.blocks.values().flatten().flat_map(|block| block.taken.readings()).collect();
        QuietLevel::of(&readings, None)
    }

    /// Returns how many times faster a cell is than a baseline.
    pub fn speed_up(&self, baseline: &RunCell, accelerated: &RunCell) -> Option<Estimate> {
        let rounds = self.pairs(baseline, accelerated);
        Bootstrap::default().speed_up(&quiet_turns(rounds, |pair| pair.conditions).0)
    }

    /// Returns whether the host was quiet often enough for numbers of quiet turns.
    pub fn is_quiet(&self, baseline: &RunCell, accelerated: &RunCell) -> bool {
        let rounds = self.pairs(baseline, accelerated);
        quiet_turns(rounds, |pair| pair.conditions).1 == Found::Quiet
    }

    /// Returns how many times faster a cell is than a baseline: of quiet turns, of all turns, and by a line
    /// through all turns without contention.
    pub fn found(&self, baseline: &RunCell, accelerated: &RunCell) -> Option<[Estimate; 3]> {
        let bootstrap = Bootstrap::default();
        let all = [self.pairs(baseline, accelerated)];
        Some([
            self.speed_up(baseline, accelerated)?,
            bootstrap.speed_up(&all[0])?,
            bootstrap.without_contention(&all)?,
        ])
    }

    fn pairs(&self, baseline: &RunCell, accelerated: &RunCell) -> Vec<PairedRound> {
        let sides = [baseline, accelerated].map(|cell| self.turns(&cell.key));
        paired_rounds(&sides[0], &sides[1])
    }
}

impl Recorder for InMemory {
    fn has_block(&self, key: &str, round: u32, block: u32) -> bool {
        let is_it = |kept: &Measured| (kept.place.round, kept.place.block) == (round, block);
        self.blocks.get(key).is_some_and(|blocks| blocks.iter().any(is_it))
    }

    fn is_refused(&self, _key: &str) -> bool {
        self.refusal.is_some()
    }

    fn spent(&self, _key: &str) -> Duration {
        Duration::ZERO
    }

    fn turns(&self, key: &str) -> TurnMedians {
        let mut turns = TurnMedians::new();
        let level = self.level();
        for Measured { place, taken, .. } in self.blocks.get(key).into_iter().flatten() {
            let BlockPlace { round, block, .. } = *place;
            // One command takes all of them.
            let key = |turn| TurnKey { round, block, turn, session_unix_ns: 0 };
            turns.extend(taken.turns(level).map(|(turn, median)| (key(turn), median)));
        }
        turns
    }

    fn block(&mut self, key: &str, measured: &Measured) -> Result<(), RecordError> {
        self.blocks.entry(key.to_owned()).or_default().push(measured.clone());
        Ok(())
    }

    fn refusal(
        &mut self,
        _key: &str,
        _round: u32,
        refusal: &Refusal,
        _stderr_tail: &str,
    ) -> Result<(), RecordError> {
        self.refusal = Some(refusal.clone());
        Ok(())
    }
}

/// Shows nothing: a self-test reports what it found at its end.
struct Silent;

impl Observer for Silent {
    fn round(&mut self, _round: RoundProgress<'_>) {}

    fn refused(&mut self, _cell: &RunCell, _refusal: &Refusal) {}
}
