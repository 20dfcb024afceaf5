//! Gives Slurm the jobs that are not finished.

use anyhow::Result;
use formbench_fleet::{FleetError, FleetJob, JobFolder, Slurm, script};

use super::jobs;
use crate::arguments::JobArguments;
use crate::exit::Exit;
use crate::output;

/// Submits jobs, and prints their names and numbers.
///
/// # Errors
/// Slurm is not here or does not take a job, one is with it still, or a file cannot be written.
pub fn execute(arguments: &JobArguments) -> Result<Exit> {
    let jobs = jobs::of(arguments)?;
    Slurm::find()?;
    // All are looked at before one is submitted.
    let mut open: Vec<(FleetJob, JobFolder, String)> = Vec::new();
    for job in jobs {
        let folder = JobFolder::new(job.folder.clone());
        if folder.pack().is_some() {
            output::say(&format!("{}: done; `formbench fleet collect` adds it", job.name));
            continue;
        }
        check_is_over(&folder)?;
        let script = script(&job)?;
        open.push((job, folder, script));
    }
    for (job, folder, script) in open {
        let id = Slurm::submit(&folder.write(&script)?)?;
        folder.submitted(&id)?;
        output::text(&format!("{}  {id}", job.name))?;
    }
    Ok(Exit::Done)
}

/// Refuses a job that would write where another one does.
fn check_is_over(folder: &JobFolder) -> Result<()> {
    let Some(id) = folder.ids()?.pop() else { return Ok(()) };
    let state = Slurm::state(&id)?;
    if state.is_empty() {
        return Ok(());
    }
    Err(FleetError::StillThere { name: folder.name(), id, state: state.to_lowercase() }.into())
}
