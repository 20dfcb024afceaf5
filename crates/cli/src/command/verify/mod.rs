//! Which claims of the study hold in a run, and whether they are the committed verdicts; or whether
//! two runs agree.

mod against;
mod committed;
mod table;

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use formbench_analysis::{CommittedVerdicts, Run, Verdict, read_run};
use formbench_campaign::verdicts;
use formbench_report::verdicts_page;

use crate::arguments::{Arguments, VerifyArguments};
use crate::exit::Exit;
use crate::{location, output, planning};

/// Prints the verdicts of a run, or how it agrees with another one.
///
/// # Errors
/// There is no run or no claim, or a file cannot be read or written.
pub fn execute(arguments: &Arguments, verify: &VerifyArguments) -> Result<Exit> {
    let folder = location::run(verify.run.as_ref(), &arguments.data)?;
    let run = read_run(&folder)?;
    if let Some(other) = &verify.against {
        return against::execute(&folder, &run, other, verify);
    }
    let verdicts = judged(&run, &arguments.experiments)?;
    let (path, committed) = committed::read(verify.committed.as_ref(), &folder, &run)?;
    let met = committed.map(|committed| committed.compare(&run.host.run, &verdicts));
    if let Some(path) = &verify.output {
        let command = format!("formbench verify {} -o {}", folder.display(), path.display());
        output::page(path, &written(path, &run, &verdicts, &command)?)?;
    }
    if verify.json {
        output::json(&serde_json::json!({ "verdicts": verdicts, "committed": met }))?
    } else {
        table::print(&verdicts, &path, met.as_ref())?
    }
    let is_missed = met.is_some_and(|met| !met.missed.is_empty()) && verify.output.is_none();
    Ok(if is_missed { Exit::VerdictsDiffer } else { Exit::Done })
}

fn judged(run: &Run, experiments: &Path) -> Result<Vec<Verdict>> {
    let claims = planning::claims(experiments)?;
    if claims.is_empty() {
        Err(anyhow!(
            "no `claims.yaml` in a folder of `{}`; run at the top of the repository, or say where \
             with `--experiments`",
            experiments.display()
        ))
    } else {
        Ok(verdicts(run, &claims))
    }
}

fn written(path: &Path, run: &Run, verdicts: &[Verdict], command: &str) -> Result<String> {
    if path.extension().is_some_and(|ending| ending == "md") {
        return Ok(verdicts_page(run, verdicts, command));
    }
    let kept = serde_json::to_string_pretty(&CommittedVerdicts::of(run, verdicts));
    Ok(kept.context("cannot write JSON")? + "\n")
}
