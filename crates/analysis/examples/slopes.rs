//! By how much speed-ups move with contention: what the estimate without contention believes before it looks.
//!
//! `cargo run --release --example slopes -- RUN…` prints for each run and engine the slope of the logarithm of a speed-up over
//! that of the probe's slow-down from memory, within rounds: over all comparisons together with its standard error, and by how
//! much the slopes of single comparisons differ beyond their own errors, as a standard deviation.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use formbench_analysis::cells::compared;
use formbench_analysis::{Pairs, read_run};
use formbench_statistics::RatioSlope;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "engine        comparisons  slope           apart  run")?;
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    for folder in &folders {
        let run = read_run(folder)?;
        let mut engines = BTreeMap::<String, Vec<RatioSlope>>::new();
        for pair in compared(&run).into_values() {
            let slope = RatioSlope::of(&Pairs::of(&run, pair).all);
            engines.entry(pair.accelerated.engine_label()).or_default().extend(slope);
        }
        for (engine, slopes) in engines.iter().filter(|(_, slopes)| slopes.len() > 1) {
            let (slope, error, apart) = together(slopes);
            writeln!(
                out,
                "{engine:<13} {:>11}  {slope:>5.2} ± {error:.2}     {apart:>5.2}  {}",
                slopes.len(),
                folder.display()
            )?;
        }
    }
    Ok(())
}

/// Returns the mean of slopes by their precision, its standard error, and the standard deviation of the true slopes by the
/// method of moments (DerSimonian and Laird 1986).
fn together(slopes: &[RatioSlope]) -> (f64, f64, f64) {
    let weights: Vec<f64> = slopes.iter().map(|slope| slope.sd.powi(-2)).collect();
    let sum: f64 = weights.iter().sum();
    let weighted = |of: &dyn Fn(&RatioSlope) -> f64| {
        slopes.iter().zip(&weights).map(|(slope, weight)| weight * of(slope)).sum::<f64>()
    };
    let mean = weighted(&|slope| slope.value) / sum;
    let scatter = weighted(&|slope| (slope.value - mean).powi(2));
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    let beyond = (scatter - (slopes.len() - 1) as f64) / (sum - squares / sum);
    (mean, sum.sqrt().recip(), beyond.max(0.0).sqrt())
}
