use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use formbench_experiment::{Extent, Profile};

use super::FilterArguments;

/// What a plan is made from.
#[derive(Debug, Args)]
pub struct Selection {
    /// How much of the experiments: quick, standard or full
    #[arg(short, long, default_value = "standard")]
    pub profile: Profile,
    /// Take another profile's budget, as `quick` for all rows of `full` in a few hours
    #[arg(long, value_name = "PROFILE")]
    pub budget_of: Option<Profile>,
    /// Time software graphics adapters too; they are never called a GPU
    #[arg(long)]
    pub software_gpu: bool,
    /// Narrowing
    #[command(flatten)]
    pub filter: FilterArguments,
}

/// What `run` takes where nothing is said.
impl Default for Selection {
    fn default() -> Self {
        let filter = FilterArguments::default();
        Self { profile: Profile::Standard, budget_of: None, software_gpu: false, filter }
    }
}

impl Selection {
    /// Returns the selection of all cells that there are, as runs of any profile have them.
    pub fn all_cells(software_gpu: bool) -> Self {
        let filter = FilterArguments::default();
        let budget_of = Some(Profile::Standard);
        Self { profile: Profile::Full, budget_of, software_gpu, filter }
    }

    /// Returns how much is measured, and how well.
    pub fn extent(&self) -> Extent {
        let Self { profile, budget_of, .. } = *self;
        Extent { profile, budget_of: budget_of.unwrap_or(profile) }
    }
}

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub struct PlanArguments {
    /// What would run
    #[command(flatten)]
    pub selection: Selection,
    /// Say how many cells would be measured at all in this time, as `20m`
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub budget: Option<Duration>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// What runs
    #[command(flatten)]
    pub selection: Selection,
    /// Time that measuring may take, as `20m` [default: until all intervals are narrow]
    ///
    /// Every cell gets its least rounds first; of what is left, intervals that are nearest to what is asked get more.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub budget: Option<Duration>,
    /// Test the harness itself first, two minutes, for the run's reports
    #[arg(long)]
    pub selftest: bool,
    /// Simulate the caches that are not known yet before anything is measured, which takes minutes
    #[arg(long, hide_short_help = true)]
    pub simulate_caches: bool,
    /// Start a new run although a finished one of this plan is there
    #[arg(long)]
    pub fresh: bool,
    /// Go on with a finished run of this plan where intervals are still wider than asked
    #[arg(long, conflicts_with = "fresh")]
    pub more: bool,
    /// Keep a copy of the run's folder in this one, renewed between rounds once a minute and at the end
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub mirror: Option<PathBuf>,
    /// Print the run's folder and counts as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `final`.
#[derive(Debug, Args)]
pub struct FinalArguments {
    /// Folder of a run that was measured here [default: the latest]
    pub run: Option<PathBuf>,
    /// Time that all finals may take together, as `20m`; each has three rounds all the same
    #[arg(long, default_value = "20m", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub budget: Duration,
    /// Hold finals that are over once more
    #[arg(long)]
    pub fresh: bool,
    /// Print who takes part, and measure nothing
    #[arg(long)]
    pub plan: bool,
}

/// Arguments of `cache`.
#[derive(Debug, Args)]
pub struct CacheArguments {
    /// What is simulated
    #[command(flatten)]
    pub selection: Selection,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
