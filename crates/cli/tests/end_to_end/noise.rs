//! What a host is called and how quiet it is said to be; what is said depends on the host, its shape does
//! not.

use crate::fixture::{EXPERIMENT, Project, stderr};

#[test]
fn a_second_is_enough_for_a_verdict() {
    let project = Project::new(EXPERIMENT);
    let printed = project.done(&["doctor", "--noise", "--seconds", "1", "--json"]);
    let seen: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let verdict = seen["verdict"].as_str().unwrap();
    assert!(["quiet", "usable", "noisy"].contains(&verdict), "{printed}");
    // A unit of work is made to take a millisecond at its fastest.
    let p50_ns = seen["work"]["p50_ns"].as_f64().unwrap();
    assert!((0.5e6..50e6).contains(&p50_ns), "{printed}");
    assert!(seen["work"]["p99_ns"].as_f64().unwrap() >= p50_ns);
    let findings = seen["findings"].as_array().unwrap();
    let worst = findings.iter().any(|finding| finding["verdict"] == verdict);
    assert!(worst, "{printed}");
    let loud =
        findings.iter().filter(|one| one["verdict"] == "noisy" || one["verdict"] == "usable");
    assert!(seen["advice"].as_array().unwrap().len() >= loud.count(), "{printed}");
}

#[test]
fn noise_is_a_table_and_needs_no_worker() {
    let project = Project::new(EXPERIMENT);
    let mut command = project.command(&["doctor", "--noise", "--seconds", "1"]);
    let output = command.env("FORMBENCH_WORKER", "/nowhere/worker").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("quiet below") && printed.contains("stolen"), "{printed}");
}

#[test]
fn seconds_are_of_noise_alone() {
    let project = Project::new(EXPERIMENT);
    assert_eq!(project.run(&["doctor", "--seconds", "1"]).status.code(), Some(2));
    assert_eq!(project.run(&["doctor", "--noise", "--seconds", "0"]).status.code(), Some(2));
}

#[test]
fn the_name_of_a_host_is_that_of_its_runs_and_needs_no_worker() {
    let project = Project::new(EXPERIMENT);
    let mut command = project.command(&["doctor", "--name"]);
    let output = command.env("FORMBENCH_WORKER", "/nowhere/worker").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let printed = String::from_utf8(output.stdout).unwrap();
    let json = project.done(&["doctor", "--json"]);
    let seen: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(printed, format!("{}\n", seen["host"].as_str().unwrap()));
}
