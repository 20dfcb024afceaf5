use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::FilterArguments;

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListSubject {
    /// Networks and patterns
    Architectures,
    /// Engines of the worker
    Engines,
    /// Figures that experiments may name
    Figures,
    /// Experiment files
    Experiments,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// What to list [default: everything]
    pub subject: Option<ListSubject>,
    /// List what architectures cost: networks at their own resolution, patterns at depth 8, width 32
    #[arg(long, conflicts_with = "subject")]
    pub attributes: bool,
    /// Put the largest first
    #[arg(long, requires = "attributes", value_name = "COLUMN", hide_possible_values = true)]
    pub sort: Option<SortKey>,
    /// Print comma-separated values
    #[arg(long, requires = "attributes", conflicts_with = "json")]
    pub csv: bool,
    /// Narrowing
    #[command(flatten)]
    pub filter: FilterArguments,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What the costs of architectures are sorted by.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SortKey {
    Parameters,
    Macs,
    Operators,
    LongestPath,
    Parallelism,
    Intensity,
    Depthwise,
    WeightBytes,
    PeakActivationBytes,
}

/// Arguments of `figures`.
#[derive(Debug, Args)]
pub struct FiguresArguments {
    /// A run's folder [default: the latest below --data]
    pub run: Option<PathBuf>,
    /// Where the figures go [default: figures/runs/RUN]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Narrowing
    #[command(flatten)]
    pub filter: FilterArguments,
    /// Print the files as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// A run's folder [default: the latest below --data]
    pub run: Option<PathBuf>,
    /// Narrowing
    #[command(flatten)]
    pub filter: FilterArguments,
    /// Print what each engine saves over its baseline, and on what, of a run that `profile` has timed
    #[arg(long)]
    pub saved: bool,
    /// Print comma-separated values: the columns of `results.csv`
    #[arg(long, conflicts_with_all = ["json", "saved"])]
    pub csv: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `readme`.
#[derive(Debug, Args)]
pub struct ReadmeArguments {
    /// The README, whose generated parts are made anew
    pub readme: PathBuf,
    /// Folders of the reference runs, the one that is drawn first
    #[arg(long = "reference", value_name = "DIR", required = true)]
    pub references: Vec<PathBuf>,
    /// Folder for the figures of several runs: claims, hosts
    #[arg(long, value_name = "DIR")]
    pub figures: Option<PathBuf>,
    /// Folder of the run of all patterns at equal cost
    #[arg(long, value_name = "DIR")]
    pub patterns: PathBuf,
    /// Folder of the run of all patterns by depth and width
    #[arg(long, value_name = "DIR")]
    pub sizes: PathBuf,
    /// Folder of the run of all networks on one thread
    #[arg(long, value_name = "DIR")]
    pub networks: PathBuf,
    /// Folder of the run of the patterns whose caches were simulated
    #[arg(long, value_name = "DIR")]
    pub caches: PathBuf,
    /// The page that compares our timings with engines' own tools
    #[arg(long, value_name = "FILE")]
    pub fidelity: PathBuf,
}
