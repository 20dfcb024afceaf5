//! Whether the probe sees what slows inferences down, and whether it is indifferent to who ran before it.
//!
//! `cargo run --release --example contention -- RUN` prints, by engine: how latencies follow the probe's part from
//! memory within a round, and by how much that part differs just after the engine's bursts from just after those
//! of the others in the same turn.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use formbench_analysis::read_run;
use formbench_statistics::median_ns;

/// Logarithms of a turn's latency and of the probe's mean from memory around it.
type Point = [f64; 2];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("name the folder of a run")?;
    let run = read_run(&folder)?;
    let mut rounds = BTreeMap::<(String, String, u32), Vec<Point>>::new();
    let mut after = BTreeMap::<(u32, u32, u32, String), Vec<(String, f64)>>::new();
    for (key, turns) in &run.turns {
        let Some(cell) = run.cells.get(&key.cell) else { continue };
        let kept = run.latencies.get(&key.cell).and_then(|rounds| rounds.get(&key.round));
        let kept = kept.and_then(|blocks| blocks.get(&key.block));
        for turn in turns {
            let place = (key.round, key.block, turn.turn, cell.architecture());
            let reading = (turn.after_ns[1] as f64).ln();
            after.entry(place).or_default().push((cell.engine_label(), reading));
            let latency = kept.and_then(|block| block.turns.iter().find(|of| of.turn == turn.turn));
            if let Some(latency) = latency {
                let probe = f64::midpoint((turn.before_ns[1] as f64).ln(), reading);
                let round = (cell.engine_label(), key.cell.clone(), key.round);
                rounds.entry(round).or_default().push([latency.median_ns.ln(), probe]);
            }
        }
    }
    let mut engines = BTreeMap::<&str, Vec<Point>>::new();
    for ((engine, _, _), points) in &rounds {
        engines.entry(engine).or_default().extend(centred(points));
    }
    let mut differences = BTreeMap::<&str, Vec<f64>>::new();
    for readings in after.values() {
        for (at, (engine, reading)) in readings.iter().enumerate() {
            let others = readings.iter().enumerate().filter(|(other, _)| *other != at);
            let others: Vec<f64> = others.map(|(_, (_, reading))| *reading).collect();
            if !others.is_empty() {
                let mean = others.iter().sum::<f64>() / others.len() as f64;
                differences.entry(engine).or_default().push(reading - mean);
            }
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "engine        turns  slope  correlation  latencies  probe   probe after it")?;
    for (engine, points) in &engines {
        let [sd_latency, sd_probe] = [0, 1].map(|at| moment(points, at, at).sqrt());
        let covariance = moment(points, 0, 1);
        let (mean, error) = mean(differences.get(engine).map_or(&[], Vec::as_slice));
        writeln!(
            out,
            "{engine:<13} {:>5}  {:>5.2}  {:>11.2}  {:>7.1} %  {:>4.1} %  {:+.1} % ± {:.1} %",
            points.len(),
            covariance / sd_probe.powi(2),
            covariance / (sd_latency * sd_probe),
            100.0 * sd_latency,
            100.0 * sd_probe,
            100.0 * mean,
            196.0 * error,
        )?;
    }
    Ok(())
}

/// Returns the points with their medians taken off.
fn centred(points: &[Point]) -> Vec<Point> {
    let median = |at: usize| {
        // In millionths, so that the median of whole numbers serves.
        let values: Vec<u64> = points.iter().map(|point| (1e6 * point[at]) as u64).collect();
        median_ns(&values).unwrap_or_default() / 1e6
    };
    let middle = [median(0), median(1)];
    points.iter().map(|point| [point[0] - middle[0], point[1] - middle[1]]).collect()
}

/// Returns the mean product of two coordinates.
fn moment(points: &[Point], one: usize, other: usize) -> f64 {
    points.iter().map(|point| point[one] * point[other]).sum::<f64>() / points.len() as f64
}

/// Returns the mean of values and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / count / count).sqrt())
}
