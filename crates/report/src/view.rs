use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::Width;
use formbench_store::{AttributesRow, BlockRow, CellRow, ExperimentRow, MemberRow, RefusalRow};

use crate::rounds::{Pairs, Rounds};
use crate::series::engine_label;
use crate::{NetworkOrigin, Run, StandIn};

/// What one figure of one set may look at: the cells of those experiments of the set that ask for
/// the figure.
pub struct View<'a> {
    pub(crate) run: &'a Run,
    pub(crate) set: &'a str,
    experiments: Vec<&'a ExperimentRow>,
    members: Vec<&'a MemberRow>,
    refusals: BTreeMap<&'a str, Vec<&'a RefusalRow>>,
}

/// Which architectures a figure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kinds {
    Patterns,
    /// Files among them.
    Networks,
    /// Patterns first.
    All,
}

/// A cell and the one that it is measured against.
#[derive(Clone, Copy)]
pub(crate) struct Comparison<'a> {
    pub(crate) baseline: &'a CellRow,
    pub(crate) accelerated: &'a CellRow,
    /// Half-width that is asked of the speed-up's interval, relative to it.
    pub(crate) half_width: f64,
}

/// Cells, each with what its architecture costs.
pub(crate) type Costs<'a> = Vec<(&'a CellRow, &'a AttributesRow)>;

impl<'a> View<'a> {
    /// Returns the view of `figure` on the experiments of a set.
    pub(crate) fn new(
        run: &'a Run,
        set: &'a str,
        experiments: &[&'a ExperimentRow],
        figure: &str,
    ) -> Self {
        let asks = |experiment: &&&ExperimentRow| experiment.figures.iter().any(|f| f == figure);
        Self::of(run, set, experiments.iter().filter(asks).copied().collect())
    }

    /// Returns the view of some experiments of a set, whatever figures they ask for.
    pub(crate) fn of(run: &'a Run, set: &'a str, experiments: Vec<&'a ExperimentRow>) -> Self {
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

    /// Returns the distinct cells of some kinds of architecture, in the order of the experiments.
    pub(crate) fn cells(&self, kinds: Kinds) -> Vec<&'a CellRow> {
        let mut seen = BTreeSet::new();
        let members = self.members.iter().filter(|row| seen.insert(&row.cell));
        let cells = members.filter_map(|row| self.run.cells.get(&row.cell));
        let mut cells: Vec<_> = cells.filter(|cell| kinds.hold(cell)).collect();
        cells.sort_by_key(|cell| !is_pattern(cell));
        cells
    }

    /// Returns where a cell's network comes from; nothing of a pattern.
    pub(crate) fn origin(&self, cell: &CellRow) -> Option<NetworkOrigin> {
        match cell.kind.as_str() {
            "pattern" => None,
            "file" => Some(NetworkOrigin::FromOutside),
            _ => {
                let said = self.run.attributes_of(cell).map(NetworkOrigin::of);
                Some(said.unwrap_or(NetworkOrigin::Unknown))
            }
        }
    }

    /// Returns the measured cells with what their architectures cost, and those of which the run
    /// does not say.
    pub(crate) fn costs(&self, cells: &[&'a CellRow]) -> (Costs<'a>, Vec<&'a CellRow>) {
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
    pub(crate) fn stand_ins(&self) -> Vec<StandIn> {
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
    pub(crate) fn comparisons(&self, kinds: Kinds) -> Vec<Comparison<'a>> {
        let member = |row: &&'a MemberRow| {
            let cell = self.run.cells.get(&row.cell).filter(|cell| kinds.hold(cell))?;
            Some((row.experiment.as_str(), row.baseline, cell))
        };
        let mut members: Vec<_> = self.members.iter().filter_map(member).collect();
        members.sort_by_key(|(.., cell)| !is_pattern(cell));
        let baselines: BTreeMap<_, _> = members
            .iter()
            .filter(|(_, baseline, _)| *baseline)
            .map(|(experiment, _, cell)| ((*experiment, group(cell)), *cell))
            .collect();
        let mut seen = BTreeSet::new();
        let accelerated = members.iter().filter(|(_, baseline, _)| !baseline);
        accelerated
            .filter_map(|&(experiment, _, cell)| {
                let baseline = *baselines.get(&(experiment, group(cell)))?;
                let half_width = self.asked_half_width(experiment);
                Some(Comparison { baseline, accelerated: cell, half_width })
            })
            .filter(|pair| seen.insert((&pair.baseline.cell, &pair.accelerated.cell)))
            .collect()
    }

    fn asked_half_width(&self, experiment: &str) -> f64 {
        let mut rows = self.experiments.iter();
        let row = rows.find(|row| row.experiment == experiment);
        row.map_or(f64::INFINITY, |row| row.ratio_half_width)
    }

    /// Returns a cell's blocks by round; rounds without blocks are left out.
    pub(crate) fn rounds(&self, cell: &CellRow) -> Rounds {
        Rounds::of(self.run, &cell.cell)
    }

    /// Returns the rounds in which both sides took turns.
    pub(crate) fn pairs(&self, comparison: Comparison<'_>) -> Pairs {
        let Comparison { baseline, accelerated, .. } = comparison;
        Pairs::of(self.run, &baseline.cell, &accelerated.cell)
    }

    /// Returns how many of a cell's blocks are dirty and left out.
    pub(crate) fn left_out(&self, cell: &CellRow) -> usize {
        let kept = self.run.latencies.get(&cell.cell);
        let is_kept = |block: &BlockRow| {
            kept.is_some_and(|rounds| {
                rounds.get(&block.round).is_some_and(|blocks| blocks.contains_key(&block.block))
            })
        };
        self.blocks(cell).filter(|block| !is_kept(block)).count()
    }

    /// Says whether both sides took a block in turn, dirty or not.
    pub(crate) fn took_turns(&self, comparison: Comparison<'_>) -> bool {
        let turn = |block: &BlockRow| (block.round, block.block, block.session_unix_ns);
        let turns: BTreeSet<_> = self.blocks(comparison.baseline).map(turn).collect();
        self.blocks(comparison.accelerated).any(|block| turns.contains(&turn(block)))
    }

    fn blocks(&self, cell: &CellRow) -> impl Iterator<Item = &'a BlockRow> {
        let blocks = &self.run.blocks;
        let from = blocks.partition_point(|block| block.cell < cell.cell);
        let to = blocks.partition_point(|block| block.cell <= cell.cell);
        blocks[from..to].iter()
    }

    /// Returns why a cell has no samples, or no more of them.
    pub(crate) fn refusals(&self, cell: &CellRow) -> &[&'a RefusalRow] {
        self.refusals.get(cell.cell.as_str()).map_or(&[], Vec::as_slice)
    }
}

/// Returns the distinct cells of comparisons, accelerated and baseline.
pub(crate) fn sides<'a>(comparisons: &[Comparison<'a>]) -> Vec<&'a CellRow> {
    let mut seen = BTreeSet::new();
    let sides = comparisons.iter().flat_map(|pair| [pair.baseline, pair.accelerated]);
    sides.filter(|cell| seen.insert(&cell.cell)).collect()
}

/// What cells have in common that are compared with each other.
pub(crate) type Group<'a> = (&'a str, Option<(u32, Width)>, [u32; 3], [u64; 2]);

/// Returns what a cell has in common with those that it may be compared with.
pub(crate) fn group(cell: &CellRow) -> Group<'_> {
    let counts = [cell.batch, cell.resolution, cell.threads];
    let seeds = [cell.input_seed, cell.weights_seed];
    (&cell.name, cell.form(), counts, seeds)
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

pub(crate) fn is_pattern(cell: &CellRow) -> bool {
    cell.kind == "pattern"
}
