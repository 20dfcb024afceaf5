use std::path::PathBuf;

use clap::Args;

use super::InputArguments;

/// Arguments of `parity`.
#[derive(Debug, Args)]
pub struct ParityArguments {
    /// Only architectures whose name contains this; or the path of an ONNX file
    #[arg(id = "architecture", short = 'a', long, value_name = "PART")]
    pub architectures: Vec<String>,
    /// Only engines whose name contains this
    #[arg(id = "engine", long, value_name = "PART")]
    pub engines: Vec<String>,
    /// What they are given; images are of what each network was published for, else 224 pixels
    #[command(flatten)]
    pub input: InputArguments,
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
    /// Say how quiet this host is instead, and what would make it quieter
    #[arg(long, conflicts_with = "engine")]
    pub noise: bool,
    /// Say only what this machine is called in runs and file names, such as `amd-epyc-zen4-2core`
    #[arg(long, conflicts_with_all = ["engine", "noise", "json"])]
    pub name: bool,
    /// How long to look
    #[arg(long, requires = "noise", default_value_t = 60, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub seconds: u32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `selftest`.
#[derive(Debug, Args)]
pub struct SelftestArguments {
    /// Measure so many pairs of a cell with itself on an engine that computes, some seven seconds each
    #[arg(long, value_name = "N", default_value_t = 20)]
    #[arg(value_parser = clap::value_parser!(u32).range(10..=200))]
    pub pairs: u32,
    /// Leave out the pairs of a cell with itself
    #[arg(long, conflicts_with = "pairs")]
    pub quick: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
