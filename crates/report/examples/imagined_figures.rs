//! Draws every figure from an imagined run of a million samples into the folder given as the
//! first argument, and says how long that took.

#[path = "../tests/imagined/mod.rs"]
mod imagined;

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::args_os().nth(1).map(PathBuf::from).ok_or("give a folder")?;
    // 67 architectures on three engines, 201 cells of 5 rounds: a million samples.
    let run = imagined::run(&imagined::Size { rounds: 5, samples: 1000, noise: 0.3 });
    let begun = Instant::now();
    let files = formbench_report::render(&run, &out, "formbench figures")?;
    let took_ms = begun.elapsed().as_millis();
    writeln!(std::io::stdout(), "{} files in {took_ms} ms", files.len())?;
    Ok(())
}
