use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::FilterArguments;

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Subject {
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
    pub subject: Option<Subject>,
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
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
