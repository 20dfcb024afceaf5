//! A model of one's own, named by the path of its file.

use crate::fixture::{Project, stderr};

const EXPERIMENT: &str = "\
question: How fast is a model of our own?
architectures: [{ onnx: models/own.onnx }]
engines: [fake]
baseline: fake
input: { resolution: 32 }
figures: [network-latency]
";

/// Returns a project whose model has this content; the fake engine does not look at it.
fn project(content: &str) -> Project {
    let project = Project::new(EXPERIMENT);
    std::fs::create_dir_all(project.path("experiments/set/models")).unwrap();
    std::fs::write(project.path("experiments/set/models/own.onnx"), content).unwrap();
    project
}

fn planned_key(project: &Project) -> String {
    let plan: serde_json::Value = serde_json::from_str(&project.done(&["plan", "--json"])).unwrap();
    plan["cells"][0]["key"].as_str().unwrap().to_owned()
}

#[test]
fn a_file_is_measured_under_the_path_that_its_experiment_writes() {
    let project = project("a model");
    project.done(&["run"]);
    let run = project.data();
    let cell = run.cells.values().next().unwrap();
    assert_eq!((cell.kind.label(), cell.name.as_str()), ("file", "models/own.onnx"));
    assert_eq!(cell.architecture(), "models/own.onnx");
    // The fake worker's MACs: 32 pixels times the 15 letters of the path.
    assert_eq!(run.attributes_of(cell).unwrap().macs, 32 * 15);
    assert!(!run.blocks.is_empty() && run.refusals.is_empty());
}

#[test]
fn a_cell_is_the_content_of_its_file_wherever_that_lies() {
    let one = planned_key(&project("a model"));
    assert_eq!(planned_key(&project("a model")), one);
    assert_ne!(planned_key(&project("another model")), one);
}

#[test]
fn a_missing_file_is_an_error_of_the_experiment() {
    let output = Project::new(EXPERIMENT).run(&["plan"]);
    assert_eq!(output.status.code(), Some(3));
    let expected = "error: experiments/set/asked.yaml:2:25: onnx: `models/own.onnx` cannot be read: \
                    No such file or directory";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
}
