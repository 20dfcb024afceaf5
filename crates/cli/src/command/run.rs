//! Measures a plan, or goes on with it where an earlier command stopped.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use formbench_analysis::summary::share_quiet;
use formbench_campaign::{
    Done, EarlierRuns, FolderRecorder, Planned, Prediction, TimeSpent, caches, look,
    open_or_create, time,
};
use formbench_measure::host::pinning_variables;
use formbench_measure::{Conductor, End, LocalLauncher, Recorder, RunCell};
use formbench_store::{DataLock, Run, RunCopy, RunFolder};
use formbench_validation::selftest;
use serde_json::json;

use crate::arguments::{Arguments, RunArguments, Selection};
use crate::exit::Exit;
use crate::mirror::Mirrored;
use crate::observer::ProgressDisplay;
use crate::{interrupt, location, output, planning};

/// What is to be measured, and how.
pub struct Order<'a> {
    /// Folder of the experiments.
    pub experiments: &'a Path,
    /// Which of them.
    pub selection: &'a Selection,
    /// Time that measuring may take.
    pub budget: Option<Duration>,
    /// Whether the harness is tested first.
    pub selftest: bool,
    /// Whether caches are simulated that are not known yet.
    pub simulate_caches: bool,
    /// Whether a finished run of the same plan is left alone.
    pub fresh: bool,
    /// Whether a finished run of the same plan goes on where intervals are wide.
    pub more: bool,
    /// Where a copy of the run's folder is kept.
    pub mirror: Option<&'a Path>,
}

/// What became of an order.
pub struct MeasuredRun {
    /// Where the data are.
    pub folder: RunFolder,
    /// How it ended.
    pub end: End,
    /// How far off the prediction was, if it was held against one.
    spent: Option<TimeSpent>,
}

/// Measures what is missing of a plan.
///
/// # Errors
/// The worker does not answer, an experiment is wrong, or the data cannot be read or written.
pub fn execute(arguments: &Arguments, run: &RunArguments) -> Result<Exit> {
    let order = Order {
        experiments: &arguments.experiments,
        selection: &run.selection,
        budget: run.budget,
        selftest: run.selftest,
        simulate_caches: run.simulate_caches,
        fresh: run.fresh,
        more: run.more,
        mirror: run.mirror.as_deref(),
    };
    let measured = measured(arguments, &order)?;
    report(run.json, &measured)?;
    Ok(match measured.end {
        End::Finished => Exit::Done,
        End::Interrupted => Exit::Interrupted,
    })
}

/// Measures what is missing of a plan, and prints none of it.
///
/// # Errors
/// Those of [`execute`].
pub fn measured(arguments: &Arguments, order: &Order<'_>) -> Result<MeasuredRun> {
    let command = location::command_line();
    let _lock = DataLock::acquire(&arguments.data, &command)?;
    let planned = planning::planned_in(order.experiments, arguments, order.selection)?;
    let software_gpu = order.selection.software_gpu;
    let past = EarlierRuns::read(&arguments.data, &planned.host, &output::say);
    let folder =
        open_or_create(&arguments.data, &planned, &past, software_gpu, order.fresh, &output::say)?;
    let simulations = location::caches(arguments);
    caches::update(&planned, &folder, &simulations, order.simulate_caches, &output::say)?;
    let mirror = order.mirror.map(|place| RunCopy::new(&folder, place));
    if folder.is_finished() && !order.more {
        mirror.map_or(Ok(()), |mirror| mirror.renew())?;
        output::say(
            "every cell of this plan is measured; `--more` narrows wide intervals, `--fresh` measures again",
        );
        return Ok(MeasuredRun { folder, end: End::Finished, spent: None });
    }
    let self_test = || {
        let engines = formbench_campaign::describe(&planned.worker)?.engines;
        selftest::checks(&planned.worker, &engines, 0)
    };
    look(&planned, &past, &folder, order.selftest.then_some(self_test), &output::say)?;
    let measured = measure(order, &planned, &past, &folder, mirror.clone());
    // Also of a run that failed: what it has is on its disk alone.
    mirror.map_or(Ok(()), |mirror| mirror.renew())?;
    let (end, spent) = measured?;
    Ok(MeasuredRun { folder, end, spent })
}

/// Measures, and returns how far off the prediction was unless it was interrupted.
fn measure(
    order: &Order<'_>,
    planned: &Planned,
    past: &EarlierRuns,
    folder: &RunFolder,
    mirror: Option<RunCopy>,
) -> Result<(End, Option<TimeSpent>)> {
    let interrupt = interrupt::watch()?;
    let pinning = pinning_variables();
    if !pinning.is_empty() {
        let names = pinning.join(", ");
        output::say(&format!(
            "workers do without {names}: pinning, number of threads and waiting are decided here"
        ));
    }
    let mut recorder = FolderRecorder::new(folder)?;
    if recorder.blocks() + recorder.refused() > 0 {
        output::say(&format!(
            "going on with {}: {} blocks and {} refusals are there",
            folder.name(),
            recorder.blocks(),
            recorder.refused()
        ));
    }
    let predicted = predict(order, planned, past, &recorder);
    let mut progress = ProgressDisplay::new();
    let mut observer = Mirrored::new(&mut progress, mirror);
    let launcher = LocalLauncher::new(&planned.worker, &interrupt);
    let software_gpu = order.selection.software_gpu;
    let mut conductor = Conductor::new(&launcher, software_gpu, &mut recorder, &mut observer);
    let start = Instant::now();
    let end = conductor.run(&planned.cells, &planned.groups(), order.budget);
    let took = start.elapsed();
    progress.finish();
    let end = end?;
    if end == End::Interrupted {
        return Ok((end, None));
    }
    folder.compact()?;
    let least_rounds = progress.least_rounds_took();
    Ok((end, Some(TimeSpent::new(&predicted, order.budget, least_rounds, took))))
}

/// Returns what the rest of the run is predicted to cost, and prints it.
fn predict(
    order: &Order<'_>,
    planned: &Planned,
    past: &EarlierRuns,
    recorder: &FolderRecorder<'_>,
) -> Prediction {
    let done = |cell: &RunCell| Done {
        is_refused: recorder.is_refused(&cell.key),
        rounds: recorder.rounds(cell),
    };
    let predicted =
        Prediction::new(planned, past, order.selection.software_gpu, order.budget, done);
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

fn report(json: bool, MeasuredRun { folder, end, spent }: &MeasuredRun) -> Result<()> {
    let path = folder.path().display().to_string();
    let blocks = folder.acknowledged()?.len();
    let refused = folder.refusals()?.len();
    spent.iter().for_each(|spent| output::say(&spent.line()));
    if let Some(share) = share_quiet(&Run::read_without_samples(folder.path())?) {
        output::say(&format!("the host was quiet during {:.0} % of the turns", 100.0 * share));
    }
    if json {
        let finished = *end == End::Finished;
        let value = json!({
            "run": path, "finished": finished, "blocks": blocks, "refused": refused,
            "time": spent.as_ref().map(|spent| spent.as_json()),
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
