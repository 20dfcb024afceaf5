use std::path::PathBuf;

use clap::Args;

use super::SubjectArguments;

/// Arguments of `predict`.
#[derive(Debug, Args)]
pub struct PredictArguments {
    /// What is predicted
    #[command(flatten)]
    pub subject: Option<SubjectArguments>,
    /// Say instead how wrong predictions are of what was measured, its whole family left out of what is learned
    #[arg(long, required_unless_present = "architecture")]
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
