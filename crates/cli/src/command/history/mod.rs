//! What changed between versions of engines and of formbench, cell by cell and host by host.

mod junit;

use std::path::{Path, PathBuf};

use anyhow::Result;
use formbench_analysis::Run;
use formbench_analysis::history::{Changes, VersionHistory, VersionStep};
use formbench_analysis::run::read_without_finals;
use formbench_campaign::earlier_runs;
use formbench_experiment::Filter;
use formbench_store::CellRow;

use crate::arguments::{Arguments, HistoryArguments};
use crate::exit::Exit;
use crate::output;

/// Heads of the table's columns.
const HEAD: [&str; 8] =
    ["engine", "cell", "from", "to", "time", "measured by", "rounds", "verdict"];

/// Prints the steps between versions, and ends with a code of its own if one made a cell too slow.
///
/// # Errors
/// A run that was named cannot be read, or a file cannot be written.
pub fn execute(arguments: &Arguments, asked: &HistoryArguments) -> Result<Exit> {
    let filter = asked.filter.filter();
    let history = read(&asked.runs, &arguments.data, &filter)?;
    let changes = history.changes(asked.latest);
    let limit = asked.fail_above.unwrap_or_default();
    if let Some(path) = &asked.junit {
        output::page(path, &junit::report(&changes, limit)?)?;
    }
    let mut files = Vec::new();
    if let Some(folder) = &asked.output {
        files = formbench_report::history(&history, &changes, folder, &command(asked, folder))?;
    }
    if asked.json {
        output::json(&changes)?;
    } else {
        print(&changes, &files)?;
    }
    let is_too_slow =
        asked.fail_above.is_some() && changes.steps.iter().any(|step| step.is_slower_by(limit));
    Ok(if is_too_slow { Exit::Slower } else { Exit::Done })
}

/// Returns what runs say: those named, or else all below `data` and the committed ones beside it that can be read.
fn read(named: &[PathBuf], data: &Path, filter: &Filter) -> Result<VersionHistory> {
    let mut history = VersionHistory::default();
    for folder in named {
        add(&mut history, read_without_finals(folder)?, filter);
    }
    if named.is_empty() {
        for folder in earlier_runs(data) {
            match read_without_finals(&folder) {
                Ok(run) => add(&mut history, run, filter),
                Err(error) => {
                    output::say(&format!("passing over {}: {error}", folder.display()));
                }
            }
        }
    }
    Ok(history)
}

fn add(history: &mut VersionHistory, mut run: Run, filter: &Filter) {
    run.members.retain(|member| filter.takes_experiment(&member.experiment));
    history.add(&run, |cell: &CellRow| {
        filter.takes_architecture(&cell.architecture())
            && filter.takes_engine(&cell.engine_label())
            && filter.takes_threads(cell.threads)
    });
}

/// Returns the command that makes the page again.
fn command(asked: &HistoryArguments, folder: &Path) -> String {
    let runs: String = asked.runs.iter().map(|run| format!(" {}", run.display())).collect();
    let latest = if asked.latest { " --latest" } else { "" };
    format!("formbench history{runs}{}{latest} -o {}", asked.filter, folder.display())
}

/// Prints a table for each host, what is to be said of all of them, and the files.
fn print(changes: &Changes, files: &[PathBuf]) -> Result<()> {
    let of_hosts = changes.steps.chunk_by(|a, b| a.fingerprint == b.fingerprint);
    for steps in of_hosts {
        let host = steps.first().map_or("", |step| step.host.as_str());
        output::text(host)?;
        output::table(HEAD, steps.iter().map(row))?;
        output::text("\n")?;
    }
    if changes.steps.is_empty() {
        output::say(
            "no cell that is asked for was measured on one host with two versions of its engine or of formbench; measure again after an \
             upgrade, with the same experiments",
        );
    }
    output::text(&changes.closing().join("\n"))?;
    files.iter().try_for_each(|file| output::text(&file.display().to_string()))
}

fn row(step: &VersionStep) -> [String; 8] {
    let [from, to] = step.labels();
    let [before, after] = step.rounds;
    [
        step.engine.clone(),
        step.cell_name(),
        from,
        to,
        step.change(),
        step.measure(),
        format!("{before}, {after}"),
        step.verdict.label().to_owned(),
    ]
}
