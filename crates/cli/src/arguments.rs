//! What the command line takes.

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use formbench_experiment::{Extent, Filter, Profile};
use formbench_measure::WorkerCommand;
use formbench_protocol as protocol;

use crate::{architecture, planning};

const EXAMPLES: &str = "\
Examples:
  formbench doctor                          what can be measured on this machine
  formbench plan --profile quick            what a run would measure, and how long it takes
  formbench run --profile quick             measure; run it again to go on after an interruption
  formbench run -e burn/networks --engine candle
  formbench figures                         draw the latest run
  formbench figures data/reference/amd-epyc-2core -o figures
  formbench show --json                     the latest run's numbers
  formbench inspect bottleneck-d14-w32      its operators, parameters, MACs and bytes
  formbench inspect own/model.onnx          the same of a model of one's own
  formbench export resnet50 -o resnet50.onnx

Exit codes:
  0 done    1 failed    2 wrong arguments    3 wrong experiment    4 no worker
  5 data cannot be read or written    6 another command holds the data folder
  7 self-test failed    8 engines disagree    130 interrupted";

/// Measures how much each inference engine speeds up each neural-network architecture
#[derive(Debug, Parser)]
#[command(name = "formbench", version, after_long_help = EXAMPLES, propagate_version = true)]
#[command(disable_help_subcommand = true)]
pub struct Arguments {
    /// Folder of the experiments
    #[arg(long, global = true, default_value = "experiments", value_name = "DIR")]
    pub experiments: PathBuf,
    /// Folder of the runs
    #[arg(long, global = true, default_value = "data/runs", value_name = "DIR")]
    pub data: PathBuf,
    /// Worker executable, also FORMBENCH_WORKER [default: beside this command]
    #[arg(long, global = true, env = "FORMBENCH_WORKER", hide_env = true, value_name = "FILE")]
    pub worker: Option<PathBuf>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List architectures, engines, figures and experiments
    List(ListArguments),
    /// Show what a run would measure, how long it takes and its size on disk
    Plan(PlanArguments),
    /// Measure, and go on where an interrupted run stopped
    Run(RunArguments),
    /// Draw the figures of a run
    Figures(FiguresArguments),
    /// Print the numbers of a run
    Show(ShowArguments),
    /// Print what an architecture costs, operator by operator
    Inspect(InspectArguments),
    /// Write an architecture with its weights as an ONNX file
    Export(ExportArguments),
    /// Say which engines work here and what the others need
    Doctor(DoctorArguments),
    /// Compare every engine's logits with the reference engine's
    Parity(ParityArguments),
    /// Compare our timings with those of each engine's own tool
    Fidelity(FidelityArguments),
    /// Test the harness itself: its overhead, and whether known times are recovered
    Selftest(SelftestArguments),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Narrows what is listed, planned, run or shown; each may be given several times.
#[derive(Clone, Debug, Default, Args)]
pub struct FilterArguments {
    /// Only experiments whose name contains this
    #[arg(id = "experiment", short = 'e', long, value_name = "PART")]
    pub experiments: Vec<String>,
    /// Only architectures whose name contains this, as plain-d8
    #[arg(id = "architecture", short = 'a', long, value_name = "PART")]
    pub architectures: Vec<String>,
    /// Only engines whose name contains this, and their baseline
    #[arg(id = "engine", long, value_name = "PART")]
    pub engines: Vec<String>,
    /// Only cells with so many threads
    #[arg(long = "threads", value_name = "N")]
    pub threads: Vec<u32>,
}

impl FilterArguments {
    /// Returns the filter that plans and tables take.
    pub fn filter(&self) -> Filter {
        Filter {
            experiments: self.experiments.clone(),
            architectures: self.architectures.clone(),
            engines: self.engines.clone(),
            threads: self.threads.clone(),
        }
    }
}

/// Shows the options that make this filter, each with a blank before it.
impl fmt::Display for FilterArguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts =
            [("-e", &self.experiments), ("-a", &self.architectures), ("--engine", &self.engines)];
        for (option, values) in parts {
            values.iter().try_for_each(|value| write!(f, " {option} {value}"))?;
        }
        self.threads.iter().try_for_each(|threads| write!(f, " --threads {threads}"))
    }
}

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

impl Selection {
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
    /// Start a new run although a finished one of this plan is there
    #[arg(long)]
    pub fresh: bool,
    /// Print the run's folder and counts as JSON
    #[arg(long)]
    pub json: bool,
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

/// An architecture at an input, as people name them.
#[derive(Clone, Debug, Args)]
pub struct SubjectArguments {
    /// A network, as resnet18, a pattern with depth and width, as bottleneck-d14-w32, or an ONNX file
    pub architecture: String,
    /// Height and width of the images in pixels
    #[arg(long, default_value_t = 224, value_name = "PIXELS")]
    pub resolution: u32,
    /// Images per inference
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub batch: u32,
    /// Seed of the weights
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub weights_seed: u64,
}

impl SubjectArguments {
    /// Returns what the worker is asked for.
    ///
    /// # Errors
    /// The worker does not answer, or has no such architecture.
    pub fn subject(&self, worker: &WorkerCommand) -> Result<protocol::Subject> {
        let description = planning::describe(worker)?;
        Ok(protocol::Subject {
            architecture: architecture::parse(&self.architecture, &description)?,
            weights_seed: self.weights_seed,
            input: protocol::Input { batch: self.batch, resolution: self.resolution, seed: 7 },
        })
    }
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArguments {
    /// What is inspected
    #[command(flatten)]
    pub subject: SubjectArguments,
    /// Level 2 cache that working sets are held against [default: this machine's]
    #[arg(long, value_name = "BYTES")]
    pub l2_bytes: Option<u64>,
    /// Level 3 cache that working sets are held against [default: this machine's]
    #[arg(long, value_name = "BYTES")]
    pub l3_bytes: Option<u64>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// What is written
    #[command(flatten)]
    pub subject: SubjectArguments,
    /// The file
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Print the file and its cost as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `parity`.
#[derive(Debug, Args)]
pub struct ParityArguments {
    /// Only architectures whose name contains this; or the path of an ONNX file
    #[arg(id = "architecture", short = 'a', long, value_name = "PART")]
    pub architectures: Vec<String>,
    /// Only engines whose name contains this
    #[arg(id = "engine", long, value_name = "PART")]
    pub engines: Vec<String>,
    /// Height and width of the images [default: what each network was published for, else 224]
    #[arg(long, value_name = "PIXELS")]
    pub resolution: Option<u32>,
    /// Leave out engines' options that are not the default
    #[arg(long)]
    pub defaults: bool,
    /// Compare software graphics adapters too, which takes minutes
    #[arg(long)]
    pub software_gpu: bool,
    /// Also write the table as Markdown
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `fidelity`.
#[derive(Debug, Args)]
pub struct FidelityArguments {
    /// Networks, or patterns as plain-d8-w32 [default: six]
    #[arg(id = "architecture", short = 'a', long, value_name = "NAME")]
    pub architectures: Vec<String>,
    /// Only engines whose name contains this
    #[arg(id = "engine", long, value_name = "PART")]
    pub engines: Vec<String>,
    /// Threads of both sides
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub threads: u32,
    /// Fresh processes of both sides, at least
    #[arg(long, default_value_t = 4, value_name = "N")]
    pub rounds: u32,
    /// Seconds that the turns of one pair may take until its ratio is decided
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    pub limit_s: u32,
    /// Also write the table as Markdown
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArguments {
    /// Only engines whose name contains this
    #[arg(id = "engine", long, value_name = "PART")]
    pub engines: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `selftest`.
#[derive(Debug, Args)]
pub struct SelftestArguments {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
