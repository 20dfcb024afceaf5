use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use clap::Args;

use super::InputArguments;

/// Arguments of `compare`.
#[derive(Debug, Args)]
pub struct CompareArguments {
    /// ONNX files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// An engine, with options as `openvino{precision=bf16}`; may be given several times [default: all that take files]
    #[arg(long = "engine", value_name = "ENGINE")]
    pub engines: Vec<String>,
    /// The engine that the others are compared with [default: onnxruntime if it takes part, else the first that is here]
    #[arg(long, value_name = "ENGINE")]
    pub over: Option<String>,
    /// Threads, as `1,all`
    #[arg(long, value_delimiter = ',', default_value = "1", value_name = "N", value_parser = threads)]
    pub threads: Vec<String>,
    /// What the files are given
    #[command(flatten)]
    pub input: InputArguments,
    /// Time that measuring may take, as `5m`: it ends earlier where all speed-ups are known to ±5 %
    #[arg(long, default_value = "50s", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub budget: Duration,
    /// Memory that each engine may ask for, as `4GiB`, on Linux [default: what is available]
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub memory: Option<ByteSize>,
    /// Measure again what was measured before
    #[arg(long)]
    pub fresh: bool,
    /// Folder of the picture and of `results.csv` [default: below figures/runs]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Print comma-separated values: the columns of `results.csv`
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Returns a number of threads as experiments write it.
pub(super) fn threads(text: &str) -> Result<String, String> {
    let is_number = text.parse::<u32>().is_ok_and(|threads| (1..=1024).contains(&threads));
    let is_meant = is_number || text == "all";
    is_meant
        .then(|| text.to_owned())
        .ok_or_else(|| "expected a number from 1 to 1024, or `all`".to_owned())
}

/// Returns a size of memory with which this command itself can go on.
fn memory(text: &str) -> Result<ByteSize, String> {
    const LEAST: ByteSize = ByteSize::mib(256);
    let size: ByteSize = text.parse().map_err(|_| "expected a size, as `4GiB`".to_owned())?;
    if size < LEAST { Err(format!("expected at least {LEAST}")) } else { Ok(size) }
}
