//! What a self-test measures stays in memory.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, bail};
use formbench_experiment::Comparison;
use formbench_measure::{
    BlockPlace, Conductor, Group, Launcher, Measured, Observer, RecordError, Recorder, RunCell,
    Turn,
};
use formbench_protocol::Refusal;
use formbench_statistics::{Bootstrap, Estimate, TurnKey, TurnMedians, paired_rounds};

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

    /// Returns how many times faster a cell is than a baseline.
    pub fn speed_up(&self, baseline: &RunCell, accelerated: &RunCell) -> Option<Estimate> {
        let sides = [baseline, accelerated].map(|cell| self.medians_ns(&cell.key));
        Bootstrap::default().speed_up(&paired_rounds(&sides[0], &sides[1]))
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

    fn medians_ns(&self, key: &str) -> TurnMedians {
        let mut medians_ns = TurnMedians::new();
        for Measured { place, taken, .. } in self.blocks.get(key).into_iter().flatten() {
            let BlockPlace { round, block, .. } = *place;
            // One command takes all of them.
            let key = |turn| TurnKey { round, block, turn, session_unix_ns: 0 };
            medians_ns.extend(taken.medians_ns().map(|(turn, ns)| (key(turn), ns)));
        }
        medians_ns
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
    fn turn(&mut self, _turn: Turn<'_>) {}

    fn refused(&mut self, _cell: &RunCell, _refusal: &Refusal) {}
}
