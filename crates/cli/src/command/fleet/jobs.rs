//! The jobs that arguments ask for.

use anyhow::Result;
use formbench_fleet::{FleetError, FleetJob, Tools, WallTime, names};

use super::{absolute, this_command};
use crate::arguments::JobArguments;

/// Returns a job for each kind of machine, as often as asked.
///
/// # Errors
/// Two would have one name, or this command's place is not known.
pub fn of(arguments: &JobArguments) -> Result<Vec<FleetJob>> {
    let fleet = absolute(&arguments.folder)?;
    let tools = match &arguments.bundle {
        Some(archive) => Tools::Bundle(absolute(archive)?),
        None => Tools::Shared { command: this_command()?, top: absolute(".".as_ref())? },
    };
    let mut jobs: Vec<FleetJob> = Vec::new();
    for (name, node_kind) in names(&arguments.node_kinds, arguments.runs) {
        if jobs.iter().any(|job| job.name == name) {
            return Err(FleetError::Twice { name }.into());
        }
        jobs.push(FleetJob {
            folder: fleet.join(&name),
            name,
            node_kind,
            time: WallTime(arguments.time),
            options: arguments.sbatch.clone(),
            run: run_arguments(arguments),
            packing: packing(arguments),
            tools: tools.clone(),
        });
    }
    Ok(jobs)
}

/// Returns what `formbench pack` is given.
fn packing(arguments: &JobArguments) -> Vec<String> {
    let licence = ["--licence".to_owned(), arguments.licence.clone()];
    let private = arguments.keep_private.then(|| "--keep-private".to_owned());
    licence.into_iter().chain(private).collect()
}

/// Returns what `formbench run` is given, as at home.
fn run_arguments(arguments: &JobArguments) -> Vec<String> {
    let selection = &arguments.selection;
    let mut words = vec!["--profile".to_owned(), selection.profile.to_string()];
    if let Some(profile) = selection.budget_of {
        words.extend(["--budget-of".to_owned(), profile.to_string()]);
    }
    if let Some(budget) = arguments.budget {
        words.extend([
            "--budget".to_owned(),
            humantime::format_duration(budget).to_string().replace(' ', ""),
        ]);
    }
    let flags = [("--software-gpu", selection.software_gpu), ("--selftest", arguments.selftest)];
    words.extend(flags.iter().filter(|(_, is_set)| *is_set).map(|(flag, _)| (*flag).to_owned()));
    words.extend(selection.filter.words());
    words
}
