use std::path::PathBuf;

use clap::Args;

use super::FilterArguments;

const EXAMPLES: &str = "\
Examples:
  formbench hosts                                  every run below --data and the committed ones beside it
  formbench hosts data/reference/* -o figures/hosts  these runs alone, drawn there
  formbench hosts -e paper/networks --threads 1    only what is about networks, on one thread
  formbench hosts --json                           every number, for programs

A host is a kind of machine. Of several runs of a host the latest that has a comparison counts; engines of other versions
are other engines. Fewer than five hosts describe themselves: parts of the variance have no intervals then.";

/// Arguments of `hosts`.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct HostsArguments {
    /// Folders of runs [default: all below --data, and the committed ones beside it]
    #[arg(value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Where the figures go
    #[arg(short, long, value_name = "DIR", default_value = "figures/runs/hosts")]
    pub output: PathBuf,
    /// Narrowing
    #[command(flatten)]
    pub filter: FilterArguments,
    /// Print every number and the files as JSON
    #[arg(long)]
    pub json: bool,
}
