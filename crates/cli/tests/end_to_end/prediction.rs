//! What is predicted of a plan, before and after its cells were measured here.

use serde_json::Value;

use crate::fixture::{EXPERIMENT, Project, stderr};

/// Returns what `plan --json` says.
fn plan(project: &Project, more: &[&str]) -> Value {
    let arguments = [&["plan", "--json"][..], more].concat();
    serde_json::from_str(&project.done(&arguments)).unwrap()
}

#[test]
fn a_plan_knows_the_cells_that_ran_here_before() {
    let project = Project::new(EXPERIMENT);
    let before = plan(&project, &[]);
    assert_eq!(before["earlier_runs"], 0);
    assert_eq!(before["sources"], serde_json::json!({ "seen": 0, "scaled": 0, "bounded": 6 }));
    assert!(project.done(&["plan"]).contains("no earlier run on this host"));
    // Four of the six cells are of a pattern.
    project.done(&["run", "-a", "plain", "-a", "residual"]);
    let after = plan(&project, &[]);
    assert_eq!(after["earlier_runs"], 1);
    assert_eq!(after["sources"], serde_json::json!({ "seen": 4, "scaled": 2, "bounded": 0 }));
    // Four rounds of two blocks of six cells, as far as bytes per block are whole.
    assert!(after["kept_bytes"].as_u64().unwrap() >= 48);
    assert!(project.done(&["plan"]).contains("4 cells seen before, 2 scaled"));
}

#[test]
fn a_budget_says_how_many_cells_it_is_enough_for() {
    let project = Project::new(EXPERIMENT);
    assert_eq!(plan(&project, &[])["measured_within_budget"], Value::Null);
    // Groups of two cells: the first one starts whatever it takes.
    assert_eq!(plan(&project, &["--budget", "1ms"])["measured_within_budget"], 2);
    assert_eq!(plan(&project, &["--budget", "1h"])["measured_within_budget"], 6);
    let printed = project.done(&["plan", "--budget", "1h"]);
    assert!(printed.contains("a budget of 1h measures 6 of 6 cells at all"), "{printed}");
}

#[test]
fn a_run_says_how_far_off_its_prediction_was() {
    let project = Project::new(EXPERIMENT);
    let output = project.run(&["run", "--json"]);
    let text = stderr(&output);
    assert!(text.contains("the least rounds took "), "{text}");
    let first: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(first["time"]["basis"], "least-rounds");
    assert!(first["time"]["predicted_s"].as_f64().unwrap() > 0.0);
    // The second command finds everything measured.
    let again: Value = serde_json::from_str(&project.done(&["run", "--json"])).unwrap();
    assert_eq!(again["time"], Value::Null);
    let limited = project.done(&["run", "--json", "--fresh", "--budget", "1h"]);
    let limited: Value = serde_json::from_str(&limited).unwrap();
    assert_eq!(limited["time"]["basis"], "budget");
    assert_eq!(limited["time"]["predicted_s"], 3600.0);
    assert!(limited["time"]["off"].as_f64().unwrap() < 0.0);
}

#[test]
fn how_wrong_predictions_are_is_said_of_a_run_that_was_profiled() {
    let project = Project::new(EXPERIMENT);
    let run = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/networks/amd-epyc-zen4-2core");
    let said = project.done(&["predict", "--errors", "--engine", "openvino", "--run", run]);
    let rows: Vec<&str> =
        said.lines().filter(|line| line.trim_start().starts_with("openvino ")).collect();
    assert!(rows.len() >= 30, "{said}");
    assert!(rows.iter().any(|row| row.contains("darts-v2") && row.contains(" darts ")), "{said}");
    let whole = said.lines().filter(|line| line.contains("within 20 %")).collect::<Vec<_>>();
    assert!(whole.len() == 1 && whole[0].starts_with("openvino: "), "{said}");
    let json =
        project.done(&["predict", "--errors", "--engine", "openvino", "--run", run, "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let methods: Vec<&str> =
        json.as_array().unwrap().iter().map(|one| one["method"].as_str().unwrap()).collect();
    assert_eq!(methods.len(), 4, "{methods:?}");
    let nothing = stderr(&project.run(&["predict", "--errors"]));
    assert!(nothing.contains("formbench profile"), "{nothing}");
    let unasked = stderr(&project.run(&["predict"]));
    assert!(unasked.contains("<ARCHITECTURE>"), "{unasked}");
}
