//! Where things are: the worker, the latest run.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
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

/// The script that measures with an engine's own tool, below the top of the repository.
const FIDELITY_SCRIPT: &str = "crates/engines/python/fidelity.py";

/// Returns the script that measures with an engine's own tool.
///
/// # Errors
/// The current folder is not the top of the repository.
pub fn fidelity_script() -> Result<PathBuf> {
    let script = PathBuf::from(FIDELITY_SCRIPT);
    match script.is_file() {
        true => Ok(script),
        false => Err(anyhow!("`{FIDELITY_SCRIPT}` not found; run at the top of the repository")),
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

/// Returns the folders of runs below `runs`, the latest last.
pub fn runs(runs: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(runs).into_iter().flatten().flatten();
    let mut folders: Vec<_> =
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort_by_key(|path| sort_key(path));
    folders
}

/// Folders of committed runs, beside that of this host's own.
const COMMITTED: [&str; 2] = ["reference", "networks"];

/// Returns the folders of runs below `runs` and of the committed ones beside it.
pub fn earlier_runs(runs: &Path) -> Vec<PathBuf> {
    let folders = COMMITTED.iter().map(|name| runs.with_file_name(name)).chain([runs.to_owned()]);
    folders.flat_map(|folder| self::runs(&folder)).collect()
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
    runs(data).pop().ok_or_else(|| {
        anyhow!("no run in `{}`; run `formbench run --profile quick`", data.display())
    })
}

/// Date and host first, then the number as a number: run 10 comes after run 9.
fn sort_key(path: &Path) -> (String, u64) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match name.rsplit_once('-').map(|(stem, number)| (stem.to_owned(), number.parse())) {
        Some((stem, Ok(number))) => (stem, number),
        _ => (name, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_run_of_a_day_comes_after_the_ninth() {
        let ninth = sort_key(Path::new("data/runs/2026-01-02-host-2core-9"));
        let tenth = sort_key(Path::new("data/runs/2026-01-02-host-2core-10"));
        assert!(ninth < tenth);
        assert!(tenth < sort_key(Path::new("data/runs/2026-01-03-host-2core-1")));
    }
}
