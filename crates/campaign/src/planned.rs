//! From the experiments' files to cells with keys.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::path::Path;

use formbench_experiment::{
    Claims, EngineWords, Experiment, ExperimentError, Extent, Filter, OptionWords, PROFILES, Plan,
    Vocabulary, experiment_files, read_experiment, read_profiles,
};
use formbench_measure::{Group, Host, RunCell, WorkerCommand, groups, run_cells};
use formbench_protocol::{
    ArchitectureKind, Description, EngineInfo, OptionInfo, Origin, RefusalKind,
};

use crate::CampaignError;
use crate::claims::claims;

/// What a plan is made from.
#[derive(Clone, Debug)]
pub struct PlanRequest<'a> {
    /// How to start workers.
    pub worker: WorkerCommand,
    /// Folder of the experiments.
    pub experiments: &'a Path,
    /// Figures that experiments may name.
    pub figures: &'a [&'a str],
    /// How much is measured, and how well.
    pub extent: Extent,
    /// What is left out.
    pub filter: Filter,
}

/// Everything a run needs to know before it starts.
pub struct Planned {
    /// How to start workers.
    pub worker: WorkerCommand,
    /// This machine.
    pub host: Host,
    /// What is measured and why.
    pub plan: Plan,
    /// The plan's cells with their keys.
    pub cells: Vec<RunCell>,
    /// Who decided the layers of each network.
    pub origins: BTreeMap<String, Origin>,
    /// What its numbers are to decide.
    pub claims: Vec<Claims>,
}

impl Planned {
    /// Returns the plan that is asked for, validated as a whole.
    ///
    /// # Errors
    /// The worker does not answer, or a file is wrong.
    pub fn new(request: &PlanRequest<'_>) -> Result<Self, CampaignError> {
        let PlanRequest { worker, experiments: root, figures, extent, filter } = request;
        let description = describe(worker)?;
        let experiments = experiments(root, &vocabulary(&description, figures))?;
        let profiles = read_profiles(&root.join(PROFILES))?;
        let absent = absent_engines(&description);
        let plan = Plan::new(&experiments, &profiles, *extent, filter, &absent)?;
        let host = Host::here();
        let cells = run_cells(&plan, &description, &host);
        let origins = description.architectures.into_iter();
        let origins = origins.filter_map(|info| Some((info.name, info.origin?))).collect();
        let claims = claims(root, figures)?;
        Ok(Self { worker: worker.clone(), host, plan, cells, origins, claims })
    }

    /// Returns the cells that are compared with each other.
    pub fn groups(&self) -> Vec<Group> {
        groups(&self.plan, &self.claims)
    }
}

/// Returns what exists in the worker.
///
/// # Errors
/// The worker does not start or does not answer.
pub fn describe(worker: &WorkerCommand) -> Result<Description, CampaignError> {
    worker.describe().map_err(|source| {
        let program = worker.program.clone();
        CampaignError::NoWorker { program, source }
    })
}

/// Returns every experiment below `root`, validated.
///
/// # Errors
/// A file cannot be read or is wrong.
pub fn experiments(
    root: &Path,
    vocabulary: &Vocabulary,
) -> Result<Vec<Experiment>, ExperimentError> {
    let files = experiment_files(root)?;
    files.iter().map(|path| read_experiment(path, root, vocabulary)).collect()
}

/// Returns the engines that nothing can be measured on here.
fn absent_engines(description: &Description) -> BTreeSet<String> {
    let refused = |info: &&EngineInfo| {
        info.refusal.as_ref().is_some_and(|refusal| refusal.kind == RefusalKind::Unavailable)
    };
    let absent = description.engines.iter().filter(refused);
    absent.map(|info| info.identity.name.clone()).collect()
}

/// Returns what experiments may name, `figures` among it.
pub fn vocabulary(description: &Description, figures: &[&str]) -> Vocabulary {
    let names = |kind| {
        let of_kind = description.architectures.iter().filter(move |info| info.kind == kind);
        of_kind.map(|info| info.name.clone()).collect()
    };
    let option =
        |info: &OptionInfo| OptionWords { name: info.name.clone(), values: info.values.clone() };
    let engine = |info: &EngineInfo| EngineWords {
        name: info.identity.name.clone(),
        options: info.options.iter().map(option).collect(),
    };
    Vocabulary {
        patterns: names(ArchitectureKind::Pattern),
        networks: names(ArchitectureKind::Network),
        engines: description.engines.iter().map(engine).collect(),
        figures: figures.iter().map(|&figure| figure.to_owned()).collect(),
        fit: |pattern, depth, resolution, target| {
            let fitted = formbench_architectures::fit(pattern, depth, resolution, target);
            fitted.map(|fit| fit.width).map_err(|error| error.to_string())
        },
        processors: processors(),
    }
}

/// Returns how many threads can run at once.
fn processors() -> u32 {
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    u32::try_from(processors).unwrap_or(u32::MAX)
}
