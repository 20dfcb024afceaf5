//! Hosts side by side: what differs between the machines of any number of runs.

mod table;

use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use formbench_analysis::hosts::{RunOfHost, SideBySide, side_by_side};
use formbench_analysis::read_run;
use formbench_campaign::{earlier_runs, verdicts};
use formbench_experiment::{Claims, Filter};
use formbench_report::render_hosts;
use formbench_store::RunFolder;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::arguments::{Arguments, HostsArguments};
use crate::exit::Exit;
use crate::filtered::narrow;
use crate::{output, planning};

/// Prints the hosts, how far they agree and what makes speed-ups differ, and draws all of that. A run that cannot be read is
/// passed over, unless it was named.
///
/// # Errors
/// There is no run, a named one or the claims cannot be read, or a figure cannot be written.
pub fn execute(arguments: &Arguments, hosts: &HostsArguments) -> Result<Exit> {
    let folders = folders(arguments, hosts)?;
    let claims = planning::claims(&arguments.experiments)?;
    let filter = hosts.filter.filter();
    let bar = bar(folders.len());
    let (found, passed_over) = side_by_side(&folders, |folder| {
        let looked = look(folder, &claims, &filter);
        bar.iter().for_each(|bar| bar.inc(1));
        looked
    });
    bar.iter().for_each(ProgressBar::finish_and_clear);
    for (folder, error) in passed_over {
        if !hosts.runs.is_empty() {
            return Err(error);
        }
        output::say(&format!("passing over {}: {error:#}", folder.display()));
    }
    let files = render_hosts(&found, &hosts.output, &command(hosts))?;
    print(&found, &files, hosts.json)?;
    Ok(Exit::Done)
}

/// Returns a bar with the time left, on a terminal.
fn bar(runs: usize) -> Option<ProgressBar> {
    const STYLE: &str = "{bar:24} {pos} of {len} runs, {eta} left";
    let style =
        ProgressStyle::with_template(STYLE).unwrap_or_else(|_| ProgressStyle::default_bar());
    stderr().is_terminal().then(|| ProgressBar::new(runs as u64).with_style(style))
}

/// Returns the folders that were named, or all that hold a run with a plan.
fn folders(arguments: &Arguments, hosts: &HostsArguments) -> Result<Vec<PathBuf>> {
    if !hosts.runs.is_empty() {
        return Ok(hosts.runs.clone());
    }
    let has_plan = |folder: &PathBuf| RunFolder::open(folder).is_ok_and(|run| run.has_plan());
    let mut folders = earlier_runs(&arguments.data);
    folders.retain(has_plan);
    if folders.is_empty() {
        let data = arguments.data.display();
        return Err(anyhow!("no run in `{data}` or beside it; run `formbench run`"));
    }
    Ok(folders)
}

/// Returns what is kept of a run.
fn look(folder: &Path, claims: &[Claims], filter: &Filter) -> Result<RunOfHost> {
    let mut run =
        read_run(folder).with_context(|| format!("cannot read the run `{}`", folder.display()))?;
    narrow(&mut run, filter);
    Ok(RunOfHost::of(&run, folder, &verdicts(&run, claims)))
}

/// Returns the command that makes the same page again.
fn command(hosts: &HostsArguments) -> String {
    let runs: String = hosts.runs.iter().map(|run| format!(" {}", run.display())).collect();
    format!("formbench hosts{runs} -o {}{}", hosts.output.display(), hosts.filter)
}

fn print(found: &SideBySide, files: &[PathBuf], as_json: bool) -> Result<()> {
    if as_json {
        return output::json(&json!({ "side_by_side": found, "files": files }));
    }
    table::print(found)?;
    let lines: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    output::text(&format!("\n{}", lines.join("\n")))
}
