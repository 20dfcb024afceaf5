//! Which folders hold runs, and which one a plan goes on in.

use std::path::{Path, PathBuf};

use formbench_measure::Host;
use formbench_store::{HostRow, RunFolder};

use crate::{CampaignError, EarlierRuns, Notice, Planned, rows, today};

/// Returns the latest folder of this plan below `data`, or a new one with the plan in it; with `fresh` a
/// finished one is left alone.
///
/// # Errors
/// A folder cannot be read or written.
pub fn open_or_create(
    data: &Path,
    planned: &Planned,
    past: &EarlierRuns,
    software_gpu: bool,
    fresh: bool,
    notice: Notice<'_>,
) -> Result<RunFolder, CampaignError> {
    let plan = rows::plan_key(planned, software_gpu);
    let stem = format!("{}-{}-", today(), planned.host.slug);
    let mut without_plan = None;
    for path in runs(data).iter().rev() {
        let folder = RunFolder::open(path)?;
        if !folder.has_plan() {
            // A command was killed before it measured anything: its folder can be ours.
            without_plan = Some(folder).filter(|folder| folder.name().starts_with(&stem));
        } else if is_of(&folder, &plan, &planned.host, notice) && !(fresh && folder.is_finished()) {
            return Ok(folder);
        }
    }
    let folder = match without_plan {
        Some(folder) => folder,
        None => RunFolder::create(data, &today(), &planned.host.slug)?,
    };
    let host = rows::host(planned, past, folder.name(), plan, software_gpu);
    let cells: Vec<_> = planned.cells.iter().map(rows::cell).collect();
    let experiments = rows::experiments(&planned.plan);
    folder.write_plan(&host, &experiments, &rows::members(planned), &cells)?;
    Ok(folder)
}

/// Returns whether the folder holds this plan, on this machine and on the processors and in the time that this command
/// may use: blocks that were taken on others are not those of one run. One that cannot be read holds no plan of ours.
fn is_of(folder: &RunFolder, plan: &str, here: &Host, notice: Notice<'_>) -> bool {
    match folder.host() {
        Ok(host) if host.plan == plan => {
            let difference = difference(&host, here);
            if let Some(difference) = difference.filter(|_| !folder.is_finished()) {
                notice(&format!(
                    "{} is unfinished, and was begun {difference}: measuring begins anew",
                    folder.name()
                ));
            }
            difference.is_none()
        }
        Ok(_) => false,
        Err(error) => {
            notice(&format!("passing over {}: {error}", folder.path().display()));
            false
        }
    }
}

/// Returns what keeps blocks that are taken here from being of one run with a host's, in words.
fn difference(host: &HostRow, here: &Host) -> Option<&'static str> {
    if host.machine.as_deref() != Some(&here.machine) {
        return Some("on another machine");
    }
    let is_alike = (host.allowed_processors.clone(), host.quota) == rows::allowed();
    (!is_alike).then_some("on other processors or with another quota")
}

/// Returns the folders of runs below `data`, the latest last.
pub fn runs(data: &Path) -> Vec<PathBuf> {
    let mut folders = folders(data);
    folders.sort_by_key(|path| sort_key(path));
    folders
}

/// Returns the latest run below `data`.
///
/// # Errors
/// There is none.
pub fn latest_run(data: &Path) -> Result<PathBuf, CampaignError> {
    runs(data).pop().ok_or_else(|| CampaignError::NoRun { data: data.to_owned() })
}

/// Returns the folders of runs below `data`, and of every committed one beside it: a folder of a folder
/// there that holds a run.
pub fn earlier_runs(data: &Path) -> Vec<PathBuf> {
    let beside = data.parent().unwrap_or(Path::new("."));
    let mut sets = folders(beside);
    sets.retain(|set| set.file_name() != data.file_name());
    sets.sort();
    let committed = sets.iter().flat_map(|set| runs(set)).filter(|folder| is_run(folder));
    committed.chain(runs(data)).collect()
}

/// Returns the folders of runs below `data`, and of the committed ones beside it, that were made on this host and say
/// what operators take; the latest first.
///
/// # Errors
/// There is none.
pub fn profiled_runs(data: &Path, host: &Host) -> Result<Vec<PathBuf>, CampaignError> {
    let started = |path: PathBuf| {
        let of = RunFolder::open(&path).ok().filter(RunFolder::has_operators)?.host().ok()?;
        (of.fingerprint == host.fingerprint).then_some((of.started_unix_ns, path))
    };
    let mut found: Vec<(u64, PathBuf)> =
        earlier_runs(data).into_iter().filter_map(started).collect();
    found.sort_by(|one, other| other.cmp(one));
    let found: Vec<PathBuf> = found.into_iter().map(|(_, path)| path).collect();
    if found.is_empty() {
        return Err(CampaignError::NoProfile { host: host.slug.clone() });
    }
    Ok(found)
}

fn is_run(folder: &Path) -> bool {
    RunFolder::open(folder).is_ok_and(|folder| folder.has_plan())
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
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

    /// Makes a run's folder with a plan of nothing, and returns it.
    fn run(set: &Path) -> PathBuf {
        let folder = RunFolder::create(set, "2026-01-02", "host").unwrap();
        folder.write_plan(&HostRow::default(), &[], &[], &[]).unwrap();
        folder.path().to_owned()
    }

    #[test]
    fn earlier_runs_are_those_of_every_committed_folder_and_then_one_s_own() {
        let data = tempfile::tempdir().unwrap();
        let own = data.path().join("runs");
        let expected = [
            run(&data.path().join("networks-burn")),
            run(&data.path().join("patterns")),
            run(&own),
        ];
        // Folders beside them that hold no run: simulations, and a run that was killed before its plan.
        std::fs::create_dir_all(data.path().join("cache/other")).unwrap();
        RunFolder::create(&data.path().join("reference"), "2026-01-02", "killed").unwrap();
        assert_eq!(earlier_runs(&own), expected);
    }

    #[test]
    fn the_tenth_run_of_a_day_comes_after_the_ninth() {
        let ninth = sort_key(Path::new("data/runs/2026-01-02-host-2core-9"));
        let tenth = sort_key(Path::new("data/runs/2026-01-02-host-2core-10"));
        assert!(ninth < tenth);
        assert!(tenth < sort_key(Path::new("data/runs/2026-01-03-host-2core-1")));
    }
}
