//! A writer killed with SIGKILL, again and again, on one folder.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, io, thread};

use formbench_store::{Run, RunFolder, Sample};

use crate::fixture::{CELLS, block, planned_run, samples};

/// Tells this test's own executable to write into a run's folder until it is killed.
const WRITE: &str = "FORMBENCH_TEST_WRITES";

/// Starts of the writer, each killed a little later than the one before.
const KILLS: u64 = 25;

#[test]
fn an_acknowledged_block_survives_every_kill_once() {
    if let Some(folder) = env::var_os(WRITE) {
        write_until_killed(Path::new(&folder));
    }
    let runs = tempfile::tempdir().unwrap();
    let run = planned_run(runs.path());
    let mut acknowledged = BTreeSet::new();
    for kill in 0..KILLS {
        let mut writer = start_writer(run.path());
        thread::sleep(Duration::from_millis(20 + 3 * kill));
        writer.kill().unwrap();
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines().map(Result::unwrap);
        acknowledged
            .extend(lines.filter_map(|line| line.strip_prefix("ack ")?.parse::<u32>().ok()));
        writer.wait().unwrap();
        check(&run, &acknowledged);
    }
    assert!(!acknowledged.is_empty());
    run.compact().unwrap();
    check(&run, &acknowledged);
}

/// Asserts that every acknowledged block is there, and every block there is whole and once.
fn check(run: &RunFolder, acknowledged: &BTreeSet<u32>) {
    let read = Run::read(run.path()).unwrap();
    let blocks: Vec<u32> = read.blocks.iter().map(|row| row.block).collect();
    assert!(acknowledged.iter().all(|block| blocks.contains(block)));
    // At most one block per kill was durable before its writer could say so.
    assert!(blocks.len() <= acknowledged.len() + KILLS as usize);
    let expected: BTreeMap<u32, Vec<Sample>> =
        blocks.iter().map(|&block| (block, samples(0, block))).collect();
    let got = read.latencies.get(CELLS[0]).map(|rounds| rounds[&0].clone());
    assert_eq!(got.unwrap_or_default(), expected);
}

/// Goes on where the last writer was killed, compacting every few blocks.
fn write_until_killed(folder: &Path) {
    let run = RunFolder::open(folder).unwrap();
    let next = run.acknowledged().unwrap().last().map_or(0, |key| key.block + 1);
    for number in next.. {
        run.append_block(&block(CELLS[0], 0, number), &samples(0, number)).unwrap();
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "\nack {number}").unwrap();
        if number % 4 == 3 {
            run.compact().unwrap();
        }
    }
}

fn start_writer(folder: &Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "kill::an_acknowledged_block_survives_every_kill_once", "--nocapture"])
        .env(WRITE, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}
