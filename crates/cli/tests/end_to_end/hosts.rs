//! Hosts side by side: a run of this host, and the same numbers as another one's.

use std::path::PathBuf;

use formbench_store::{CellRow, HostRow, RunFolder};
use serde_json::Value;

use crate::fixture::{EXPERIMENT, Project, stderr};

/// Writes the project's run once more beside its runs, as of another host, and returns the folder.
fn as_of_other_host(project: &Project) -> PathBuf {
    let run = project.data();
    let reference = project.path("data/reference");
    let folder = RunFolder::create(&reference, "2026-01-02", "other").unwrap();
    let (name, fingerprint) = (folder.name().to_owned(), "of another".to_owned());
    let host = HostRow { run: name, host: "other".to_owned(), fingerprint, ..run.host.clone() };
    let cells: Vec<CellRow> = run.cells.values().cloned().collect();
    folder.write_plan(&host, &run.experiments, &run.members, &cells).unwrap();
    let measured =
        run.blocks.iter().map(|block| (block.clone(), run.latencies_of(block).unwrap().clone()));
    folder.write_measured(measured).unwrap();
    folder.path().to_owned()
}

fn two_hosts() -> (Project, PathBuf) {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let other = as_of_other_host(&project);
    (project, other)
}

#[test]
fn hosts_of_all_runs_stand_side_by_side() {
    let (project, _) = two_hosts();
    let printed = project.done(&["hosts", "-o", "out"]);
    let title = "Over fake{latency_ns=1000000} (simulated), 1 thread: several hosts have 3\u{a0}comparisons";
    assert!(printed.contains(title), "{printed}");
    assert!(printed.contains("other") && printed.contains("3\u{a0}architectures"), "{printed}");
    assert!(printed.contains("intervals need 5"), "{printed}");
    assert!(printed.trim_end().ends_with("out/README.md"), "{printed}");
    let folder = project.path("out/over-fake-latency-ns-1000000-simulated-1-thread");
    assert!(folder.join("speedup-across-hosts.png").is_file());
    // Three architectures make no rank correlation.
    assert!(!folder.join("agreement-of-hosts.png").exists());
    let page = std::fs::read_to_string(project.path("out/README.md")).unwrap();
    assert!(page.contains("**agreement-of-hosts** is not drawn: no two hosts have five"), "{page}");
    // Half the latency is twice the speed on both.
    assert_eq!(page.matches("2.00 [").count(), 6, "{page}");
}

#[test]
fn the_same_runs_make_the_same_bytes() {
    let (project, _) = two_hosts();
    let once = || {
        let printed = project.done(&["hosts", "-o", "out"]);
        let files = printed.lines().filter(|line| line.starts_with("out/"));
        let read = |file: &str| (file.to_owned(), std::fs::read(project.path(file)).unwrap());
        files.map(read).collect::<Vec<_>>()
    };
    let files = once();
    assert_eq!(files.len(), 5);
    assert_eq!(files, once());
}

#[test]
fn numbers_are_printed_as_json_and_can_be_narrowed() {
    let (project, _) = two_hosts();
    let json = project.done(&["hosts", "-o", "out", "--json", "-a", "plain"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let spreads = json["side_by_side"]["families"][0]["spreads"].as_array().unwrap();
    assert_eq!(spreads.len(), 1);
    let spread = &spreads[0];
    assert_eq!(
        (&spread["architecture"], &spread["engine"]),
        (&"plain-d8-w16".into(), &"fake{latency_ns=500000} (simulated)".into())
    );
    assert!((spread["median"].as_f64().unwrap() - 2.0).abs() < 1e-9);
    let page = std::fs::read_to_string(project.path("out/README.md")).unwrap();
    assert!(page.contains("`formbench hosts -o out -a plain`"), "{page}");
}

#[test]
fn a_damaged_run_is_passed_over_unless_it_was_named() {
    let (project, other) = two_hosts();
    std::fs::write(other.join("samples.parquet"), b"nothing").unwrap();
    let output = project.run(&["hosts", "-o", "out"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("passing over "), "{}", stderr(&output));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("no two hosts share a comparison"), "{text}");
    let output = project.run(&["hosts", other.to_str().unwrap(), "-o", "out"]);
    assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
}

#[test]
fn without_a_run_hosts_say_what_to_do() {
    let project = Project::new(EXPERIMENT);
    let output = project.run(&["hosts"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("run `formbench run`"), "{}", stderr(&output));
}
