//! Runs on many machines, by way of Slurm.

mod collect;
mod jobs;
mod submit;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use formbench_fleet::{Bundle, script};

use crate::arguments::{Arguments, BundleArguments, FleetArguments, FleetCommand};
use crate::exit::Exit;
use crate::output;

/// Does what is asked of the fleet.
///
/// # Errors
/// Slurm is not here, a file cannot be read or written, or what adding a pack fails by.
pub fn execute(arguments: &Arguments, fleet: &FleetArguments) -> Result<Exit> {
    match &fleet.command {
        FleetCommand::Submit(jobs) => submit::execute(jobs),
        FleetCommand::Collect(collect) => collect::execute(arguments, collect),
        FleetCommand::Script(jobs) => {
            for job in jobs::of(jobs)? {
                output::text(&script(&job)?)?;
            }
            Ok(Exit::Done)
        }
        FleetCommand::Bundle(bundle) => self::bundle(bundle),
    }
}

fn bundle(arguments: &BundleArguments) -> Result<Exit> {
    let bundle = Bundle { command: this_command()?, top: absolute(Path::new("."))? };
    let stage = tempfile::tempdir().context("cannot create a folder for temporary files")?;
    let needs = bundle.write(&arguments.output, stage.path())?;
    output::say(&format!("a machine needs: {}", needs.join(", ")));
    output::text(&arguments.output.display().to_string())?;
    Ok(Exit::Done)
}

/// Returns this executable's place.
fn this_command() -> Result<PathBuf> {
    std::env::current_exe().context("cannot find this executable")
}

/// Returns a path that means the same in every folder, whether it is there or not.
fn absolute(path: &Path) -> Result<PathBuf> {
    let absolute = path.canonicalize().or_else(|_| std::path::absolute(path));
    absolute.with_context(|| format!("cannot find `{}`", path.display()))
}
