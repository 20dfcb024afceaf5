//! What one figure may look at: its cells, comparisons and refusals.

use std::collections::{BTreeMap, BTreeSet};

use formbench_experiment::comparisons;
use formbench_protocol::Width;
use formbench_store::{
    AttributesRow, CellKind, CellRow, ExperimentRow, InputShape, MemberRow, RefusalRow,
};

pub use crate::comparison::Comparison;
use crate::rounds::{Pairs, Rounds, block_key};
use crate::series::engine_label;
use crate::{NetworkOrigin, Run, StandIn};

/// What one figure of one set may look at: the cells of some experiments of the set.
pub struct View<'a> {
    /// The run.
    pub run: &'a Run,
    /// Folder of the experiments.
    pub set: &'a str,
    experiments: Vec<&'a ExperimentRow>,
    members: Vec<&'a MemberRow>,
    refusals: BTreeMap<&'a str, Vec<&'a RefusalRow>>,
}

/// Which architectures a figure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinds {
    /// Patterns alone.
    Patterns,
    /// Networks, files among them.
    Networks,
    /// Patterns first.
    All,
}

/// Cells, each with what its architecture costs.
pub type CostedCells<'a> = Vec<(&'a CellRow, &'a AttributesRow)>;

impl<'a> View<'a> {
    /// Returns the view of some experiments of a set.
    pub fn of(run: &'a Run, set: &'a str, experiments: Vec<&'a ExperimentRow>) -> Self {
        let asking: BTreeSet<&str> =
            experiments.iter().map(|experiment| experiment.experiment.as_str()).collect();
        let members =
            run.members.iter().filter(|row| asking.contains(row.experiment.as_str())).collect();
        let mut refusals: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for refusal in &run.refusals {
            refusals.entry(refusal.cell.as_str()).or_default().push(refusal);
        }
        Self { run, set, experiments, members, refusals }
    }

    /// Returns the experiments that it looks at.
    pub fn experiments(&self) -> &[&'a ExperimentRow] {
        &self.experiments
    }

    /// Returns the distinct cells of some kinds of architecture, in the order of the experiments.
    pub fn cells(&self, kinds: Kinds) -> Vec<&'a CellRow> {
        let mut seen = BTreeSet::new();
        let members = self.members.iter().filter(|row| seen.insert(&row.cell));
        let cells = members.filter_map(|row| self.run.cells.get(&row.cell));
        let mut cells: Vec<_> = cells.filter(|cell| kinds.hold(cell)).collect();
        cells.sort_by_key(|cell| !is_pattern(cell));
        cells
    }

    /// Returns where a cell's network comes from; nothing of a pattern.
    pub fn origin(&self, cell: &CellRow) -> Option<NetworkOrigin> {
        match cell.kind {
            CellKind::Pattern => None,
            CellKind::File => Some(NetworkOrigin::FromOutside),
            CellKind::Network => {
                let said = self.run.attributes_of(cell).map(NetworkOrigin::of);
                Some(said.unwrap_or(NetworkOrigin::Unknown))
            }
        }
    }

    /// Returns the measured cells with what their architectures cost, and those of which the run
    /// does not show it.
    pub fn costs(&self, cells: &[&'a CellRow]) -> (CostedCells<'a>, Vec<&'a CellRow>) {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for cell in cells.iter().filter(|cell| !self.rounds(cell).is_empty()) {
            match self.run.attributes_of(cell) {
                Some(attributes) => known.push((*cell, attributes)),
                None => unknown.push(*cell),
            }
        }
        (known, unknown)
    }

    /// Returns which engines stand in for an absent baseline, and for which.
    pub fn stand_ins(&self) -> Vec<StandIn> {
        let stand_in = |experiment: &&ExperimentRow| {
            let members = self.members.iter().filter(|row| row.experiment == experiment.experiment);
            let cells = members
                .filter(|row| row.baseline)
                .filter_map(|row| self.run.cells.get(&row.cell))
                .map(engine_label);
            let engines: BTreeSet<String> = cells.collect();
            let engine = engines.into_iter().collect::<Vec<_>>().join(" or ");
            StandIn { engine, baseline: experiment.baseline.clone() }
        };
        let standing_in = self.experiments.iter().filter(|experiment| experiment.stand_in);
        let stand_ins: BTreeSet<StandIn> = standing_in.map(stand_in).collect();
        stand_ins.into_iter().filter(|one| !one.engine.is_empty()).collect()
    }

    /// Returns the distinct comparisons of some kinds of architecture: every cell that is not a
    /// baseline with the baseline of its experiment that shares architecture, input, weights and
    /// threads.
    pub fn comparisons(&self, kinds: Kinds) -> Vec<Comparison<'a>> {
        let mut pairs = compared_members(self.run, self.members.iter().copied());
        pairs.retain(|pair| kinds.hold(pair.accelerated));
        pairs.sort_by_key(|pair| !is_pattern(pair.accelerated));
        let mut seen = BTreeSet::new();
        pairs.retain(|pair| seen.insert((&pair.baseline.cell, &pair.accelerated.cell)));
        pairs
    }

    /// Returns a cell's blocks by round; rounds without blocks are left out.
    pub fn rounds(&self, cell: &CellRow) -> Rounds {
        Rounds::of(self.run, &cell.cell)
    }

    /// Returns the rounds in which both sides took turns.
    pub fn pairs(&self, comparison: Comparison<'_>) -> Pairs {
        Pairs::of(self.run, comparison)
    }

    /// Returns how many of a cell's blocks are disturbed and left out.
    pub fn left_out(&self, cell: &CellRow) -> usize {
        let blocks = self.run.blocks_of(&cell.cell).iter();
        blocks.filter(|block| self.run.latencies_of(block).is_none()).count()
    }

    /// Returns whether both sides took a block in turn, disturbed or not.
    pub fn took_turns(&self, comparison: Comparison<'_>) -> bool {
        let blocks = |cell: &CellRow| self.run.blocks_of(&cell.cell);
        let turns: BTreeSet<_> = blocks(comparison.baseline).iter().map(block_key).collect();
        blocks(comparison.accelerated).iter().any(|block| turns.contains(&block_key(block)))
    }

    /// Returns why a cell has no samples, or no more of them.
    pub fn refusals(&self, cell: &CellRow) -> &[&'a RefusalRow] {
        self.refusals.get(cell.cell.as_str()).map_or(&[], Vec::as_slice)
    }
}

/// Returns what members are compared with within their experiments, in the order of the members, each with
/// the half-width that its experiment asks for.
pub fn compared_members<'a>(
    run: &'a Run,
    members: impl Iterator<Item = &'a MemberRow>,
) -> Vec<Comparison<'a>> {
    let asked: BTreeMap<&str, f64> =
        run.experiments.iter().map(|row| (row.experiment.as_str(), row.ratio_half_width)).collect();
    let member = |row: &'a MemberRow| {
        Some(((row.experiment.as_str(), run.cells.get(&row.cell)?), row.baseline))
    };
    let members: Vec<_> = members.filter_map(member).collect();
    let pairs = comparisons(&members, None, |(experiment, cell)| (experiment, group(cell)));
    let of_cells = pairs.into_iter().map(|pair| {
        let ((_, baseline), (experiment, accelerated)) = (pair.baseline, pair.accelerated);
        Comparison { baseline, accelerated, half_width: asked.get(experiment).copied() }
    });
    of_cells.collect()
}

/// Returns the distinct cells of comparisons, accelerated and baseline.
pub fn sides<'a>(comparisons: &[Comparison<'a>]) -> Vec<&'a CellRow> {
    let mut seen = BTreeSet::new();
    let sides = comparisons.iter().flat_map(|pair| [pair.baseline, pair.accelerated]);
    sides.filter(|cell| seen.insert(&cell.cell)).collect()
}

/// What cells have in common that are compared with each other.
pub type ComparisonGroup<'a> = (&'a str, Option<(u32, Width)>, InputShape, u32, [u64; 2]);

/// Returns what a cell has in common with those that it may be compared with.
pub fn group(cell: &CellRow) -> ComparisonGroup<'_> {
    let seeds = [cell.input_seed, cell.weights_seed];
    (&cell.name, cell.form(), cell.input_shape(), cell.threads, seeds)
}

impl Kinds {
    fn hold(self, cell: &CellRow) -> bool {
        match self {
            Self::Patterns => is_pattern(cell),
            Self::Networks => !is_pattern(cell),
            Self::All => true,
        }
    }
}

/// Returns whether a cell executes a pattern.
pub fn is_pattern(cell: &CellRow) -> bool {
    cell.kind == CellKind::Pattern
}
