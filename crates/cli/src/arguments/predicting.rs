use std::path::PathBuf;

use clap::Args;

use super::{InputArguments, SubjectArguments};

/// Arguments of `predict`.
#[derive(Debug, Args)]
pub struct PredictArguments {
    /// What is predicted: a network, as resnet18, a pattern with depth and width, as bottleneck-d14-w32, or an ONNX file
    #[arg(required_unless_present = "errors", conflicts_with = "errors")]
    pub architecture: Option<String>,
    /// What it is given
    #[command(flatten)]
    pub input: InputArguments,
    /// Seed of the weights
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub weights_seed: u64,
    /// Say instead how wrong predictions are of what was measured, its whole family left out of what is learned
    #[arg(long)]
    pub errors: bool,
    /// An engine; may be given several times [default: all that were profiled]
    #[arg(long = "engine", value_name = "ENGINE")]
    pub engines: Vec<String>,
    /// A run that says what operators take; may be given several times [default: all of this host]
    #[arg(long = "run", value_name = "DIR")]
    pub runs: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl PredictArguments {
    /// Returns what is predicted; nothing where errors are asked for.
    pub fn subject(&self) -> Option<SubjectArguments> {
        let (input, weights_seed) = (self.input.clone(), self.weights_seed);
        Some(SubjectArguments { architecture: self.architecture.clone()?, input, weights_seed })
    }
}
