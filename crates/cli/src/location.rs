//! Where things are: the worker, the latest run.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use formbench_campaign::latest_run;
use formbench_measure::WorkerCommand;
use formbench_protocol::Description;

use crate::arguments::Arguments;

/// Returns how to start the worker: as told, or beside this executable.
///
/// # Errors
/// This executable's own place is not known.
pub fn worker(arguments: &Arguments) -> Result<WorkerCommand> {
    if let Some(program) = &arguments.worker {
        return Ok(WorkerCommand { program: program.clone() });
    }
    let this = std::env::current_exe().context("cannot find this executable")?;
    let name = format!("formbench-worker{}", std::env::consts::EXE_SUFFIX);
    Ok(WorkerCommand { program: this.with_file_name(name) })
}

/// Returns how this command was called; what is no text in it is replaced.
pub fn command_line() -> String {
    let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    arguments.collect::<Vec<_>>().join(" ")
}

/// The script that measures with an engine's own tool, below the top of the repository.
pub const FIDELITY: &str = "crates/engines/python/fidelity.py";
/// The script that asks engines' profilers.
pub const OPERATORS: &str = "crates/engines/python/operators.py";

/// Returns the place of a script.
///
/// # Errors
/// The current folder is not the top of the repository.
pub fn script(path: &str) -> Result<PathBuf> {
    let script = PathBuf::from(path);
    if script.is_file() {
        Ok(script)
    } else {
        Err(anyhow!("`{path}` not found; run at the top of the repository"))
    }
}

/// Returns the interpreter of the Python environment that the worker's engines come from.
///
/// # Errors
/// The worker found none.
pub fn python(description: &Description) -> Result<PathBuf> {
    let interpreter = description.environment.as_ref().map(|folder| folder.join("bin/python"));
    interpreter.filter(|path| path.is_file()).ok_or_else(|| {
        anyhow!("the worker finds no Python environment `.engines`; run `make engines`")
    })
}

/// Returns the folder of simulated caches, which stands beside that of the runs.
pub fn caches(arguments: &Arguments) -> PathBuf {
    arguments.data.with_file_name("cache")
}

/// Returns the run that was named, or else the latest one below `data`.
///
/// # Errors
/// There is none.
pub fn run(named: Option<&PathBuf>, data: &Path) -> Result<PathBuf> {
    if let Some(folder) = named {
        return Ok(folder.clone());
    }
    Ok(latest_run(data)?)
}
