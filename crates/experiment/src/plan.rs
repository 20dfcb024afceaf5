use std::collections::{BTreeSet, HashMap};

use crate::{Budget, Cell, EngineSetting, Experiment, ExperimentError, Filter, Profile, Profiles};

/// Everything that one run measures: the cells of all experiments, each once.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Which rows and which budgets were taken.
    pub profile: Profile,
    /// The experiments that have cells.
    pub experiments: Vec<PlannedExperiment>,
    /// Distinct cells in the order the experiments name them, those of a group adjacent.
    pub cells: Vec<Cell>,
}

/// What a run takes from an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedExperiment {
    /// Path below the experiments' folder, as `burn/networks`.
    pub name: String,
    /// What it asks.
    pub question: String,
    /// What is drawn from it.
    pub figures: Vec<String>,
    /// What it asks the others to be compared with.
    pub baseline: EngineSetting,
    /// What they are compared with in the baseline's place, whose engine is absent.
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
    /// Whether the others of its group are compared with it.
    pub baseline: bool,
}

impl Plan {
    /// Returns what is left of `experiments` under a profile and a filter on a host that lacks the
    /// `absent` engines.
    ///
    /// Cells of absent engines stay, to be refused with a remedy. Where the baseline's engine is
    /// absent, the cells of the stand-in join them as the baseline.
    ///
    /// # Errors
    /// Nothing is left.
    pub fn new(
        experiments: &[Experiment],
        profiles: &Profiles,
        profile: Profile,
        filter: &Filter,
        absent: &BTreeSet<String>,
    ) -> Result<Self, ExperimentError> {
        let kept: Vec<Kept> = experiments
            .iter()
            .filter(|experiment| filter.takes_experiment(&experiment.name))
            .map(|experiment| Kept::new(experiment, profile, filter, absent))
            .filter(|kept| !kept.cells.is_empty())
            .collect();
        if kept.is_empty() {
            return Err(ExperimentError::NothingToMeasure { profile });
        }
        let cells = distinct(kept.iter().flat_map(|one| &one.cells));
        let places: HashMap<&Cell, usize> =
            cells.iter().enumerate().map(|(place, cell)| (cell, place)).collect();
        let budget = profiles.budget(profile);
        let experiments = kept.iter().map(|one| one.planned(budget, &places)).collect();
        Ok(Self { profile, experiments, cells })
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
struct Kept<'e> {
    experiment: &'e Experiment,
    stand_in: Option<&'e EngineSetting>,
    cells: Vec<Cell>,
}

impl<'e> Kept<'e> {
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
