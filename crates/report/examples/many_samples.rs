//! A hundred million samples of 5 000 cells: `many_samples write DIR` imagines a run and writes it,
//! `many_samples draw DIR` reads it, computes every statistic and draws every figure, and says how long
//! that took and how much memory.

#[expect(dead_code, reason = "only the study's own half is imagined here")]
#[path = "../tests/imagined/mod.rs"]
mod imagined;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use formbench_analysis::{BlockLatency, Run, TurnLatency, read_run};
use formbench_report::{Supplement, render};
use formbench_store::{BlockRow, RunFolder, Sample};
use imagined::{Scope, Size};

/// Rounds of a cell, of which each has four blocks.
const ROUNDS: u32 = 5;
/// Samples of a round.
const SAMPLES: usize = 4_000;
/// Depths of the patterns, each at six widths.
const DEPTHS: [u32; 5] = [8, 14, 20, 32, 44];

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let mut arguments = std::env::args_os().skip(1);
    let what = arguments.next().ok_or("say `write` or `draw`")?;
    let folder = arguments.next().map(PathBuf::from).ok_or("give a folder")?;
    match what.to_str() {
        Some("write") => write(&folder),
        Some("draw") => draw(&folder),
        _ => Err("say `write` or `draw`".into()),
    }
}

fn write(folder: &Path) -> Outcome {
    let grid: Vec<(u32, u32)> =
        DEPTHS.iter().flat_map(|&depth| (1..=6).map(move |n| (depth, 8 * n))).collect();
    let size = Size { rounds: ROUNDS, samples: SAMPLES, noise: 0.05 };
    let run = imagined::paper(&size, &Scope { grid: &grid, patterns: 15, networks: 40 });
    std::fs::create_dir_all(folder)?;
    let to = RunFolder::open(folder)?;
    let cells: Vec<_> = run.cells.values().cloned().collect();
    to.write_plan(&run.host, &run.experiments, &run.members, &cells)?;
    to.write_attributes(&run.attributes)?;
    to.write_rooflines(&run.rooflines)?;
    to.write_measured(blocks(&run))?;
    let samples = run.latencies.len() * ROUNDS as usize * SAMPLES;
    Ok(writeln!(std::io::stdout(), "{} cells, {samples} samples", run.latencies.len())?)
}

/// Returns every block with as many samples as it states, around the medians of its turns.
fn blocks(run: &Run) -> impl Iterator<Item = (BlockRow, Vec<Sample>)> {
    let rounds = run.latencies.iter().flat_map(|(cell, rounds)| {
        rounds.iter().map(move |(round, blocks)| (cell, *round, blocks))
    });
    rounds.flat_map(|(cell, round, blocks)| {
        blocks.iter().map(move |(block, latency)| {
            let samples = samples(latency);
            let wall_ns = samples.iter().map(|sample| sample.latency_ns).sum();
            let row = BlockRow {
                cell: cell.clone(),
                round,
                block: *block,
                wall_ns,
                cpu_ns: wall_ns,
                ..BlockRow::default()
            };
            (row, samples)
        })
    })
}

/// Returns samples that differ by up to a hundredth from the median of their turn, as incompressible as real
/// ones; a turn has one more than count.
fn samples(latency: &BlockLatency) -> Vec<Sample> {
    let of_turn = |turn: &TurnLatency| {
        let mut state = turn.median_ns as u64 | 1;
        let mut share = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as f64 / (1_u64 << 31) as f64 - 0.5
        };
        let TurnLatency { turn, median_ns, samples, .. } = *turn;
        let latency_ns = move || (median_ns * (1.0 + 0.02 * share())) as u64;
        std::iter::repeat_with(latency_ns)
            .take(samples + 1)
            .map(move |latency_ns| Sample { turn: Some(turn), latency_ns })
    };
    latency.turns.iter().flat_map(of_turn).collect()
}

fn draw(folder: &Path) -> Outcome {
    let begun = Instant::now();
    let run = read_run(folder)?;
    let read_s = begun.elapsed().as_secs_f64();
    let files =
        render(&run, &[], &folder.join("figures"), "formbench figures", &Supplement::default())?;
    let (count, all_s) = (files.len(), begun.elapsed().as_secs_f64());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    Ok(writeln!(
        std::io::stdout(),
        "read in {read_s:.1} s, {count} files after {all_s:.1} s; {peak}"
    )?)
}
