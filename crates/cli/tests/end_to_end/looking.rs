//! Architectures looked at without being timed.

use crate::fixture::{EXPERIMENT, Project, stderr};

#[test]
fn inspect_prints_operators_and_totals() {
    let project = Project::new(EXPERIMENT);
    let arguments = ["inspect", "plain-d8-w16", "--resolution", "32"];
    let caches = ["--l2-bytes", "1000", "--l3-bytes", "2000"];
    insta::assert_snapshot!(project.done(&[&arguments[..], &caches].concat()));
    let json = project.done(&["inspect", "resnet18", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    // The fake worker's MACs: 224 pixels times the eight letters of the name.
    assert_eq!(value["attributes"]["macs"], 224 * 8);
    assert_eq!(value["layers"][0]["kind"], "Conv");
}

#[test]
fn export_writes_the_file_it_prints() {
    let project = Project::new(EXPERIMENT);
    let printed = project.done(&["export", "residual-d8-w16", "-o", "r.onnx"]);
    assert_eq!(printed, "r.onnx\n");
    assert_eq!(std::fs::read_to_string(project.path("r.onnx")).unwrap(), "residual-d8-w16");
}

#[test]
fn an_unknown_architecture_lists_the_known_ones() {
    let project = Project::new(EXPERIMENT);
    let output = project.run(&["inspect", "resnet19"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "error: unknown architecture `resnet19`; known: resnet18, resnet50, mobilenet-v2; \
                    a pattern takes a depth and a width, as `plain-d8-w32`, `residual-d8-w32`";
    assert!(stderr(&output).starts_with(expected), "{}", stderr(&output));
}

#[test]
fn a_run_keeps_what_its_architectures_cost_and_what_the_machine_can_do() {
    let project = Project::new(EXPERIMENT);
    project.done(&["run"]);
    let run = project.data();
    // Two patterns and a network at one resolution; ten repetitions of two kinds of work.
    assert_eq!(run.attributes.len(), 3);
    assert_eq!(run.rooflines.len(), 20);
    let cell = run.cells.values().find(|cell| cell.name == "resnet18").unwrap();
    assert_eq!(run.attributes_of(cell).unwrap().macs, 32 * 8);
}

#[test]
fn an_architecture_that_cannot_be_looked_at_leaves_the_next_one_its_numbers() {
    let project = Project::new(&EXPERIMENT.replace("resolution: 32", "resolution: 33"));
    let output = project.run(&["run"]);
    assert!(stderr(&output).contains("cannot halve odd images"), "{}", stderr(&output));
    let run = project.data();
    let macs: Vec<u64> = run.attributes.iter().map(|row| row.macs).collect();
    // The plain pattern and the network: 33 pixels times the letters of the name.
    assert_eq!(macs, [33 * 12, 33 * 8]);
}
