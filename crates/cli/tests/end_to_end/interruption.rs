use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use formbench_analysis::rounds::block_key;
use formbench_store::Run;

use crate::fixture::{EXPERIMENT, Project, stderr};

const ROUNDS: usize = 120;
/// Blocks of one round: 3 architectures × 2 engines, 2 blocks each.
const BLOCKS_A_ROUND: usize = 6 * 2;
const BLOCKS: usize = ROUNDS * BLOCKS_A_ROUND;

/// An experiment of seconds of worker starts.
fn long() -> Project {
    of_rounds(ROUNDS)
}

fn of_rounds(rounds: usize) -> Project {
    let latencies = EXPERIMENT.replace("latency_ns: 500000", "latency_ns: \"300000, 400000\"");
    Project::new(&format!("{latencies}budget: {{ rounds: {rounds} }}\n"))
}

/// Every sample as (cell, round, block, place, latency).
fn samples(run: &Run) -> BTreeSet<(String, u32, u32, usize, u64)> {
    let mut samples = BTreeSet::new();
    for (cell, rounds) in &run.latencies {
        for (round, blocks) in rounds {
            for (block, ns) in blocks {
                let places = ns.iter().enumerate();
                samples.extend(
                    places.map(|(at, one)| (cell.clone(), *round, *block, at, one.latency_ns)),
                );
            }
        }
    }
    samples
}

/// Returns how many blocks are kept, without reading them: the run goes on meanwhile.
fn kept(project: &Project) -> usize {
    let runs = std::fs::read_dir(project.path("data/runs")).into_iter().flatten().flatten();
    let kept = runs.filter_map(|run| std::fs::read_dir(run.path().join("samples")).ok());
    let names = kept.flatten().flatten().map(|file| file.file_name());
    names.filter(|name| !name.to_string_lossy().starts_with('.')).count()
}

#[test]
fn fifty_kills_lose_no_acknowledged_sample_and_double_none() {
    kill_and_go_on(50, ROUNDS);
}

#[test]
#[ignore = "takes minutes"]
fn a_thousand_kills_lose_no_acknowledged_sample_and_double_none() {
    kill_and_go_on(1000, 250);
}

/// Kills a run of so many rounds again and again, and lets it end.
fn kill_and_go_on(kills: u64, rounds: usize) {
    let project = of_rounds(rounds);
    let all = rounds * BLOCKS_A_ROUND;
    let mut known = BTreeSet::new();
    let mut grew = 0;
    for kill in 0..kills {
        let before = kept(&project);
        let mut command = quiet(&project);
        wait_for(|| has_plan(&project));
        if kill % 2 == 0 {
            wait_for(|| kept(&project) > before);
        }
        // Moments without order, from the plan or from the first kept block on.
        sleep(Duration::from_millis(kill * 37 % 60));
        let workers = children(command.id());
        command.kill().unwrap();
        command.wait().unwrap();
        // None is left, running or stopped.
        wait_for(|| workers.iter().all(|id| !Path::new("/proc").join(id).exists()));
        grew += u64::from(kept(&project) > before);
        // Each look reads all that is there: fifty are enough to see a loss.
        if kill.is_multiple_of(kills / 50) {
            let now = samples(&project.data());
            let lost: Vec<_> = known.difference(&now).collect();
            assert!(lost.is_empty(), "kill {kill} lost {lost:?}");
            known = now;
        }
    }
    assert!(project.data().blocks.len() < all, "the kills came after the end");
    assert!(
        grew >= kills / 2,
        "only {grew} of {kills} commands had kept anything when they were killed"
    );
    project.done(&["run"]);
    let run = project.data();
    // Each block's samples are there once, with its turns.
    assert_eq!((run.blocks.len(), run.turns.len()), (all, all));
    let end = samples(&run);
    assert!(known.is_subset(&end));
    // Each block is one burst, which ends with the inference that completes 15 ms.
    let mut blocks = BTreeMap::<_, Vec<u64>>::new();
    for (cell, round, block, _, latency_ns) in end {
        blocks.entry((cell, round, block)).or_default().push(latency_ns);
    }
    let is_whole = |burst: &Vec<u64>| {
        let wall_ns: u64 = burst.iter().sum();
        (15_000_000..15_000_000 + burst[burst.len() - 1]).contains(&wall_ns)
    };
    assert_eq!(blocks.values().find(|burst| !is_whole(burst)), None);
}

/// Starts a run that says nothing.
fn quiet(project: &Project) -> std::process::Child {
    project.command(&["run"]).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap()
}

#[test]
fn a_killed_command_takes_its_worker_with_it() {
    let project = Project::new(&EXPERIMENT.replace("latency_ns: 500000", "failure: hang"));
    let mut command = quiet(&project);
    wait_for(|| !children(command.id()).is_empty() && has_plan(&project));
    wait_for(|| !children(command.id()).is_empty());
    let workers = children(command.id());
    command.kill().unwrap();
    command.wait().unwrap();
    wait_for(|| workers.iter().all(|id| !Path::new("/proc").join(id).exists()));
}

#[test]
fn a_killed_command_leaves_no_worker_that_is_stopped() {
    let project = long();
    let mut command = quiet(&project);
    let stopped = |id: &String| {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        status.lines().any(|line| line.starts_with("State:") && line.contains("stopped"))
    };
    // Of two engines one waits for its turn.
    wait_for(|| children(command.id()).iter().any(stopped));
    let workers = children(command.id());
    command.kill().unwrap();
    command.wait().unwrap();
    wait_for(|| workers.iter().all(|id| !Path::new("/proc").join(id).exists()));
}

/// Returns the processes that a process has started, as the kernel lists them.
fn children(process: u32) -> Vec<String> {
    let list = format!("/proc/{process}/task/{process}/children");
    let list = std::fs::read_to_string(list).unwrap_or_default();
    list.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn blocks_of_two_commands_are_not_paired() {
    let project = long();
    let mut command = quiet(&project);
    wait_for(|| has_plan(&project) && project.data().blocks.len() >= 30);
    command.kill().unwrap();
    command.wait().unwrap();
    project.done(&["run"]);
    let run = project.data();
    let sessions: BTreeSet<u64> = run.blocks.iter().map(|block| block.session_unix_ns).collect();
    assert_eq!(sessions.len(), 2);
    for (baseline, accelerated) in compared(&run) {
        let [of_baseline, of_accelerated] = [&baseline, &accelerated]
            .map(|cell| run.blocks_of(cell).iter().map(block_key).collect::<BTreeSet<_>>());
        let pairs = of_baseline.intersection(&of_accelerated).count();
        let torn = torn(&run, [&baseline, &accelerated]);
        // The kill falls between the two sides of one block, or between two blocks.
        assert!(torn <= 1, "{torn} torn blocks");
        assert_eq!(pairs, ROUNDS * 2 - torn);
    }
}

/// Returns each baseline with the cell that is compared with it: the fake engine's 1 ms and others.
fn compared(run: &Run) -> Vec<(String, String)> {
    let of = |slow: bool| {
        run.cells.values().filter(move |cell| cell.options.contains("1000000") == slow)
    };
    let partner = |slow: &formbench_store::CellRow| {
        of(false).find(|fast| fast.architecture() == slow.architecture()).unwrap().cell.clone()
    };
    of(true).map(|slow| (slow.cell.clone(), partner(slow))).collect()
}

/// Returns how many blocks two cells have from different commands.
fn torn(run: &Run, cells: [&str; 2]) -> usize {
    let [ours, theirs] = cells.map(|cell| {
        let blocks = run.blocks.iter().filter(|block| block.cell == cell);
        let sessions = blocks.map(|row| ((row.round, row.block), row.session_unix_ns));
        sessions.collect::<BTreeMap<_, _>>()
    });
    ours.iter().filter(|(block, session)| theirs.get(block) != Some(session)).count()
}

fn has_plan(project: &Project) -> bool {
    let entries = std::fs::read_dir(project.path("data/runs")).into_iter().flatten();
    entries.flatten().any(|entry| entry.path().join("host.parquet").is_file())
}

#[test]
fn an_interrupted_run_keeps_finished_samples_and_goes_on() {
    let project = long();
    let command = project.command(&["run"]).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(|| has_plan(&project) && project.data().blocks.len() >= 20);
    interrupt(command.id());
    let output = command.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(stderr(&output).contains("the same command goes on"), "{}", stderr(&output));
    let before = project.data();
    assert!(!before.blocks.is_empty() && before.blocks.len() < BLOCKS, "{}", before.blocks.len());
    assert!(before.refusals.is_empty(), "an interruption is nobody's failure");
    project.done(&["run"]);
    let after = project.data();
    assert_eq!(after.blocks.len(), BLOCKS);
    assert!(before.blocks.iter().all(|block| after.blocks.contains(block)));
}

/// The name by which a scheduler knows the machine tells machines apart that have all else in common.
#[test]
fn a_run_is_of_one_machine() {
    let project = long();
    let on = |node: &str| {
        let mut command = project.command(&["run"]);
        command.env("SLURMD_NODENAME", node).stderr(Stdio::piped()).stdout(Stdio::null());
        command
    };
    let command = on("n1").spawn().unwrap();
    wait_for(|| has_plan(&project) && kept(&project) >= 20);
    interrupt(command.id());
    command.wait_with_output().unwrap();
    let output = on("n2").output().unwrap();
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("is unfinished, and was begun on another machine"), "{said}");
    let output = on("n1").output().unwrap();
    assert!(stderr(&output).contains("going on with"), "{}", stderr(&output));
    let mut runs: Vec<_> =
        std::fs::read_dir(project.path("data/runs")).unwrap().flatten().collect();
    runs.retain(|run| run.path().is_dir());
    let runs: Vec<Run> = runs.iter().map(|run| Run::read(&run.path()).unwrap()).collect();
    let machines: BTreeSet<_> = runs.iter().map(|run| run.host.machine.clone()).collect();
    assert_eq!((runs.len(), machines.len()), (2, 2));
    assert!(runs.iter().all(|run| run.blocks.len() == BLOCKS));
}

#[test]
fn a_mirror_is_the_run_wherever_the_command_stops() {
    let project = long();
    let mut command = project.command(&["run", "--mirror", "elsewhere"]);
    let command = command.stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    wait_for(|| has_plan(&project) && kept(&project) >= 20);
    interrupt(command.id());
    command.wait_with_output().unwrap();
    let copy = project.path("elsewhere").join(project.run_folder().file_name().unwrap());
    assert_eq!(Run::read(&copy).unwrap(), project.data());
    project.done(&["run", "--mirror", "elsewhere"]);
    let copied = Run::read(&copy).unwrap();
    assert_eq!(copied, project.data());
    assert_eq!(copied.blocks.len(), BLOCKS);
}

#[test]
fn a_second_command_on_the_same_data_says_who_holds_it() {
    let hanging = EXPERIMENT.replace("latency_ns: 500000", "failure: hang");
    let project = Project::new(&hanging);
    let mut first = quiet(&project);
    wait_for(|| has_plan(&project));
    let second = project.run(&["run"]);
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(second.status.code(), Some(6), "{}", stderr(&second));
    assert!(stderr(&second).contains(&format!("process {}", first.id())), "{}", stderr(&second));
}

/// Waits as long as a busy machine may need; only what never happens fails.
fn wait_for(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(60), "nothing happened within 60 s");
        sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_shutdown_that_reaches_the_worker_too_is_nobody_s_failure() {
    let project = Project::new(&EXPERIMENT.replace("latency_ns: 500000", "failure: hang"));
    let command = project.command(&["run"]).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(|| has_plan(&project) && !children(command.id()).is_empty());
    sleep(Duration::from_millis(200));
    for id in children(command.id()).iter().chain([&command.id().to_string()]) {
        // A worker may have ended by itself meanwhile.
        let _ = std::process::Command::new("kill").args(["-TERM", id]).status();
    }
    let output = command.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(project.data().refusals.is_empty());
}

/// Sends what Ctrl-C sends.
fn interrupt(process: u32) {
    let status = std::process::Command::new("kill").args(["-INT", &process.to_string()]).status();
    assert!(status.unwrap().success());
}
