use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use formbench_pack::{Licence, LicenceError};

use super::Selection;

const EXAMPLES: &str = "\
Examples:
  formbench fleet submit --node-kind epyc --node-kind xeon --time 2h --licence CC-BY-4.0 \\
      --profile full --budget-of quick --budget 90m --selftest
  formbench fleet collect                 what became of the jobs; finished runs come among one's own
  formbench fleet script --node-kind epyc --time 2h --licence CC-BY-4.0    for another scheduler
  formbench fleet bundle -o formbench.tar.gz    for machines that share no folder of programs";

/// Arguments of `fleet`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FleetArguments {
    /// What to do
    #[command(subcommand)]
    pub command: FleetCommand,
}

/// The subcommands of `fleet`.
#[derive(Debug, Subcommand)]
pub enum FleetCommand {
    /// Give Slurm a job for each kind of machine; again, those that are not finished
    ///
    /// A job has a machine for itself and runs `formbench run` there, on the machine's own disk. A copy of the run's folder
    /// is kept in the fleet's folder, so that a job that was stopped or given back goes on where it stopped if it comes to
    /// the same machine; on another one it begins anew.
    Submit(JobArguments),
    /// Say what became of the jobs, and add the runs that are finished
    ///
    /// The exit code is 1 if a job is over and its run is not finished.
    Collect(CollectArguments),
    /// Print the script of a job
    Script(JobArguments),
    /// Write an archive of command, worker, experiments and engines
    ///
    /// A machine with another processor, an older C library or another Python refuses it.
    Bundle(BundleArguments),
}

/// What jobs are made from.
#[derive(Debug, Args)]
pub struct JobArguments {
    /// A feature of the machines to measure on, as `sinfo -o %f` lists them; may be given several times
    #[arg(long = "node-kind", required = true, value_name = "FEATURE")]
    pub node_kinds: Vec<String>,
    /// Time that a job may take, as `2h`: more than its run's budget, for starting, the least rounds and packing
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub time: Duration,
    /// Under what others may use the runs: an id of SPDX, or a URL
    #[arg(long, alias = "license", value_name = "LICENCE", value_parser = licence)]
    pub licence: String,
    /// Let names of machines and users, and paths, travel in the packs; without it a run that has such is not packed
    #[arg(long)]
    pub keep_private: bool,
    /// Runs of each kind
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub runs: u32,
    /// Folder of the fleet, on a disk that the machines share
    #[arg(long, default_value = "fleet", value_name = "DIR")]
    pub folder: PathBuf,
    /// An option for sbatch, as `--sbatch=--partition=long`
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true)]
    pub sbatch: Vec<String>,
    /// Bring this archive to the machines [default: they find this command and folder where they are]
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,
    /// What runs
    #[command(flatten)]
    pub selection: Selection,
    /// Time that measuring may take, as `20m` [default: until all intervals are narrow]
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub budget: Option<Duration>,
    /// Test the harness itself first, two minutes, for the run's reports
    #[arg(long)]
    pub selftest: bool,
}

/// Arguments of `fleet collect`.
#[derive(Debug, Args)]
pub struct CollectArguments {
    /// Folder of the fleet
    #[arg(default_value = "fleet")]
    pub folder: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `fleet bundle`.
#[derive(Debug, Args)]
pub struct BundleArguments {
    /// The archive
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// Returns a licence's name: an unknown one is to be found before anything is measured.
fn licence(name: &str) -> Result<String, LicenceError> {
    name.parse::<Licence>().map(|_| name.to_owned())
}
