use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use formbench_store::{Run, RunFolder};

use crate::cluster::Cluster;
use crate::fixture::{EXPERIMENT, Project, fake_worker, stderr};

/// Rounds of 6 cells, 2 blocks each: a run takes a quarter of a minute.
const ROUNDS: usize = 60;
const BLOCKS: usize = ROUNDS * 6 * 2;

fn project() -> Project {
    let latencies = EXPERIMENT.replace("latency_ns: 500000", "latency_ns: \"300000, 400000\"");
    Project::new(&format!("{latencies}budget: {{ rounds: {ROUNDS} }}\n"))
}

/// What submits jobs of one kind.
fn submit(runs: &str) -> Vec<&str> {
    let of = ["fleet", "submit", "--node-kind", "epyc", "--time", "10m", "--licence", "CC-BY-4.0"];
    of.into_iter().chain(["--runs", runs]).collect()
}

fn on(cluster: &Cluster, project: &Project, arguments: &[&str]) -> Output {
    cluster.with(project.command(arguments)).output().unwrap()
}

fn done_on(cluster: &Cluster, project: &Project, arguments: &[&str]) -> String {
    let output = on(cluster, project, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the number that Slurm gave a job.
fn number(project: &Project, job: &str) -> String {
    let numbers = std::fs::read_to_string(project.path("fleet").join(job).join("numbers")).unwrap();
    numbers.lines().last().unwrap().to_owned()
}

/// Returns the folders of runs in a folder.
fn runs(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut runs: Vec<_> = entries.map(|entry| entry.path()).collect();
    runs.retain(|path| path.join("host.parquet").is_file());
    runs.sort();
    runs
}

/// Returns how many blocks the runs of that number of a day have on a node's disk, at most.
fn blocks_on(cluster: &Cluster, node: &str, number: u32) -> usize {
    let places = std::fs::read_dir(cluster.scratch()).unwrap().flatten();
    let of_node =
        places.filter(|place| place.file_name().to_string_lossy().contains(&format!("-{node}-")));
    let runs = of_node.flat_map(|place| runs(&place.path().join("runs")));
    let runs = runs.filter(|run| run.to_string_lossy().ends_with(&format!("-{number}")));
    let blocks = runs.map(|run| RunFolder::open(&run).and_then(|run| run.acknowledged()));
    blocks.map(|blocks| blocks.map_or(0, |blocks| blocks.len())).max().unwrap_or(0)
}

/// A run is whole if every block is there once, with its samples, from one machine.
fn assert_whole(run: &Run) {
    let places: BTreeSet<_> =
        run.blocks.iter().map(|row| (&row.cell, row.round, row.block)).collect();
    assert_eq!((run.blocks.len(), places.len()), (BLOCKS, BLOCKS));
    assert!(run.host.machine.is_some());
    assert!(run.blocks.iter().all(|row| run.latencies_of(row).is_some_and(|of| !of.is_empty())));
    assert!(run.refusals.is_empty(), "{:?}", run.refusals);
}

/// Two nodes of one feature and four jobs: one is killed, one loses its node. The node comes back, the killed job is
/// submitted again.
#[test]
fn four_jobs_on_slurm_are_whole_whatever_happens_to_them() {
    let Some(cluster) = Cluster::start() else { return };
    let project = project();
    let printed = done_on(&cluster, &project, &submit("4"));
    assert_eq!(printed.lines().count(), 4, "{printed}");
    cluster.wait("both nodes measure", || {
        ["n1", "n2"].iter().all(|node| blocks_on(&cluster, node, 1) > 20)
    });
    let killed = cluster.running_on("n2").pop().unwrap();
    cluster.kill_job(&killed, "n2");
    let lost = cluster.running_on("n1").pop().unwrap();
    cluster.crash("n1");
    cluster.wait("the lost job waits again", || {
        let state = cluster.asked("squeue", &["--noheader", "--format=%T", "--jobs", &lost]);
        ["PENDING", "RUNNING"].contains(&state.as_str())
    });
    cluster.revive("n1");
    cluster.drain();

    let output = on(&cluster, &project, &["fleet", "collect"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}{}", stderr(&output));
    assert!(said.contains("killed, or n2 died"), "{said}");
    assert_eq!(said.matches("done").count(), 3, "{said}");
    assert_eq!(runs(&project.path("data/added")).len(), 3);

    // The same command goes on: with what is not done.
    let again = done_on(&cluster, &project, &submit("4"));
    assert_eq!(again.lines().count(), 1, "{again}");
    cluster.drain();
    let said = done_on(&cluster, &project, &["fleet", "collect"]);
    assert_eq!(said.matches("done").count(), 4, "{said}");
    let whole: Vec<Run> =
        runs(&project.path("data/added")).iter().map(|run| Run::read(run).unwrap()).collect();
    assert_eq!(whole.len(), 4);
    whole.iter().for_each(assert_whole);
    // What was begun on n1 and went on elsewhere is another run: no run has samples of two machines.
    let machines: BTreeSet<_> = whole.iter().map(|run| run.host.machine.clone()).collect();
    assert!(!machines.is_empty() && machines.len() <= 2, "{machines:?}");
    done_on(&cluster, &project, &["fleet", "collect"]);
    assert_eq!(runs(&project.path("data/added")).len(), 4, "a pack is added once");
}

/// A job that is cancelled brings its run back; on the same node it goes on, on another one it begins anew.
#[test]
fn a_cancelled_job_brings_its_run_back() {
    let Some(cluster) = Cluster::start() else { return };
    let project = project();
    let on_node = |node: &'static str| {
        let mut arguments = submit("1");
        arguments.push(if node == "n1" {
            "--sbatch=--nodelist=n1"
        } else {
            "--sbatch=--nodelist=n2"
        });
        arguments
    };
    done_on(&cluster, &project, &on_node("n1"));
    cluster.wait("n1 measures", || blocks_on(&cluster, "n1", 1) > 20);
    let refused = on(&cluster, &project, &on_node("n1"));
    assert!(stderr(&refused).contains("is running still"), "{}", stderr(&refused));
    let cancelled = Instant::now();
    cluster.asked("scancel", &[&number(&project, "epyc")]);
    cluster.drain();
    assert!(cancelled.elapsed() < Duration::from_secs(30), "{:?}", cancelled.elapsed());
    let copies = runs(&project.path("fleet/epyc/runs"));
    let [copy] = copies.as_slice() else { panic!("{copies:?}") };
    let before = Run::read(copy).unwrap();
    assert!(before.blocks.len() > 20 && before.blocks.len() < BLOCKS, "{}", before.blocks.len());
    assert!(before.refusals.is_empty(), "a cancelled job is nobody's failure");
    assert_eq!(
        std::fs::read_dir(cluster.scratch()).unwrap().count(),
        0,
        "nothing is left on the node"
    );
    let said = on(&cluster, &project, &["fleet", "collect"]);
    assert!(String::from_utf8_lossy(&said.stdout).contains("stopped on n1, and saved"));

    // Elsewhere: the copy stays as it is, and another run begins.
    done_on(&cluster, &project, &on_node("n2"));
    cluster.wait("n2 measures", || blocks_on(&cluster, "n2", 2) > 20);
    cluster.asked("scancel", &[&number(&project, "epyc")]);
    cluster.drain();
    assert_eq!(Run::read(copy).unwrap(), before);
    let copies = runs(&project.path("fleet/epyc/runs"));
    assert_eq!(copies.len(), 2, "{copies:?}");

    // On the same node again: the first run goes on.
    done_on(&cluster, &project, &on_node("n1"));
    cluster.drain();
    done_on(&cluster, &project, &["fleet", "collect"]);
    let added = runs(&project.path("data/added"));
    assert_eq!(added.len(), 1, "{added:?}");
    let whole = Run::read(&added[0]).unwrap();
    assert_whole(&whole);
    assert!(
        before.blocks.iter().all(|block| whole.blocks.contains(block)),
        "what was there is kept"
    );
}

/// Where Slurm is not installed, or is another scheduler's machine.
#[test]
fn without_slurm_fleet_names_what_is_missing_and_the_script_runs_by_itself() {
    let project = project();
    let mut command = project.command(&submit("1"));
    let output = command.env("PATH", "/nonexistent").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("`sbatch` is not here: "), "{}", stderr(&output));
    assert!(stderr(&output).contains("formbench fleet script"), "{}", stderr(&output));

    let mut arguments = submit("1");
    arguments[7] = "CC-BY";
    let output = project.run(&arguments);
    assert_eq!(output.status.code(), Some(2), "a licence that is none is found before measuring");
    assert!(!project.path("fleet").exists());

    let mut arguments = submit("1");
    arguments[1] = "script";
    std::fs::write(project.path("job.sh"), project.done(&arguments)).unwrap();
    std::fs::create_dir_all(project.path("fleet/epyc")).unwrap();
    std::fs::copy(project.path("job.sh"), project.path("fleet/epyc/job.sh")).unwrap();
    let mut bash = std::process::Command::new("bash");
    bash.arg(project.path("job.sh"))
        .env("TMPDIR", project.path(""))
        .env("FORMBENCH_WORKER", fake_worker());
    let output = bash.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let mut collect = project.command(&["fleet", "collect"]);
    let output = collect.env("PATH", "/usr/bin:/bin:/nonexistent").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let added = runs(&project.path("data/added"));
    assert_eq!(added.len(), 1, "{added:?}");
    assert_whole(&Run::read(&added[0]).unwrap());
}
