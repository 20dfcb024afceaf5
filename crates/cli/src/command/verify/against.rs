//! Two runs, speed-up by speed-up.

use std::path::Path;

use anyhow::{Result, anyhow};
use formbench_analysis::{Agreement, Compared, Run, agreement, read_run};
use formbench_report::agreement_page;

use crate::arguments::VerifyArguments;
use crate::exit::Exit;
use crate::output;

/// Prints how far a run agrees with another.
///
/// # Errors
/// The other cannot be read, the two have nothing in common, or a file cannot be written.
pub fn execute(folder: &Path, run: &Run, other: &Path, verify: &VerifyArguments) -> Result<Exit> {
    let agreement = agreement(run, &read_run(other)?);
    if agreement.compared.is_empty() {
        return Err(anyhow!(
            "`{}` and `{}` have no speed-up in common; measure the same experiments",
            folder.display(),
            other.display()
        ));
    }
    if let Some(path) = &verify.output {
        let command = format!(
            "formbench verify {} --against {} -o {}",
            folder.display(),
            other.display(),
            path.display()
        );
        output::page(path, &agreement_page(&agreement, &command))?;
    }
    if verify.json {
        output::json(&agreement)?
    } else {
        print(&agreement)?
    }
    Ok(Exit::Done)
}

fn print(agreement: &Agreement) -> Result<()> {
    output::table(
        ["architecture", "pixels", "threads", "engine", "over", "this run", "other", "ratio", ""],
        agreement.compared.iter().map(row),
    )?;
    output::text("\n")?;
    let rounded =
        |of: Option<f64>, digits| of.map_or_else(String::new, |it| format!("{it:.digits$}"));
    output::table(
        [
            "engine",
            "over",
            "compared",
            "agree",
            "rank correlation",
            "mean ratio",
            "without contention",
        ],
        agreement.engines.iter().map(|one| {
            let [compared, agreeing] = [one.compared, one.agreeing].map(|count| count.to_string());
            let rank = rounded(one.rank_correlation, 2);
            let [mean, without] =
                [one.mean.all, one.mean.without_contention].map(|ratio| rounded(ratio, 3));
            let (engine, baseline) = (one.engine.clone(), one.baseline.clone());
            [engine, baseline, compared, agreeing, rank, mean, without]
        }),
    )?;
    output::text(&format!("\n{}", agreement.sentence()))
}

fn row(one: &Compared) -> [String; 9] {
    let [ours, theirs] = [one.speed_up, one.against]
        .map(|[value, low, high]| format!("{value:.2} [{low:.2}, {high:.2}]"));
    [
        one.architecture.clone(),
        one.resolution.map_or_else(String::new, |side| side.to_string()),
        one.threads.to_string(),
        one.engine.clone(),
        one.baseline.clone(),
        ours,
        theirs,
        format!("{:.2}", one.ratio),
        if one.agrees { "agrees" } else { "differs" }.to_owned(),
    ]
}
