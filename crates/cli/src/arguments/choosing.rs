use std::path::PathBuf;

use clap::Args;

/// Arguments of `choose`.
#[derive(Debug, Args)]
pub struct ChooseArguments {
    /// Folders of runs of one machine [default: the latest below --data]
    #[arg(value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Latency that may not be exceeded, in ms
    #[arg(long, value_name = "MS", value_parser = positive)]
    pub latency_ms: Option<f64>,
    /// Least published accuracy: share of ImageNet's images whose class is the first answer, in percent
    #[arg(long, value_name = "PERCENT", value_parser = positive)]
    pub top1: Option<f64>,
    /// Resident memory that may not be exceeded, in MiB
    #[arg(long, value_name = "MIB", value_parser = positive)]
    pub memory_mb: Option<f64>,
    /// Only this engine, with its options; may be given several times [default: all of the run]
    #[arg(long = "engine", value_name = "ENGINE")]
    pub engines: Vec<String>,
    /// Threads: a number, or `all` for the most that there are [default: 1; with --regret any]
    #[arg(long, value_name = "N", value_parser = super::comparing::threads)]
    pub threads: Option<String>,
    /// Show how much longer inferences take on one engine, or number of threads, with networks that were chosen for another
    #[arg(long, conflicts_with_all = ["latency_ms", "top1", "memory_mb"])]
    pub regret: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "expected a number above 0".to_owned())
}
