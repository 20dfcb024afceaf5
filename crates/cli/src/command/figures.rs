//! Draws a run's figures and the pages that hold them and the verdicts on the claims.

use std::path::PathBuf;

use anyhow::Result;
use formbench_analysis::{VerdictKind, read_run};
use formbench_campaign::verdicts;
use formbench_report::Supplement;

use crate::arguments::{Arguments, FiguresArguments};
use crate::exit::Exit;
use crate::filtered::narrow_to_some;
use crate::{links, location, output, planning};

/// Draws figures and prints the files.
///
/// # Errors
/// There is no run, the filters leave nothing of it, it or the claims cannot be read, or a figure cannot be written.
pub fn execute(arguments: &Arguments, figures: &FiguresArguments) -> Result<Exit> {
    let folder = location::run(figures.run.as_ref(), &arguments.data)?;
    let mut run = read_run(&folder)?;
    narrow_to_some(&mut run, &figures.filter.filter())?;
    let output =
        figures.output.clone().unwrap_or_else(|| PathBuf::from("figures/runs").join(&run.host.run));
    let command =
        format!("formbench figures {} -o {}{}", folder.display(), output.display(), figures.filter);
    let mut verdicts = verdicts(&run, &planning::claims(&arguments.experiments)?);
    if verdicts.iter().all(|verdict| verdict.verdict == VerdictKind::NotTestable) {
        // The run is about something else.
        verdicts.clear();
    }
    let links = links::of_page(&output, &folder, &arguments.experiments);
    let supplement = Supplement::of(&run, &verdicts, links);
    let files = formbench_report::render(&run, &verdicts, &output, &command, &supplement)?;
    if figures.json {
        output::json(&files)?;
    } else {
        let lines: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
        output::text(&lines.join("\n"))?;
    }
    Ok(Exit::Done)
}
