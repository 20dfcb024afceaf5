//! How often a history of imagined versions finds a slow-down that is there, and others that are not.
//!
//! `cargo run --release --example imagined_versions` prints, for several numbers of runs and rounds: in how many of
//! 500 stories of five versions and ten networks a slow-down of 5 % is found, and in how many anything else is.

#[path = "../tests/history/imagined.rs"]
mod imagined;

use std::error::Error;
use std::io::Write;

use formbench_analysis::history::{StepVerdict, VersionHistory};
use imagined::{Story, VERSIONS};

/// Stories of each kind.
const STORIES: u64 = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "runs rounds  found  others  others where nothing changed")?;
    for (runs, rounds) in [(1, 10), (1, 20), (2, 8), (3, 5), (3, 8), (3, 12)] {
        let story =
            Story { seed: 0, networks: 10, runs, rounds, turns: 10, slower: Some((3, 2, 1.05)) };
        let [found, others] = counts(&story);
        let [_, alarms] = counts(&Story { slower: None, ..story });
        let [found, others, alarms] =
            [found, others, alarms].map(|count| 100.0 * count as f64 / STORIES as f64);
        writeln!(out, "{runs:4} {rounds:6} {found:5.1}% {others:6.1}% {alarms:6.1}%")?;
    }
    Ok(())
}

/// Returns in how many stories the slow-down is found, and in how many anything else is.
fn counts(story: &Story) -> [usize; 2] {
    let mut counts = [0; 2];
    for seed in 0..STORIES {
        let mut history = VersionHistory::default();
        let runs = imagined::runs(&Story { seed, ..*story });
        runs.iter().for_each(|run| history.add(run, |_| true));
        let changes = history.changes(false);
        let (mut found, mut others) = (0, 0);
        for step in changes.steps.iter().filter(|step| step.verdict != StepVerdict::NoChangeShown) {
            let is_it = step.architecture == "network-2" && step.to.engine.version == VERSIONS[3];
            if is_it && step.verdict == StepVerdict::Slower { found += 1 } else { others += 1 }
        }
        counts[0] += found.min(1);
        counts[1] += others.min(1);
    }
    counts
}
