//! Measures a plan, or goes on with it where an earlier command stopped.

use anyhow::Result;
use formbench_measure::{Conductor, End, Workers, groups};
use formbench_report::Check;
use formbench_store::{DataLock, RunFolder};
use serde_json::json;

use crate::arguments::{Arguments, RunArguments};
use crate::date::today;
use crate::exit::Exit;
use crate::observer::Progress;
use crate::planning::Planned;
use crate::recorder::FolderRecorder;
use crate::command::selftest;
use crate::{interrupt, location, looked, output, rows};

/// Measures what is missing of a plan.
///
/// # Errors
/// The worker does not answer, an experiment is wrong, or the data cannot be read or written.
pub fn execute(arguments: &Arguments, run: &RunArguments) -> Result<Exit> {
    let command = std::env::args().collect::<Vec<_>>().join(" ");
    let _lock = DataLock::acquire(&arguments.data, &command)?;
    let planned = Planned::new(arguments, &run.selection)?;
    let folder = open_or_create(arguments, run, &planned)?;
    if folder.is_finished() {
        output::say("every cell of this plan is measured; `--fresh` measures again");
        report(run, &folder, End::Finished)?;
        return Ok(Exit::Done);
    }
    look(&planned, &folder, run.selftest)?;
    let end = measure(run, &planned, &folder)?;
    report(run, &folder, end)?;
    Ok(match end {
        End::Finished => Exit::Done,
        End::Interrupted => Exit::Interrupted,
    })
}

/// Returns the latest folder of this plan, or a new one with the plan in it.
fn open_or_create(
    arguments: &Arguments,
    run: &RunArguments,
    planned: &Planned,
) -> Result<RunFolder> {
    let plan = rows::plan_key(planned, run.selection.software_gpu);
    let stem = format!("{}-{}-", today(), planned.host.slug);
    let mut without_plan = None;
    for path in location::runs(&arguments.data).iter().rev() {
        let folder = RunFolder::open(path)?;
        if !folder.has_plan() {
            // A command was killed before it measured anything: its folder can be ours.
            without_plan = Some(folder).filter(|folder| folder.name().starts_with(&stem));
        } else if is_of(&folder, &plan) && !(run.fresh && folder.is_finished()) {
            return Ok(folder);
        }
    }
    let folder = match without_plan {
        Some(folder) => folder,
        None => RunFolder::create(&arguments.data, &today(), &planned.host.slug)?,
    };
    let host = rows::host(planned, folder.name(), plan, run.selection.software_gpu);
    let cells: Vec<_> = planned.cells.iter().map(rows::cell).collect();
    let experiments = rows::experiments(&planned.plan);
    folder.write_plan(&host, &experiments, &rows::members(planned), &cells)?;
    Ok(folder)
}

/// Says whether the folder holds this plan; one that cannot be read holds no plan of ours.
fn is_of(folder: &RunFolder, plan: &str) -> bool {
    match folder.host() {
        Ok(host) => host.plan == plan,
        Err(error) => {
            output::say(&format!("passing over {}: {error}", folder.path().display()));
            false
        }
    }
}

/// Looks at what the plan's architectures cost, at what the machine can do and, if that is asked, at
/// what the harness finds where the answer is known, once per run.
fn look(planned: &Planned, folder: &RunFolder, selftest: bool) -> Result<()> {
    if !folder.has_attributes() {
        folder.write_attributes(&looked::attributes(planned))?;
    }
    if !folder.has_rooflines() {
        folder.write_rooflines(&looked::rooflines(planned))?;
    }
    if selftest && !folder.has_checks() {
        let checks = selftest::checks(&planned.worker, true)?;
        for check in checks.iter().filter(|check| !check.passed) {
            output::say(&format!("self-test: {}: {}", check.check, check.measured));
        }
        folder.write_checks(&checks.iter().map(Check::row).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn measure(run: &RunArguments, planned: &Planned, folder: &RunFolder) -> Result<End> {
    let interrupt = interrupt::watch()?;
    let mut recorder = FolderRecorder::new(folder)?;
    if recorder.blocks() + recorder.refused() > 0 {
        output::say(&format!(
            "going on with {}: {} blocks and {} refusals are there",
            folder.name(),
            recorder.blocks(),
            recorder.refused()
        ));
    }
    let mut progress = Progress::new();
    let workers = Workers::new(&planned.worker, &interrupt);
    let software_gpu = run.selection.software_gpu;
    let mut conductor = Conductor::new(&workers, software_gpu, &mut recorder, &mut progress);
    let end = conductor.run(&planned.cells, &groups(&planned.plan), run.budget);
    progress.finish();
    let end = end?;
    if end == End::Finished {
        folder.compact()?;
    }
    Ok(end)
}

fn report(run: &RunArguments, folder: &RunFolder, end: End) -> Result<()> {
    let path = folder.path().display().to_string();
    let blocks = folder.acknowledged()?.len();
    let refused = folder.refusals()?.len();
    if run.json {
        let finished = end == End::Finished;
        let value = json!({
            "run": path, "finished": finished, "blocks": blocks, "refused": refused,
        });
        return output::json(&value);
    }
    match end {
        End::Finished => {
            output::say(&format!("{blocks} blocks, {refused} cells refused"));
            output::text(&path)
        }
        End::Interrupted => {
            output::say("interrupted; the same command goes on where it stopped");
            output::text(&path)
        }
    }
}
