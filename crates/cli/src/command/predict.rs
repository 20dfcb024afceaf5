//! What an architecture takes that was never run here.

use std::thread;

use anyhow::{Result, anyhow, bail};
use formbench_analysis::number::{alike, significant};
use formbench_analysis::prediction::{
    Evaluation, Learned, Method, OperatorWork, Predicted, Tested,
};
use formbench_analysis::read_run;
use formbench_campaign::own::uncounted;
use formbench_campaign::profiled_runs;
use formbench_measure::{Host, WorkerCommand};

use crate::arguments::{Arguments, PredictArguments, SubjectArguments};
use crate::exit::Exit;
use crate::{location, output};

/// Prints the latency that is predicted of an architecture on each engine, and its speed-up; or how wrong predictions are.
///
/// # Errors
/// No run says what operators take, an engine is not among those that were profiled, or the architecture cannot be counted.
pub fn execute(arguments: &Arguments, predict: &PredictArguments) -> Result<Exit> {
    match predict.subject() {
        Some(subject) => print_predictions(arguments, predict, &subject),
        None => print_errors(predict, &learned(arguments, predict)?),
    }
}

/// Returns what the runs say of operators.
fn learned(arguments: &Arguments, predict: &PredictArguments) -> Result<Learned> {
    let mut runs = predict.runs.clone();
    if runs.is_empty() {
        runs = profiled_runs(&arguments.data, &Host::here())?;
    }
    let mut learned = Learned::default();
    for run in runs {
        learned.add(&read_run(&run)?);
    }
    Ok(learned)
}

fn print_predictions(
    arguments: &Arguments,
    predict: &PredictArguments,
    subject: &SubjectArguments,
) -> Result<Exit> {
    let found = predictions(arguments, predict, subject)?;
    if predict.json {
        output::json(&found)?;
    } else {
        let head = ["engine", "latency ms", "speed-up over pytorch", "architectures known"];
        output::table(head, found.iter().map(row))?;
        output::text(
            "\npredicted, not measured, one thread; in brackets what holds nine of ten architectures of families that are not known; \
             a speed-up is predicted by itself, as past ones were missed, and need not be the ratio of the latencies",
        )?;
        for one in found.iter().filter(|one| one.is_beyond_known()) {
            output::say(&format!(
                "{}: faster than every architecture that it was timed on ({} ms and more): it may take many times as long as \
                 predicted; `formbench compare` measures it",
                one.engine,
                significant(one.fastest_ms, 2),
            ));
        }
    }
    Ok(Exit::Done)
}

/// Counts the architecture while engines are fitted: neither needs the other.
fn predictions(
    arguments: &Arguments,
    predict: &PredictArguments,
    subject: &SubjectArguments,
) -> Result<Vec<Predicted>> {
    let worker = location::worker(arguments)?;
    thread::scope(|scope| {
        let counting = scope.spawn(|| counted(&worker, subject));
        let learned = learned(arguments, predict)?;
        let fitted = learned.fit(&predict.engines)?;
        let nodes = counting.join().map_err(|_| anyhow!("counting the architecture failed"))??;
        Ok(fitted.predict(&nodes, &output::say)?)
    })
}

/// Returns what is predicted from: the architecture's operators.
fn counted(worker: &WorkerCommand, subject: &SubjectArguments) -> Result<Vec<OperatorWork>> {
    let graph = worker.inspect(&subject.subject_for_once(worker)?)?;
    if let Some(said) = uncounted(&graph.attributes) {
        bail!(
            "what cannot be counted cannot be predicted: {said}; `formbench compare` measures it"
        );
    }
    Ok(OperatorWork::of(&graph))
}

/// Prints each architecture as its engine's other families predict it, and what all of them come to.
fn print_errors(predict: &PredictArguments, learned: &Learned) -> Result<Exit> {
    let mut evaluations = learned.evaluations();
    let is_asked = |engine: &str| {
        predict.engines.is_empty() || predict.engines.iter().any(|asked| asked == engine)
    };
    let sentences = Evaluation::sentences(&evaluations, is_asked);
    evaluations.retain(|one| is_asked(&one.engine));
    if evaluations.iter().all(|one| one.tested.is_empty()) {
        bail!("too few families were timed operator by operator to know how wrong predictions are");
    }
    if predict.json {
        output::json(&evaluations)?;
        return Ok(Exit::Done);
    }
    let ours = evaluations.iter().filter(|one| one.method == Method::Operators.label());
    let rows = ours.flat_map(|one| one.tested.iter().map(|tested| error_row(&one.engine, tested)));
    output::table(
        ["engine", "architecture", "family", "measured ms", "predicted ms", "error"],
        rows,
    )?;
    output::text("")?;
    sentences.iter().try_for_each(|said| output::text(said))?;
    Ok(Exit::Done)
}

fn error_row(engine: &str, one: &Tested) -> [String; 6] {
    let [measured, ..] = alike([one.measured_ms; 3], 3);
    [
        engine.to_owned(),
        one.architecture.clone(),
        one.family.clone(),
        measured,
        interval(one.predicted_ms),
        format!("{:+.0} %", 100.0 * (one.predicted_ms[0] / one.measured_ms - 1.0)),
    ]
}

fn interval(of: [f64; 3]) -> String {
    let [value, low, high] = alike(of, 3);
    format!("{value} [{low}, {high}]")
}

fn row(one: &Predicted) -> [String; 4] {
    [
        one.engine.clone(),
        interval(one.latency_ms),
        one.speed_up.map_or_else(String::new, interval),
        one.architectures.to_string(),
    ]
}
