//! Draws every figure from imagined runs, Burn's of a million samples, the study's own, and one of 15
//! patterns and 60 networks, into the folder given as the first argument, and says how long that took.

#[path = "../tests/imagined/mod.rs"]
mod imagined;

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use formbench_report::Supplement;
use imagined::{Scope, Size};

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
    Ok(())
}
