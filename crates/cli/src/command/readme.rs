//! Makes the generated parts of the README anew.

use std::path::Path;

use anyhow::{Context, Result};
use formbench_analysis::read_run;
use formbench_campaign::verdicts;
use formbench_experiment::Claims;
use formbench_report::{Committed, CommittedRun, across, readme};

use crate::arguments::{Arguments, ReadmeArguments};
use crate::exit::Exit;
use crate::{output, planning};

/// Writes the README, and the figures of several runs if a folder for them is named, and prints the paths.
///
/// # Errors
/// A run, the claims or the README cannot be read, a part has no place, or the README cannot be
/// written.
pub fn execute(arguments: &Arguments, made: &ReadmeArguments) -> Result<Exit> {
    let claims = planning::claims(&arguments.experiments)?;
    let committed = Committed {
        references: made
            .references
            .iter()
            .map(|folder| committed(folder, &claims))
            .collect::<Result<_>>()?,
        patterns: committed(&made.patterns, &claims)?,
        sizes: committed(&made.sizes, &claims)?,
        networks: committed(&made.networks, &claims)?,
        caches: committed(&made.caches, &claims)?,
        fidelity: text(&made.fidelity)?,
    };
    output::page(&made.readme, &readme(&text(&made.readme)?, &committed)?)?;
    let mut files = vec![made.readme.clone()];
    if let Some(out) = &made.figures {
        files.extend(across(&committed, out)?);
    }
    let lines: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    output::text(&lines.join("\n"))?;
    Ok(Exit::Done)
}

fn committed(folder: &Path, claims: &[Claims]) -> Result<CommittedRun> {
    let run = read_run(folder)?;
    let host = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(CommittedRun { host, verdicts: verdicts(&run, claims), run })
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}
