//! Draws every figure from imagined runs, Burn's of a million samples, the study's own, one of 15
//! patterns and 60 networks, and a history of versions, into the folder given as the first argument, and says how long that took.

#[path = "../tests/imagined/mod.rs"]
mod imagined;
#[path = "../../analysis/tests/history/imagined.rs"]
mod imagined_versions;

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use formbench_analysis::history::VersionHistory;
use formbench_report::Supplement;
use imagined::{Scope, Size};
use imagined_versions::Story;

/// Depths and widths of the study's patterns.
const GRID: [(u32, u32); 6] = [(8, 32), (14, 32), (20, 32), (32, 32), (14, 16), (14, 64)];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args_os().nth(1).map(PathBuf::from).ok_or("give a folder")?;
    // 67 architectures on three engines, 201 cells of 5 rounds: a million samples.
    let burn = imagined::run(&Size { rounds: 5, samples: 1000, noise: 0.3 });
    let size = Size { rounds: 5, samples: 20, noise: 0.05 };
    let paper = imagined::paper(&size, &Scope { grid: &GRID, patterns: 4, networks: 7 });
    let large = imagined::paper(&size, &Scope { grid: &GRID, patterns: 15, networks: 60 });
    let supplement = Supplement::default();
    for (name, run) in [("burn", burn), ("paper", paper), ("large", large)] {
        let begun = Instant::now();
        let files =
            formbench_report::render(&run, &[], &out.join(name), "formbench figures", &supplement)?;
        let took_ms = begun.elapsed().as_millis();
        writeln!(std::io::stdout(), "{name}: {} files in {took_ms} ms", files.len())?;
    }
    for networks in [3, 40] {
        let mut history = VersionHistory::default();
        let slower = Some((3, 2, 1.12));
        let story = Story { seed: 1, networks, runs: 2, rounds: 5, turns: 10, slower };
        imagined_versions::runs(&story).iter().for_each(|run| history.add(run, |_| true));
        let out = out.join(format!("history-{networks}"));
        formbench_report::history(&history, &history.changes(false), &out, "formbench history")?;
    }
    Ok(())
}
