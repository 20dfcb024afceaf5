use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use formbench_protocol::{Architecture, CostTarget};

use crate::{
    Budget, Cell, EngineSetting, Experiment, ExperimentError, Filter, Profile, Profiles, onnx_file,
};

/// Everything that one run measures: the cells of all experiments, each once.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// How much is measured, and how well.
    pub extent: Extent,
    /// The experiments that have cells.
    pub experiments: Vec<PlannedExperiment>,
    /// Distinct cells in the order the experiments name them; the cells of a group are adjacent.
    pub cells: Vec<Cell>,
    /// The cost that the width of a pattern was chosen for, by pattern and resolution in pixels.
    pub matched: BTreeMap<(Architecture, u32), CostTarget>,
}

/// How much is measured, and how well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The profile whose rows are measured.
    pub profile: Profile,
    /// The profile whose budget each row has.
    pub budget_of: Profile,
}

impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { profile, budget_of } = self;
        if profile == budget_of {
            write!(f, "{profile}")
        } else {
            write!(f, "{profile} with the budget of {budget_of}")
        }
    }
}

impl From<Profile> for Extent {
    /// Returns the rows of a profile with its own budget.
    fn from(profile: Profile) -> Self {
        Self { profile, budget_of: profile }
    }
}

/// What a run takes from an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedExperiment {
    /// Path below the experiments' folder, such as `burn/networks`.
    pub name: String,
    /// What the experiment asks.
    pub question: String,
    /// Sizes of the last-level caches that it asks about, in MiB.
    pub l3_mib: Vec<u32>,
    /// Figures that are drawn from the experiment.
    pub figures: Vec<String>,
    /// The setting that the experiment compares the others with.
    pub baseline: EngineSetting,
    /// The setting that replaces the baseline, if the baseline's engine is absent.
    pub stand_in: Option<EngineSetting>,
    /// The profile's budget with the experiment's departures.
    pub budget: Budget,
    /// Its cells.
    pub members: Vec<Member>,
}

/// A cell's part in an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Index into [`Plan::cells`].
    pub cell: usize,
    /// Whether the other cells of its group are compared with this one.
    pub baseline: bool,
}

impl Plan {
    /// Returns what is left of `experiments` under an extent and a filter on a host that lacks the
    /// `absent` engines.
    ///
    /// Cells of absent engines stay, to be refused with a remedy. Where the baseline's engine is
    /// absent, the cells of the stand-in join them as the baseline.
    ///
    /// # Errors
    /// Nothing is left, or one path means two different files.
    pub fn new(
        experiments: &[Experiment],
        profiles: &Profiles,
        extent: Extent,
        filter: &Filter,
        absent: &BTreeSet<String>,
    ) -> Result<Self, ExperimentError> {
        let kept: Vec<RemainingExperiment> = experiments
            .iter()
            .filter(|experiment| filter.takes_experiment(&experiment.name))
            .map(|experiment| RemainingExperiment::new(experiment, extent.profile, filter, absent))
            .filter(|kept| !kept.cells.is_empty())
            .collect();
        if kept.is_empty() {
            return Err(ExperimentError::NothingToMeasure { profile: extent.profile });
        }
        let cells = distinct(kept.iter().flat_map(|one| &one.cells));
        if let Some(path) = onnx_file::ambiguous(&cells) {
            return Err(ExperimentError::TwoFiles { path: path.to_owned() });
        }
        let places: HashMap<&Cell, usize> =
            cells.iter().enumerate().map(|(place, cell)| (cell, place)).collect();
        let budget = profiles.budget(extent.budget_of);
        let experiments = kept.iter().map(|one| one.planned(budget, &places)).collect();
        let matched = kept.iter().flat_map(RemainingExperiment::matched).collect();
        Ok(Self { extent, experiments, cells, matched })
    }

    /// Returns the cells that are compared with each other, as indices into [`Plan::cells`].
    pub fn groups(&self) -> Vec<Vec<usize>> {
        let mut first = 0;
        let groups = self.cells.chunk_by(|a, b| a.group() == b.group());
        groups
            .map(|group| {
                first += group.len();
                (first - group.len()..first).collect()
            })
            .collect()
    }

    /// Returns the budget that satisfies every experiment that the cell is in.
    ///
    /// # Panics
    /// If `cell` is not an index into [`Plan::cells`].
    pub fn budget_of(&self, cell: usize) -> Budget {
        self.experiments
            .iter()
            .filter(|experiment| experiment.members.iter().any(|member| member.cell == cell))
            .map(|experiment| experiment.budget)
            .reduce(Budget::and)
            .expect("every cell of a plan is in an experiment")
    }
}

/// What is left of an experiment.
struct RemainingExperiment<'e> {
    experiment: &'e Experiment,
    stand_in: Option<&'e EngineSetting>,
    cells: Vec<Cell>,
}

impl<'e> RemainingExperiment<'e> {
    fn new(
        experiment: &'e Experiment,
        profile: Profile,
        filter: &Filter,
        absent: &BTreeSet<String>,
    ) -> Self {
        let stand_in = experiment.standing_in(absent);
        let baseline = stand_in.unwrap_or(&experiment.baseline);
        let cells = filter.keep(experiment.cells_with(stand_in, profile), baseline);
        Self { experiment, stand_in, cells }
    }

    /// Returns the costs that the widths of its cells' patterns were chosen for.
    fn matched(&self) -> impl Iterator<Item = ((Architecture, u32), CostTarget)> {
        self.cells.iter().filter_map(|cell| {
            let (architecture, resolution) = (&cell.architecture, cell.input.images()?.resolution);
            let target = self.experiment.matched(architecture, resolution)?;
            Some(((architecture.clone(), resolution), target))
        })
    }

    fn planned(
        &self,
        profile_budget: &Budget,
        places: &HashMap<&Cell, usize>,
    ) -> PlannedExperiment {
        let experiment = self.experiment;
        let baseline = self.stand_in.unwrap_or(&experiment.baseline);
        let member =
            |cell: &Cell| Member { cell: places[cell], baseline: cell.engine == *baseline };
        PlannedExperiment {
            name: experiment.name.clone(),
            question: experiment.question.clone(),
            l3_mib: experiment.l3_mib.clone(),
            figures: experiment.figures.clone(),
            baseline: experiment.baseline.clone(),
            stand_in: self.stand_in.cloned(),
            budget: profile_budget.with(&experiment.budget),
            members: self.cells.iter().map(member).collect(),
        }
    }
}

/// Returns each cell once, in the order in which its group and then the cell first appear.
fn distinct<'c>(cells: impl Iterator<Item = &'c Cell>) -> Vec<Cell> {
    let (mut groups, mut seen) = (HashMap::new(), HashMap::new());
    for cell in cells {
        let next_group = groups.len();
        let group = *groups.entry(cell.group()).or_insert(next_group);
        let next = seen.len();
        seen.entry(cell).or_insert((group, next));
    }
    let mut cells: Vec<(&Cell, (usize, usize))> = seen.into_iter().collect();
    cells.sort_unstable_by_key(|(_, place)| *place);
    cells.into_iter().map(|(cell, _)| cell.clone()).collect()
}
