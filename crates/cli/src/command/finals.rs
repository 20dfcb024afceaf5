//! Decides first places: those who may be first by a run take turns with each other.

use std::time::Instant;

use anyhow::Result;
use formbench_analysis::{Final, Finding, read_run};
use formbench_campaign::{CampaignError, EarlierRuns, Finals};
use formbench_measure::{End, LocalLauncher};
use formbench_store::{DataLock, RunFolder};

use crate::arguments::{Arguments, FinalArguments, Selection};
use crate::exit::Exit;
use crate::observer::ProgressDisplay;
use crate::{interrupt, location, output, planning};

/// Holds the finals of a run, or goes on with them.
///
/// # Errors
/// There is no such run, it was made elsewhere, or the data cannot be read or written.
pub fn execute(arguments: &Arguments, of: &FinalArguments) -> Result<Exit> {
    let path = location::run(of.run.as_ref(), &arguments.data)?;
    let _lock = DataLock::acquire(&arguments.data, &location::command_line())?;
    let (survey, folder) = (read_run(&path)?, RunFolder::open(&path)?);
    let selection = Selection::all_cells(survey.host.software_gpu);
    let planned = planning::planned(arguments, &selection)?;
    let interrupt = interrupt::watch()?;
    let launcher = LocalLauncher::new(&planned.worker, &interrupt);
    let past = EarlierRuns::read(&arguments.data, &planned.host, &output::say);
    let mut finals = Finals {
        survey,
        folder: &folder,
        planned: &planned,
        launcher: &launcher,
        notice: &output::say,
    };
    let all = finals.all();
    if all.is_empty() {
        output::say(
            "no claim of rank has competitors enough in this run: a larger `--profile` or `--budget` has more",
        );
    }
    let (start, mut exit) = (Instant::now(), Exit::Done);
    for (done, one) in all.iter().enumerate() {
        if of.plan {
            output::text(&format!("{} {}", one.question, one.names.join(", ")))?;
            continue;
        }
        output::say(&format!("{} Of {}", one.question, one.names.join(", ")));
        // What a final leaves of its time is for those after it.
        let left = of.budget.saturating_sub(start.elapsed());
        let share = left / u32::try_from(all.len() - done).unwrap_or(u32::MAX);
        let mut progress = ProgressDisplay::new();
        let end = finals.hold(one, &past, (share, of.fresh), &mut progress);
        progress.finish();
        match end {
            Ok(End::Finished) => output::text(&line(one, &finals.finding(one)))?,
            Ok(End::Interrupted) => {
                output::say("interrupted; the same command goes on where it stopped");
                return Ok(Exit::Interrupted);
            }
            // The others may be held all the same.
            Err(error @ CampaignError::OtherRun { .. }) => {
                output::say(&error.to_string());
                exit = Exit::Failed;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(exit)
}

fn line(one: &Final<'_>, finding: &Finding) -> String {
    let count = finding.count_text();
    format!("{} {}: {} ({count})", one.question, finding.outcome, finding.says)
}
