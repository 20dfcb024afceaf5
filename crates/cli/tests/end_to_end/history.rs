//! A history of imagined versions, written as runs are and read by the command.

use std::path::{Path, PathBuf};

use formbench_analysis::Run;
use formbench_store::{BlockKey, BlockRow, CellRow, RunFolder, Sample, Turn};
use serde_json::Value;

use crate::fixture::{EXPERIMENT, Project, stderr};
use crate::imagined::{self, Story, VERSIONS};

/// Two runs of each of five versions; the fourth makes the second of two networks 5 % slower.
const STORY: Story =
    Story { seed: 1, networks: 2, runs: 2, rounds: 8, turns: 10, slower: Some((3, 1, 1.05)) };

/// How long the probe takes where nobody disturbs it, in registers and from memory.
const QUIET_NS: [u64; 2] = [300_000, 500_000];

/// Returns a project with the runs of a story below `data/runs`, the first of them committed.
fn told(story: &Story) -> Project {
    let project = Project::new(EXPERIMENT);
    for (at, run) in imagined::runs(story).iter().enumerate() {
        let parent = if at == 0 { "data/networks" } else { "data/runs" };
        let folder = project.path(parent).join(&run.host.run);
        std::fs::create_dir_all(&folder).unwrap();
        write(run, &folder);
    }
    project
}

/// Writes a run as a campaign does.
fn write(run: &Run, path: &Path) {
    let folder = RunFolder::open(path).unwrap();
    let cells: Vec<CellRow> = run.cells.values().cloned().collect();
    folder.write_plan(&run.host, &run.experiments, &run.members, &cells).unwrap();
    for (cell, rounds) in &run.latencies {
        for (&round, blocks) in rounds {
            for (&block, latency) in blocks {
                let row = BlockRow { cell: cell.clone(), round, block, ..BlockRow::default() };
                let turn = |turn| Turn {
                    turn,
                    before_ns: QUIET_NS,
                    after_ns: QUIET_NS,
                    ..Turn::default()
                };
                let turns: Vec<Turn> = latency.turns.iter().map(|of| turn(of.turn)).collect();
                // The first of a burst does not count.
                let samples = latency.turns.iter().flat_map(|of| {
                    let latency_ns = of.median_ns as u64;
                    [2 * latency_ns, latency_ns, latency_ns]
                        .map(|latency_ns| Sample { turn: Some(of.turn), latency_ns })
                });
                folder.append_turns(&BlockKey::from(&row), &turns).unwrap();
                folder.append_block(&row, &samples.collect::<Vec<_>>()).unwrap();
            }
        }
    }
    folder.compact().unwrap();
}

/// Returns the steps that JSON says are changes.
fn changed(json: &Value) -> Vec<&Value> {
    let steps = json["steps"].as_array().unwrap();
    steps.iter().filter(|step| step["verdict"] != "no-change-shown").collect()
}

fn file(project: &Project, path: &str) -> String {
    std::fs::read_to_string(project.path(path)).unwrap()
}

#[test]
fn one_slow_down_is_found_printed_and_ends_with_10() {
    let project = told(&STORY);
    let json: Value = serde_json::from_str(&project.done(&["history", "--json"])).unwrap();
    // Four steps of two networks; every run is read, the committed one too.
    assert_eq!((json["runs"].as_u64(), json["steps"].as_array().unwrap().len()), (Some(10), 8));
    let found = changed(&json);
    assert_eq!(found.len(), 1, "{found:#?}");
    let (step, quiet) = (found[0], "quiet-speed-up");
    assert_eq!(
        [&step["architecture"], &step["verdict"], &step["by"]],
        ["network-1", "slower", quiet]
    );
    assert_eq!(step["to"]["engine"]["version"], VERSIONS[3]);
    assert_eq!(json["cells"][0]["points"].as_array().unwrap().len(), 10);

    let printed = project.done(&["history"]);
    let lines: Vec<&str> = printed.lines().filter(|line| line.contains("slower")).collect();
    assert!(lines.len() == 2 && lines[1].contains("1 slower, 0 faster"), "{printed}");
    let parts = ["openvino", "network-1, 224 × 224 pixels, 1 thread", "2026.4.1", "2026.9.0"];
    assert!(parts.iter().all(|part| lines[0].contains(part)), "{printed}");
    assert!(lines[0].contains("speed-up over pytorch 2.9.1+cu128"), "{printed}");

    let code = |arguments: &[&str]| {
        let output = project.run(&[&["history"][..], arguments].concat());
        assert!(!String::from_utf8_lossy(&output.stdout).is_empty(), "{}", stderr(&output));
        output.status.code()
    };
    assert_eq!(code(&["--fail-above", "3%"]), Some(10));
    assert_eq!(code(&["--fail-above", "30%"]), Some(0));
    // The last step made nothing slower, nor did any of the other network.
    assert_eq!(code(&["--fail-above", "3%", "--latest"]), Some(0));
    assert_eq!(code(&["--fail-above", "3%", "-a", "network-0"]), Some(0));
}

#[test]
fn junit_has_a_case_for_each_step_and_one_failure() {
    let project = told(&STORY);
    let output = project.run(&["history", "--junit", "out/history.xml", "--fail-above", "3%"]);
    assert_eq!(output.status.code(), Some(10), "{}", stderr(&output));
    let xml = file(&project, "out/history.xml");
    let report = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert_eq!((report.tests, report.failures, report.errors), (8, 1, 0));
    let [suite] = report.test_suites.as_slice() else { panic!("{xml}") };
    assert_eq!((suite.name.as_str(), suite.test_cases.len()), ("openvino on nowhere", 8));
    let failed: Vec<_> = suite.test_cases.iter().filter(|case| is_failure(case)).collect();
    let name = "network-1, 224 × 224 pixels, 1 thread: 2026.4.1 → 2026.9.0";
    assert!(failed.len() == 1 && failed[0].name.as_str() == name, "{xml}");
    assert!(xml.contains("at most 3.0\u{a0}% is allowed"), "{xml}");
    // A higher limit lets it pass.
    project.done(&["history", "--junit", "out/lax.xml", "--fail-above", "30%"]);
    assert!(file(&project, "out/lax.xml").contains("failures=\"0\""));
}

fn is_failure(case: &quick_junit::TestCase) -> bool {
    matches!(case.status, quick_junit::TestCaseStatus::NonSuccess { .. })
}

#[test]
fn figure_and_page_are_written_and_a_function_of_the_runs() {
    let project = told(&Story { runs: 1, ..STORY });
    let printed = project.done(&["history", "-o", "out"]);
    for name in ["history.svg", "history.png", "README.md"] {
        assert!(project.path("out").join(name).is_file() && printed.contains(name), "{printed}");
    }
    let page = file(&project, "out/README.md");
    assert!(page.contains("`formbench history -o out`") && page.contains("history.png"), "{page}");
    assert!(page.matches("| nowhere | openvino |").count() >= 8, "{page}");
    let drawn = file(&project, "out/history.svg");
    project.done(&["history", "-o", "out"]);
    assert_eq!((file(&project, "out/README.md"), file(&project, "out/history.svg")), (page, drawn));
}

#[test]
fn runs_that_are_named_are_all_that_counts() {
    let project = told(&Story { runs: 1, ..STORY });
    let folder = |day: usize| format!("data/runs/2026-01-0{day}-nowhere-1");
    let arguments = ["history", "--json", &folder(4), &folder(5)];
    let json: Value = serde_json::from_str(&project.done(&arguments)).unwrap();
    assert_eq!((json["runs"].as_u64(), json["steps"].as_array().unwrap().len()), (Some(2), 2));
    let output = project.run(&["history", "data/runs/nothing"]);
    assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
}

#[test]
fn a_damaged_run_is_passed_over_and_said() {
    let project = told(&Story { runs: 1, ..STORY });
    let damaged: PathBuf = project.path("data/runs/2026-01-05-nowhere-1/samples.parquet");
    std::fs::write(damaged, "no table").unwrap();
    let output = project.run(&["history", "--json"]);
    assert!(
        stderr(&output).contains("passing over data/runs/2026-01-05-nowhere-1"),
        "{}",
        stderr(&output)
    );
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["runs"], 4);
}

#[test]
fn without_two_versions_it_says_what_to_do() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let output = project.run(&["history", "--fail-above", "3%", "--junit", "history.xml"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("measure again after an upgrade"), "{}", stderr(&output));
    assert!(file(&project, "history.xml").contains("tests=\"0\""));
    let output = project.run(&["history", "--fail-above", "3"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("expected a percentage, as `3%`"), "{}", stderr(&output));
}
