//! By how much rounds differ beside how much turns scatter: what intervals of few rounds expect of them.
//!
//! `cargo run --release --example round_spread -- RUN…` prints for each run how many comparisons have several rounds, how much
//! their turns scatter (median standard deviation of the logarithm), by how much their rounds differ beyond what that gives them,
//! and what share that is of the scatter. Some comparisons' rounds differ more than others': the variance of a comparison's
//! rounds is taken to be `(s² + t) · d / χ²(d)`, the prior of a moderated variance (Smyth 2004), where `t` is what the scatter of
//! its turns gives a round. The likeliest `s` and `d` of a grid are printed; `d`, the degrees of freedom, are few where
//! comparisons differ much, and 1 or 47 at the grid's ends.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use formbench_analysis::cells::compared;
use formbench_analysis::{Pairs, read_run};
use formbench_statistics::RoundSpread;
use libm::lgamma;

/// Comparisons of a run, at least.
const LEAST: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "comparisons  turns    rounds beyond  share  freedom  run")?;
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    for folder in &folders {
        let run = read_run(folder)?;
        let pairs = compared(&run).into_values().map(|pair| Pairs::of(&run, pair));
        // Rounds that agree to the last digit have no likelihood.
        let spreads: Vec<RoundSpread> = pairs
            .filter_map(|pairs| RoundSpread::of(&pairs.rounds))
            .filter(|spread| spread.variance > 0.0)
            .collect();
        if spreads.len() < LEAST {
            continue;
        }
        let turns = median(spreads.iter().map(|spread| spread.turn_variance.sqrt()).collect());
        let (rounds, freedom) = fitted(&spreads);
        writeln!(
            out,
            "{:>11}  {:>4.1} %   {:>10.1} %  {:>7.2}  {freedom:>7.1}  {}",
            spreads.len(),
            turns * 100.0,
            rounds * 100.0,
            rounds / turns,
            folder.display()
        )?;
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Returns the standard deviation of rounds and the degrees of freedom under which these spreads are most likely.
fn fitted(spreads: &[RoundSpread]) -> (f64, f64) {
    // Steps of 2 % from 0.1 % on, and of 5 % from one degree on.
    let sds = (0..270).map(|step| 0.001 * 1.02_f64.powi(step));
    let freedoms = || (0..80).map(|step| 1.05_f64.powi(step));
    let all = sds.flat_map(|sd| freedoms().map(move |freedom| (sd, freedom)));
    let likelihood = |&(sd, freedom): &(f64, f64)| -> f64 {
        spreads.iter().map(|spread| log_likelihood(spread, sd, freedom)).sum()
    };
    let likely = |a: &(f64, f64), b: &(f64, f64)| likelihood(a).total_cmp(&likelihood(b));
    all.max_by(likely).unwrap_or_default()
}

/// Returns the logarithm of the density of a spread's variance, which over its expected value has the F distribution; what does
/// not depend on the parameters is left out.
fn log_likelihood(spread: &RoundSpread, sd: f64, freedom: f64) -> f64 {
    let (own, expected) = (f64::from(spread.freedom), sd.powi(2) + spread.by_turns);
    let ratio = own * spread.variance / (freedom * expected);
    let both = (own + freedom) / 2.0;
    lgamma(both) - lgamma(freedom / 2.0) + own / 2.0 * ratio.ln() - both * ratio.ln_1p()
}
