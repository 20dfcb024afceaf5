use crate::fixture::{EXPERIMENT, PROFILES, Project, stderr};

/// What is replaced in a good experiment, by what, and what the error must say.
const BROKEN: [(&str, &str, &str); 26] = [
    ("question:", "qestion:", "asked.yaml:1:1: unknown experiment key `qestion`"),
    ("question: Is half the latency twice the speed?\n", "", "missing key `question`"),
    ("Is half the latency twice the speed?", "[1, 2]", "asked.yaml:1:11:"),
    ("twice the speed?", "twice the speed", "question"),
    ("[plain, residual]", "[plain, residuall]", "did you mean `residual`?"),
    ("[plain, residual]", "[]", "asked.yaml:3:14:"),
    ("[plain, residual]", "[plain, plain]", "`plain` is listed twice"),
    ("    depth: 8\n", "", "missing key `depth`"),
    ("depth: 8", "depth: 3", "depth"),
    ("depth: 8", "depth: eight", "depth"),
    ("depth: 8", "depth: -8", "depth"),
    ("depth: 8", "depth: 100000", "depth"),
    ("width: 16", "width: 0", "width"),
    ("width: 16", "width: 16.3", "width"),
    ("width: 16", "widht: 16", "did you mean `width`?"),
    ("network: resnet18", "network: resnet19", "did you mean `resnet18`?"),
    ("network: resnet18", "network: resnet18\n    depth: 8", "asked.yaml:7:"),
    ("  - { engine: fake, options: { latency_ns: 500000 } }", "  - fakee", "did you mean `fake`?"),
    ("latency_ns: 500000", "latency: 500000", "unknown fake option `latency`"),
    (
        "baseline: { engine: fake, options: { latency_ns: 1000000 } }\n",
        "",
        "missing key `baseline`",
    ),
    ("resolution: 32", "resolution: 8", "resolution"),
    ("batch: 1", "batch: 0", "batch"),
    ("threads: [1]", "threads: [0]", "threads"),
    ("threads: [1]", "threads: one", "threads"),
    ("network-latency]", "network-latencies]", "did you mean `network-latency`?"),
    ("figures: [", "figures: [[", "asked.yaml:"),
];

/// What is replaced in good profiles.
const BROKEN_PROFILES: [(&str, &str, &str); 5] = [
    ("rounds: 4", "rounds: 0", "rounds"),
    ("rounds: 4", "round: 4", "did you mean `rounds`?"),
    ("limit_s: 20", "limit_s: -1", "limit_s"),
    ("ratio_half_width: 0.02", "ratio_half_width: 2", "ratio_half_width"),
    ("standard: *all", "standrad: *all", "did you mean `standard`?"),
];

fn is_refused(project: &Project, what: &str, expected: &str) {
    let output = project.run(&["run"]);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{what}: {said}");
    assert!(said.starts_with("error: ") && said.contains(expected), "{what}: {said}");
    assert!(!said.contains("panicked"), "{what}: {said}");
    let started = project
        .path("data/runs")
        .read_dir()
        .map_or(0, |entries| entries.flatten().filter(|entry| entry.path().is_dir()).count());
    assert_eq!(started, 0, "{what}: validation comes before anything starts");
}

#[test]
fn thirty_one_broken_files_give_clear_errors_and_exit_code_3() {
    for (found, by, expected) in BROKEN {
        assert!(EXPERIMENT.contains(found), "{found}");
        is_refused(&Project::new(&EXPERIMENT.replacen(found, by, 1)), by, expected);
    }
    for (found, by, expected) in BROKEN_PROFILES {
        assert!(PROFILES.contains(found), "{found}");
        let project = Project::new(EXPERIMENT);
        let profiles = PROFILES.replacen(found, by, 1);
        std::fs::write(project.path("experiments/profiles.yaml"), profiles).unwrap();
        is_refused(&project, by, expected);
    }
}

#[test]
fn a_missing_worker_names_the_command_that_builds_it() {
    let project = Project::new(EXPERIMENT);
    let mut command = project.command(&["plan"]);
    let output = command.env("FORMBENCH_WORKER", "no-such-worker").output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(stderr(&output).contains("cargo build --release"), "{}", stderr(&output));
}

#[test]
fn a_damaged_run_names_the_file() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let samples = project.run_folder().join("samples.parquet");
    let bytes = std::fs::read(&samples).unwrap();
    std::fs::write(&samples, &bytes[..bytes.len() / 2]).unwrap();
    let output = project.run(&["show"]);
    assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
    assert!(stderr(&output).contains("samples.parquet"), "{}", stderr(&output));
}
