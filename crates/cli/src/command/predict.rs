//! What an architecture takes that was never run here.

use anyhow::{Result, bail};
use formbench_analysis::number::alike;
use formbench_analysis::prediction::{Learned, OperatorWork, Predicted};
use formbench_analysis::read_run;
use formbench_campaign::own::uncounted;
use formbench_campaign::profiled_runs;
use formbench_measure::Host;

use crate::arguments::{Arguments, PredictArguments};
use crate::exit::Exit;
use crate::{location, output};

/// Prints the latency that is predicted of an architecture on each engine, and its speed-up.
///
/// # Errors
/// No run says what operators take, an engine is not among those that were profiled, or the architecture cannot be counted.
pub fn execute(arguments: &Arguments, predict: &PredictArguments) -> Result<Exit> {
    let mut runs = predict.runs.clone();
    if runs.is_empty() {
        runs = profiled_runs(&arguments.data, &Host::here())?;
    }
    let mut learned = Learned::default();
    for run in runs {
        learned.add(&read_run(&run)?);
    }
    let worker = location::worker(arguments)?;
    let graph = worker.inspect(&predict.subject.subject(&worker)?)?;
    if let Some(said) = uncounted(&graph.attributes) {
        bail!(
            "what cannot be counted cannot be predicted: {said}; `formbench compare` measures it"
        );
    }
    let nodes = OperatorWork::of(&graph);
    let found = learned.predictions(&predict.engines, &nodes, &output::say)?;
    if predict.json {
        output::json(&found)?;
    } else {
        let head = ["engine", "latency ms", "speed-up over pytorch", "architectures known"];
        output::table(head, found.iter().map(row))?;
        output::text(
            "\npredicted, not measured, one thread; in brackets what holds nine of ten architectures of families that are not known",
        )?;
    }
    Ok(Exit::Done)
}

fn row(one: &Predicted) -> [String; 4] {
    let interval = |of: [f64; 3]| {
        let [value, low, high] = alike(of, 3);
        format!("{value} [{low}, {high}]")
    };
    [
        one.engine.clone(),
        interval(one.latency_ms),
        one.speed_up.map_or_else(String::new, interval),
        one.architectures.to_string(),
    ]
}
