//! What the command line takes.

mod checking;
mod choosing;
mod comparing;
mod filter;
mod fleet;
mod history;
mod hosts;
mod input;
mod listing;
mod measuring;
mod predicting;
mod profiling;
mod sharing;
mod subject;
mod verifying;

pub use checking::{DoctorArguments, FidelityArguments, ParityArguments, SelftestArguments};
pub use choosing::ChooseArguments;
pub use comparing::CompareArguments;
pub use filter::FilterArguments;
pub use fleet::{BundleArguments, CollectArguments, FleetArguments, FleetCommand, JobArguments};
pub use history::HistoryArguments;
pub use hosts::HostsArguments;
pub use input::InputArguments;
pub use listing::{
    FiguresArguments, ListArguments, ListSubject, ReadmeArguments, ShowArguments, SortKey,
};
pub use measuring::{CacheArguments, FinalArguments, PlanArguments, RunArguments, Selection};
pub use predicting::PredictArguments;
pub use profiling::ProfileArguments;
pub use sharing::{AddArguments, PackArguments};
pub use subject::{ExportArguments, InspectArguments, SubjectArguments};
pub use verifying::VerifyArguments;

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand};
use clap_complete::Shell;

const EXAMPLES: &str = "\
Examples:
  formbench doctor                          what can be measured on this machine
  formbench doctor --noise                  how quiet it is, and what would make it quieter
  formbench plan --profile quick            what a run would measure, and how long it takes
  formbench run --profile quick             measure; run it again to go on after an interruption
  formbench run -e burn/networks --engine candle
  formbench compare model.onnx              which engine is fastest on a model of one's own
  formbench choose --engine openvino --latency-ms 10   which network to take
  formbench predict own/model.onnx          what it would take here, by operators that were timed
  formbench profile resnet18                where the time of an inference goes, engine by engine
  formbench final                           who is really first, of those who may be by the latest run
  formbench cache -e paper/cache            simulate caches; `run` takes in what is known
  formbench figures                         draw the latest run
  formbench figures data/reference/amd-epyc-zen3-2core -o figures
  formbench verify                          which of the study's claims hold in the latest run
  formbench show --json                     the latest run's numbers
  formbench history --engine openvino       what its versions made slower or faster, by all runs
  formbench hosts                           what differs between the machines of all runs
  formbench pack --licence CC-BY-4.0        the latest run as one file that travels
  formbench add run.zip                     a run of another machine, out of its pack
  formbench fleet submit --node-kind epyc --time 2h --licence CC-BY-4.0   on machines of a Slurm
  formbench inspect bottleneck-d14-w32      its operators, parameters, MACs and bytes
  formbench inspect own/model.onnx          the same of a model of one's own
  formbench export resnet50 -o resnet50.onnx
  formbench fidelity                        our timings beside those of each engine's own tool

Exit codes:
  0 done    1 failed    2 wrong arguments    3 wrong experiment    4 no worker
  5 data cannot be read or written    6 another command holds the data folder
  7 self-test failed    8 engines disagree    9 verdicts differ    10 slower than allowed
  130 interrupted";

/// Measures how much each inference engine speeds up each neural-network architecture
#[derive(Debug, Parser)]
#[command(name = "formbench", version, after_long_help = EXAMPLES, propagate_version = true)]
#[command(disable_help_subcommand = true, disable_version_flag = true)]
pub struct Arguments {
    /// Folder of the experiments
    #[arg(long, global = true, default_value = "experiments", value_name = "DIR")]
    #[arg(hide_short_help = true)]
    pub experiments: PathBuf,
    /// Folder of the runs
    #[arg(long, global = true, default_value = "data/runs", value_name = "DIR")]
    #[arg(hide_short_help = true)]
    pub data: PathBuf,
    /// Worker executable, also FORMBENCH_WORKER [default: beside this command]
    #[arg(long, global = true, env = "FORMBENCH_WORKER", hide_env = true, value_name = "FILE")]
    #[arg(hide_short_help = true)]
    pub worker: Option<PathBuf>,
    /// Print version
    #[arg(short = 'V', long, action = ArgAction::Version, hide_short_help = true)]
    version: Option<bool>,
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
    /// Compare engines on ONNX files of one's own
    ///
    /// Says what each file costs, measures it on every engine that takes files, and prints a table. The exit code is 1
    /// if a file ran on no engine.
    Compare(CompareArguments),
    /// Choose a network for an engine, by published accuracy and measured latency
    ///
    /// The exit code is 1 if none keeps to the limits.
    Choose(ChooseArguments),
    /// Predict what an architecture takes that was never run here
    Predict(PredictArguments),
    /// Measure on many machines, by way of Slurm
    Fleet(FleetArguments),
    /// Decide first places among those who may be first, in turns that they take together
    Final(FinalArguments),
    /// Simulate what inferences ask of the last-level cache
    // An example has it; the list of commands fits a screen of 24 lines.
    #[command(hide = true)]
    Cache(CacheArguments),
    /// Draw the figures of a run
    Figures(FiguresArguments),
    /// Print the numbers of a run
    Show(ShowArguments),
    /// Say which of the study's claims hold in a run
    Verify(VerifyArguments),
    /// Say what became slower or faster with a version of an engine or of formbench
    // As `cache`.
    #[command(hide = true)]
    History(HistoryArguments),
    /// Put the hosts of many runs side by side
    // As `cache`.
    #[command(hide = true)]
    Hosts(HostsArguments),
    /// Write a run as one file that travels
    // As `cache`.
    #[command(hide = true)]
    Pack(PackArguments),
    /// Add runs of others, out of packs
    // As `cache`.
    #[command(hide = true)]
    Add(AddArguments),
    /// Print what an architecture costs, operator by operator
    Inspect(InspectArguments),
    /// Say where the time of an inference goes, operator by operator
    Profile(ProfileArguments),
    /// Write an architecture with its weights as an ONNX file
    Export(ExportArguments),
    /// Say which engines work here and what the others need, or how quiet it is
    Doctor(DoctorArguments),
    /// Compare every engine's logits with the reference engine's
    // As `cache`.
    #[command(hide = true)]
    Parity(ParityArguments),
    /// Compare our timings with those of each engine's own tool
    #[command(hide = true)]
    Fidelity(FidelityArguments),
    /// Test the harness itself: its overhead, and whether known times are recovered
    Selftest(SelftestArguments),
    /// Make the generated parts of the README anew
    #[command(hide = true)]
    Readme(ReadmeArguments),
    /// Print a completion script for a shell
    #[command(hide = true)]
    Completions {
        /// The shell
        shell: Shell,
    },
}
