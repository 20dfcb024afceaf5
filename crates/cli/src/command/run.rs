//! Measures a plan, or goes on with it where an earlier command stopped.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::Result;
use formbench_measure::{Conductor, End, Recorder, RunCell, Workers};
use formbench_report::Check;
use formbench_store::{CacheFolder, CacheRow, DataLock, RunFolder};
use serde_json::json;

use crate::arguments::{Arguments, RunArguments};
use crate::cache::{Asked, Known, counted, is_asked, simulate};
use crate::command::selftest;
use crate::date::today;
use crate::exit::Exit;
use crate::observer::Progress;
use crate::past::Past;
use crate::planning::Planned;
use crate::prediction::{Done, Outcome, Prediction, time};
use crate::recorder::FolderRecorder;
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
    look_at_caches(arguments, run, &planned, &folder)?;
    if folder.is_finished() {
        output::say("every cell of this plan is measured; `--fresh` measures again");
        report(run, &folder, End::Finished, None)?;
        return Ok(Exit::Done);
    }
    look(&planned, &folder, run.selftest)?;
    let past = Past::read(&arguments.data, &planned.host);
    let (end, outcome) = measure(run, &planned, &past, &folder)?;
    report(run, &folder, end, outcome)?;
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

/// Takes in what is known of the caches that experiments ask about: nothing of it is timed, so that
/// a run may learn of it later too.
fn look_at_caches(
    arguments: &Arguments,
    run: &RunArguments,
    planned: &Planned,
    folder: &RunFolder,
) -> Result<()> {
    if !is_asked(planned) {
        return Ok(());
    }
    let (asked, caches) = (Asked::of(planned)?, CacheFolder::at(&location::caches(arguments)));
    if run.simulate_caches {
        simulate(planned, &asked, &caches, &AtomicBool::new(false))?;
    }
    let known = Known::in_folder(&caches, &asked)?;
    known.missing().iter().for_each(|missing| output::say(missing));
    let is_counted = |row: &CacheRow| row.source == CacheRow::COUNTERS;
    let mut rows = folder.caches()?;
    rows.retain(is_counted);
    if rows.is_empty() {
        rows = counted(planned, &asked);
    }
    rows.extend(known.rows.into_iter().map(|(_, row)| row));
    Ok(folder.write_caches(&rows)?)
}

/// Measures, and returns how far off the prediction was unless it was interrupted.
fn measure(
    run: &RunArguments,
    planned: &Planned,
    past: &Past,
    folder: &RunFolder,
) -> Result<(End, Option<Outcome>)> {
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
    let predicted = predict(run, planned, past, &recorder);
    let mut progress = Progress::new();
    let workers = Workers::new(&planned.worker, &interrupt);
    let software_gpu = run.selection.software_gpu;
    let mut conductor = Conductor::new(&workers, software_gpu, &mut recorder, &mut progress);
    let start = Instant::now();
    let end = conductor.run(&planned.cells, &planned.groups(), run.budget);
    let took = start.elapsed();
    progress.finish();
    let end = end?;
    if end == End::Interrupted {
        return Ok((end, None));
    }
    folder.compact()?;
    let least_rounds = progress.least_rounds_took();
    Ok((end, Some(Outcome::new(&predicted, run.budget, least_rounds, took))))
}

/// Returns what the rest of the run is predicted to cost, and says it.
fn predict(
    run: &RunArguments,
    planned: &Planned,
    past: &Past,
    recorder: &FolderRecorder<'_>,
) -> Prediction {
    let done = |cell: &RunCell| Done {
        is_refused: recorder.is_refused(&cell.key),
        rounds: recorder.rounds(cell),
    };
    let predicted = Prediction::new(planned, past, run.selection.software_gpu, run.budget, done);
    let sources = predicted.estimate.sources;
    output::say(&format!(
        "the least rounds take {} or more: {} cells seen on this host before, {} scaled, {} unknown",
        time(predicted.estimate.least),
        sources.seen,
        sources.scaled,
        sources.bounded,
    ));
    predicted
}

fn report(
    run: &RunArguments,
    folder: &RunFolder,
    end: End,
    outcome: Option<Outcome>,
) -> Result<()> {
    let path = folder.path().display().to_string();
    let blocks = folder.acknowledged()?.len();
    let refused = folder.refusals()?.len();
    outcome.iter().for_each(|outcome| output::say(&outcome.line()));
    if run.json {
        let finished = end == End::Finished;
        let value = json!({
            "run": path, "finished": finished, "blocks": blocks, "refused": refused,
            "time": outcome.map(|outcome| outcome.as_json()),
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
