use std::path::PathBuf;

use clap::Args;

const EXAMPLES: &str = "\
Examples:
  formbench verify                                     the latest run against this host's committed verdicts
  formbench verify data/reference/amd-epyc-zen3-2core       the committed run: are its verdicts the committed ones?
  formbench verify -o data/verdicts/amd-epyc-zen3-2core.json  commit the verdicts of the latest run
  formbench verify --against data/reference/amd-epyc-zen3-2core  do two runs agree, speed-up by speed-up?

Exit codes: 0 every committed verdict that the run can judge is met, or none is committed; 9 one is not.";

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct VerifyArguments {
    /// A run's folder [default: the latest below --data]
    pub run: Option<PathBuf>,
    /// The committed verdicts [default: data/verdicts/HOST-SET.json of data/SET/HOST, else HOST.json]
    #[arg(long, value_name = "FILE", conflicts_with = "against")]
    pub committed: Option<PathBuf>,
    /// Compare the speed-ups with those of another run instead
    #[arg(long, value_name = "DIR")]
    pub against: Option<PathBuf>,
    /// Write the verdicts to be committed, or a Markdown page if it ends with .md
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
