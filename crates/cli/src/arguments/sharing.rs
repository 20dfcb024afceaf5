use std::path::PathBuf;

use clap::Args;
use formbench_pack::Licence;

const PACK_EXAMPLES: &str = "\
Examples:
  formbench pack --licence CC-BY-4.0                        the latest run, as RUN.zip
  formbench pack data/networks/HOST -o networks.zip --licence CC0-1.0
  formbench pack --licence https://lab.example.org/terms    under terms of one's own

A pack holds the run's tables, its finals, the experiments and claims that made it, results.csv, the machine as JSON, the
SHA-256 of each file, and a description by RO-Crate 1.2. Paths, names of this machine and its user, and variables that
formbench does not record are refused, unless --keep-private lets them travel.";

const ADD_EXAMPLES: &str = "\
Examples:
  formbench add run.zip                     into data/added/RUN
  formbench add packs/*.zip --json
  formbench figures data/added/RUN          draw it like any other run

A pack is read with suspicion: at most 2 GiB and 2000 files, which only have names of a run's files; hashes of all files,
every table with its columns, keys between tables, and results.csv as the samples come to. Of a pack that fails nothing is
left. Added runs lie beside those of this machine: none of them is ever the latest run, or resumed.

Exit codes: 0 every run is there, also if it was before; 5 a pack was refused.";

/// Arguments of `pack`.
#[derive(Debug, Args)]
#[command(after_long_help = PACK_EXAMPLES)]
pub struct PackArguments {
    /// A run's folder [default: the latest below --data]
    pub run: Option<PathBuf>,
    /// The pack [default: RUN.zip]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Under what others may use the run: an id of SPDX, or a URL
    #[arg(long, alias = "license", value_name = "LICENCE")]
    pub licence: Option<Licence>,
    /// Let paths and names of this machine travel
    #[arg(long)]
    pub keep_private: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `add`.
#[derive(Debug, Args)]
#[command(after_long_help = ADD_EXAMPLES)]
pub struct AddArguments {
    /// Packs
    #[arg(required = true, value_name = "PACK")]
    pub packs: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
