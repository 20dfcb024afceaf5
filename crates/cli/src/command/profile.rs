//! Where the time of an inference goes, operator by operator.

use std::path::Path;

use anyhow::{Result, bail};
use formbench_analysis::{PROFILE_ACCOUNTS, ProfileAccount, profile_accounts};
use formbench_campaign::own::engine_setting;
use formbench_campaign::{describe, profile_run};
use formbench_experiment::EngineSetting;
use formbench_profile::{InferenceProfile, OperatorScript, Profiler, SHOWN, table};
use formbench_protocol::{Job, Subject};
use formbench_store::{DataLock, Run, RunFolder};
use serde_json::json;

use crate::arguments::{Arguments, ProfileArguments, Selection};
use crate::exit::Exit;
use crate::location::OPERATORS;
use crate::{location, output, planning};

/// Prints where the time of an inference goes on each engine.
///
/// # Errors
/// The worker does not answer, an engine that was named gives no profile, or none is here.
pub fn execute(arguments: &Arguments, profile: &ProfileArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let description = describe(&worker)?;
    let script = location::python(&description).ok().zip(location::script(OPERATORS).ok());
    let script = script.as_ref().map(|(python, path)| OperatorScript { python, path });
    let inferences = profile.inferences;
    let profiler = Profiler { worker: &worker, description: &description, script, inferences };
    let engines: Vec<&str> = if profile.engines.is_empty() {
        SHOWN.into_iter().filter(|name| profiler.engine(name).is_ok()).collect()
    } else {
        profile.engines.iter().map(String::as_str).collect()
    };
    let of = Path::new(&profile.subject.architecture);
    if of.is_dir() {
        if profile.json || profile.operators || profile.threads != 1 {
            bail!("`--threads`, `--operators` and `--json` do not go with a run's folder");
        }
        return profile_cells(arguments, of, &profiler, &engines);
    }
    let Subject { architecture, weights_seed, input } = profile.subject.subject(&worker)?;
    let (threads, software_gpu) = (profile.threads, false);
    let mut profiles = Vec::new();
    for label in engines {
        let EngineSetting { engine, options } = engine_setting(label)?;
        let (architecture, input) = (architecture.clone(), input.clone());
        let job = Job { engine, options, architecture, weights_seed, input, threads, software_gpu };
        match profiler.profile(&job) {
            Ok(found) => profiles.push((label, found)),
            // Of those that nobody named, one that cannot is no error.
            Err(error) if profile.engines.is_empty() && !error.is_lost() => {
                output::say(&format!("{label}: {error}"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    if profiles.is_empty() {
        bail!("no engine here shows its operators; `formbench doctor` says what they need");
    }
    show(profile, &profiles)?;
    Ok(Exit::Done)
}

/// Profiles the cells of a run, keeps what they give in its folder, and prints what all its profiles account for.
fn profile_cells(
    arguments: &Arguments,
    run: &Path,
    profiler: &Profiler<'_>,
    engines: &[&str],
) -> Result<Exit> {
    let _lock = DataLock::acquire(&arguments.data, &location::command_line())?;
    let folder = RunFolder::open(run)?;
    let software_gpu = folder.host()?.software_gpu;
    let planned = planning::planned(arguments, &Selection::all_cells(software_gpu))?;
    let [with, without] = profile_run(&folder, &planned, profiler, engines, &output::say)?;
    output::text(&format!("{with} cells profiled, {without} gave no profile: {}", run.display()))?;
    let accounts = profile_accounts(&Run::read_without_samples(folder.path())?);
    output::table(PROFILE_ACCOUNTS, accounts.iter().map(ProfileAccount::row))?;
    Ok(Exit::Done)
}

fn show(profile: &ProfileArguments, profiles: &[(&str, InferenceProfile)]) -> Result<()> {
    if profile.json {
        let row = |(engine, profile): &(&str, InferenceProfile)| {
            json!({
                "engine": engine,
                "profile": profile,
                "between_ns": profile.between_ns(),
                "matched_share": profile.matched_share(),
                "accounted_share": profile.accounted_share(),
            })
        };
        return output::json(&profiles.iter().map(row).collect::<Vec<_>>());
    }
    if profile.operators {
        let rows = profiles.iter().flat_map(|(engine, of)| table::operators(engine, of));
        output::table(table::OPERATORS, rows)?;
    } else {
        let rows = profiles.iter().flat_map(|(engine, of)| table::classes(engine, of));
        output::table(table::CLASSES, rows)?;
    }
    for (engine, of) in profiles {
        output::text(&format!("\n{engine}: {}", of.sentence()))?;
    }
    Ok(())
}
