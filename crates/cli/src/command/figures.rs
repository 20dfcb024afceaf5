//! Draws a run's figures and the page that holds them.

use std::path::PathBuf;

use anyhow::Result;
use formbench_store::Run;

use crate::arguments::{Arguments, FiguresArguments};
use crate::exit::Exit;
use crate::{location, output};

/// Draws figures and prints the files.
///
/// # Errors
/// There is no run, it cannot be read, or a figure cannot be written.
pub fn execute(arguments: &Arguments, figures: &FiguresArguments) -> Result<Exit> {
    let folder = location::run(figures.run.as_ref(), &arguments.data)?;
    let run = Run::read(&folder)?;
    let output =
        figures.output.clone().unwrap_or_else(|| PathBuf::from("figures/runs").join(&run.host.run));
    let command = format!("formbench figures {} -o {}", folder.display(), output.display());
    let files = formbench_report::render(&run, &output, &command)?;
    if figures.json {
        output::json(&files)?;
    } else {
        let lines: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
        output::text(&lines.join("\n"))?;
    }
    Ok(Exit::Done)
}
