use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use formbench_store::Run;

use crate::fixture::{EXPERIMENT, Project, stderr};

/// An experiment of 3 architectures × 2 engines × 60 rounds × 2 blocks: seconds of worker starts.
fn long() -> Project {
    let latencies = EXPERIMENT.replace("latency_ns: 500000", "latency_ns: \"300000, 400000\"");
    Project::new(&format!("{latencies}budget: {{ rounds: 60 }}\n"))
}

/// Every sample as (cell, round, place, latency).
fn samples(run: &Run) -> Vec<(String, u32, usize, u64)> {
    let cells = run.latencies.iter();
    let rounds = cells.flat_map(|(cell, rounds)| rounds.iter().map(move |(r, ns)| (cell, r, ns)));
    rounds
        .flat_map(|(cell, round, ns)| {
            ns.iter().enumerate().map(move |(place, ns)| (cell.clone(), *round, place, *ns))
        })
        .collect()
}

#[test]
fn fifty_kills_lose_no_acknowledged_sample_and_double_none() {
    let project = long();
    let mut known = Vec::new();
    let mut unfinished = 0;
    for kill in 0..50_u64 {
        let mut command =
            project.command(&["run"]).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        // Moments spread without order between 10 and 89 ms after the start.
        sleep(Duration::from_millis(10 + kill * 37 % 80));
        unfinished += u32::from(command.try_wait().unwrap().is_none());
        command.kill().unwrap();
        command.wait().unwrap();
        if !project.path("data/runs").is_dir() || !has_plan(&project) {
            continue;
        }
        let now = samples(&project.data());
        let lost: Vec<_> = known.iter().filter(|sample| !now.contains(sample)).collect();
        assert!(lost.is_empty(), "kill {kill} lost {lost:?}");
        known = now;
    }
    assert!(unfinished >= 40, "only {unfinished} of 50 kills met a running command");
    project.done(&["run"]);
    let run = project.data();
    // 6 cells × 60 rounds × 2 blocks; each block's samples are there once.
    assert_eq!(run.blocks.len(), 720);
    let end = samples(&run);
    assert!(known.iter().all(|sample| end.contains(sample)));
    // Blocks of 3 × 1 ms, or of 0.3 and 0.4 ms until 1 ms is over: 3 inferences each.
    assert_eq!(end.len(), 720 * 3);
}

fn has_plan(project: &Project) -> bool {
    let entries = std::fs::read_dir(project.path("data/runs")).unwrap();
    entries.flatten().any(|entry| entry.path().join("host.parquet").is_file())
}

#[test]
fn an_interrupted_run_keeps_finished_samples_and_goes_on() {
    let project = long();
    let command = project.command(&["run"]).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(|| project.path("data/runs").is_dir() && has_plan(&project));
    sleep(Duration::from_millis(300));
    interrupt(command.id());
    let output = command.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(stderr(&output).contains("the same command goes on"), "{}", stderr(&output));
    let before = project.data();
    assert!(!before.blocks.is_empty() && before.blocks.len() < 720, "{}", before.blocks.len());
    assert!(before.refusals.is_empty(), "an interruption is nobody's failure");
    project.done(&["run"]);
    let after = project.data();
    assert_eq!(after.blocks.len(), 720);
    assert!(before.blocks.iter().all(|block| after.blocks.contains(block)));
}

#[test]
fn a_second_command_on_the_same_data_says_who_holds_it() {
    let hanging = EXPERIMENT.replace("latency_ns: 500000", "failure: hang");
    let project = Project::new(&hanging);
    let mut first =
        project.command(&["run"]).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    wait_for(|| project.path("data/runs").is_dir() && has_plan(&project));
    let second = project.run(&["run"]);
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(second.status.code(), Some(6), "{}", stderr(&second));
    assert!(stderr(&second).contains(&format!("process {}", first.id())), "{}", stderr(&second));
}

fn wait_for(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(10), "nothing happened within 10 s");
        sleep(Duration::from_millis(5));
    }
}

/// Sends what Ctrl-C sends.
fn interrupt(process: u32) {
    let status = std::process::Command::new("kill").args(["-INT", &process.to_string()]).status();
    assert!(status.unwrap().success());
}
