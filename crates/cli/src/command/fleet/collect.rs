//! Says what became of the jobs, and adds the runs that are finished.

use std::path::{Path, PathBuf};

use anyhow::Result;
use formbench_fleet::{Event, Fate, FleetError, JobFolder, Slurm, fate, jobs};
use formbench_pack::AddedRuns;
use formbench_store::RunFolder;
use serde::Serialize;

use crate::arguments::{Arguments, CollectArguments};
use crate::exit::Exit;
use crate::{location, output};

/// What became of a job, as it is printed.
#[derive(Serialize)]
struct JobLine {
    job: String,
    number: String,
    #[serde(flatten)]
    fate: Fate,
    /// Every attempt's machine, in their order.
    nodes: Vec<String>,
    events: Vec<Event>,
    /// Where the added run is.
    run: Option<PathBuf>,
    /// Runs that were begun and not finished: their folders, and how many blocks they have.
    unfinished: Vec<(PathBuf, usize)>,
}

/// Prints what became of each job.
///
/// # Errors
/// The folder has no jobs, or a file cannot be read or written.
pub fn execute(arguments: &Arguments, collect: &CollectArguments) -> Result<Exit> {
    let has_slurm = match Slurm::state("0") {
        Err(FleetError::Missing { program, .. }) => {
            output::say(&format!(
                "`{program}` is not here: files alone tell what became of the jobs"
            ));
            false
        }
        _ => true,
    };
    let added = AddedRuns::open(&arguments.data, &location::command_line())?;
    let mut lines = Vec::new();
    for job in jobs(&collect.folder)? {
        lines.push(line(&job, has_slurm, &added)?);
    }
    if collect.json {
        output::json(&lines)?;
    } else {
        output::table(
            ["job", "number", "machines", "what became of it", "run"],
            lines.iter().map(row),
        )?;
        lines.iter().flat_map(|line| &line.unfinished).for_each(|(run, blocks)| {
            output::say(&format!("begun and not finished: {}, {blocks} blocks", run.display()));
        });
    }
    if lines.iter().any(|line| line.fate.is_lost()) {
        output::say("`formbench fleet submit` with the same arguments submits what is not done");
        return Ok(Exit::Failed);
    }
    Ok(Exit::Done)
}

fn line(job: &JobFolder, has_slurm: bool, added: &AddedRuns) -> Result<JobLine> {
    let number = job.ids()?.pop().unwrap_or_default();
    // A job that another scheduler ran has no number.
    let state = (has_slurm && !number.is_empty()).then(|| Slurm::state(&number)).transpose()?;
    let (events, pack) = (job.events()?, job.pack());
    let mut nodes: Vec<String> = events.iter().map(|event| event.node.clone()).collect();
    nodes.dedup();
    let (run, fate) = match pack.map(|pack| added.add(&pack)) {
        None => (None, fate(&events, &job.end_of_log()?, state.as_deref())),
        Some(Ok(added)) => {
            added.notes.iter().for_each(|note| output::say(&format!("{}: {note}", job.name())));
            (Some(added.folder), Fate::Packed)
        }
        // The other jobs' packs may be right.
        Some(Err(error)) => {
            let node = nodes.last().cloned().unwrap_or_default();
            (None, Fate::Failed { node, detail: error.to_string(), log: String::new() })
        }
    };
    Ok(JobLine {
        job: job.name(),
        number,
        fate,
        nodes,
        events,
        run,
        unfinished: unfinished(&job.runs())?,
    })
}

/// Returns the runs that were begun and not finished, with how many blocks they have.
fn unfinished(runs: &Path) -> Result<Vec<(PathBuf, usize)>> {
    let entries = std::fs::read_dir(runs).into_iter().flatten().flatten();
    let folders = entries.filter_map(|entry| RunFolder::open(&entry.path()).ok());
    let mut open: Vec<RunFolder> =
        folders.filter(|folder| folder.has_plan() && !folder.is_finished()).collect();
    open.sort_by(|one, other| one.path().cmp(other.path()));
    open.iter().map(|folder| Ok((folder.path().to_owned(), folder.acknowledged()?.len()))).collect()
}

fn row(line: &JobLine) -> [String; 5] {
    let run = line.run.as_ref().map_or_else(String::new, |run| run.display().to_string());
    [line.job.clone(), line.number.clone(), line.nodes.join(", "), line.fate.to_string(), run]
}
