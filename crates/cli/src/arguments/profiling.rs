use clap::Args;

use super::SubjectArguments;

/// Arguments of `profile`. The folder of a run in the architecture's place stands for its cells on one thread, whose
/// profiles are kept there.
#[derive(Debug, Args)]
pub struct ProfileArguments {
    /// What is profiled
    #[command(flatten)]
    pub subject: SubjectArguments,
    /// An engine, with options as `tract{optimize=none}`; may be given several times [default: pytorch, openvino, onnxruntime, tract, as far as they are here]
    #[arg(long = "engine", value_name = "ENGINE")]
    pub engines: Vec<String>,
    /// Threads of each engine
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: u32,
    /// Inferences with the profiler
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(3..=100_000))]
    pub inferences: u32,
    /// Print each operator with the nodes that it stands for, not kinds of work
    #[arg(long)]
    pub operators: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
