//! A million samples over 2,000 blocks: time to append, compact and read, and memory of reading.
#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]
#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::time::Instant;
use std::{env, fs, process};

use formbench_store::{BlockRow, HostRow, Run, RunFolder, Sample};

/// Cells × rounds × blocks of a round × samples of a block: 2,000 blocks, 1,000,000 samples.
const CELLS: u64 = 40;
const ROUNDS: u32 = 5;
const BLOCKS: u32 = 10;
const SAMPLES: u64 = 500;

/// Tells this executable to do nothing but read the run in a folder.
const READ: &str = "FORMBENCH_BENCH_READS";

fn main() {
    if let Some(folder) = env::var_os(READ) {
        return read(&RunFolder::open(folder.as_ref()).unwrap());
    }
    let runs = tempfile::tempdir().unwrap();
    let run = RunFolder::create(runs.path(), "2026-11-23", "bench").unwrap();
    run.write_plan(&host(), &[], &[], &[]).unwrap();
    let start = Instant::now();
    append(&run);
    println!("append   {:8.2} ms per block", start.elapsed().as_secs_f64() * 1e3 / 2e3);
    read_in_a_process("parts", &run);
    let start = Instant::now();
    run.compact().unwrap();
    println!("compact  {:8.2} s", start.elapsed().as_secs_f64());
    let bytes = fs::metadata(run.path().join("samples.parquet")).unwrap().len();
    println!("samples  {:8.2} MB", bytes as f64 / 1e6);
    read_in_a_process("compacted", &run);
}

fn append(run: &RunFolder) {
    let mut state = 1;
    for index in 0..CELLS {
        let cell = format!("{:016x}", index.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for round in 0..ROUNDS {
            for number in 0..BLOCKS {
                let latencies_ns = latencies_ns(&mut state).into_iter();
                let samples: Vec<Sample> =
                    latencies_ns.map(|latency_ns| Sample { turn: Some(0), latency_ns }).collect();
                run.append_block(&block(&cell, round, number), &samples).unwrap();
            }
        }
    }
}

/// Returns latencies of 5 ms and up to 0.26 ms of noise, so incompressible as real ones are.
fn latencies_ns(state: &mut u64) -> Vec<u64> {
    let mut noise_ns = || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        *state >> 46
    };
    (0..SAMPLES).map(|_| 5_000_000 + noise_ns()).collect()
}

/// Reads in a process of its own, whose memory is the reader's.
fn read_in_a_process(state: &str, run: &RunFolder) {
    println!("read     {state}:");
    let executable = env::current_exe().unwrap();
    let status = process::Command::new(executable).env(READ, run.path()).status().unwrap();
    assert!(status.success());
}

fn read(run: &RunFolder) {
    let start = Instant::now();
    let read = Run::read(run.path()).unwrap();
    println!("         {:8.2} s", start.elapsed().as_secs_f64());
    let samples: usize = read
        .latencies
        .values()
        .flat_map(|rounds| rounds.values())
        .flat_map(|blocks| blocks.values())
        .map(Vec::len)
        .sum();
    assert_eq!(samples as u64, CELLS * u64::from(ROUNDS * BLOCKS) * SAMPLES);
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("         {line}");
    }
}

fn block(cell: &str, round: u32, block: u32) -> BlockRow {
    BlockRow { cell: cell.into(), round, block, ..BlockRow::default() }
}

fn host() -> HostRow {
    HostRow { run: "bench".into(), ..HostRow::default() }
}
