//! Engines compared on files of one's own, without an experiment.

use crate::fixture::{EXPERIMENT, Project, stderr};

const SLOW: &str = "fake{latency_ns=1000000}";
const FAST: &str = "fake{latency_ns=500000}";

/// Returns a project whose folder has a file; the fake engine does not look at it.
fn project() -> Project {
    let project = Project::new(EXPERIMENT);
    std::fs::write(project.path("own.onnx"), "a model").unwrap();
    project
}

#[test]
fn a_file_is_measured_on_the_engines_and_a_table_and_a_picture_come_out() {
    let project = project();
    let said =
        project.done(&["compare", "own.onnx", "--engine", SLOW, "--engine", FAST, "--over", SLOW]);
    let row = |engine: &str| {
        let rows = said.lines().filter(|line| line.contains(engine));
        rows.map(|line| line.split_whitespace().collect::<Vec<_>>()).next().unwrap()
    };
    assert_eq!(row(SLOW)[..4], ["own.onnx", SLOW, "1", "1.00"]);
    assert_eq!(row(FAST)[..4], ["own.onnx", FAST, "1", "0.500"]);
    assert!(row(FAST).contains(&"2.00"), "{said}");
    let picture = said.lines().find(|line| line.ends_with("network-latency.png")).unwrap();
    assert!(project.path(picture).is_file(), "{said}");
}

#[test]
fn a_comparison_says_what_a_file_costs_and_is_measured_once() {
    let project = project();
    let arguments = ["compare", "own.onnx", "--engine", FAST, "--threads", "1,2", "--json"];
    let output = project.run(&arguments);
    // The fake worker's MACs: pixels times the letters of the name.
    let costs = "own.onnx: batch 1, 224 × 224 pixels: ";
    assert!(stderr(&output).contains(costs), "{}", stderr(&output));
    let unchecked = "own.onnx: unchecked: fake, and no other engine's reading of the file";
    assert_eq!(stderr(&output).matches(unchecked).count(), 1, "{}", stderr(&output));
    let first: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let threads = |value: &serde_json::Value| {
        let cells = value["cells"].as_array().unwrap().iter();
        cells.map(|cell| cell["threads"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(threads(&first), [1, 2]);
    let again: serde_json::Value = serde_json::from_str(&project.done(&arguments)).unwrap();
    assert_eq!(again["run"], first["run"]);
    let fresh = [&arguments[..], &["--fresh"]].concat();
    let fresh: serde_json::Value = serde_json::from_str(&project.done(&fresh)).unwrap();
    assert_ne!(fresh["run"], first["run"]);
}

#[test]
fn two_files_of_one_name_are_told_apart_and_csv_has_a_row_for_each() {
    let project = Project::new(EXPERIMENT);
    for folder in ["a", "b"] {
        std::fs::create_dir(project.path(folder)).unwrap();
        std::fs::write(project.path(folder).join("own.onnx"), folder).unwrap();
    }
    let csv = project.done(&["compare", "a/own.onnx", "b/own.onnx", "--engine", FAST, "--csv"]);
    let mut lines = csv.lines();
    let heads: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = heads.iter().position(|head| *head == "architecture").unwrap();
    let names: Vec<&str> = lines.map(|line| line.split(',').nth(at).unwrap()).collect();
    assert_eq!(names, ["a/own.onnx", "b/own.onnx"]);
}

#[test]
fn what_cannot_be_compared_is_an_error_that_says_why() {
    let project = project();
    let error = |arguments: &[&str]| {
        let output = project.run(&[&["compare"], arguments].concat());
        (output.status.code(), stderr(&output))
    };
    let (code, said) = error(&["none.onnx", "--engine", FAST]);
    assert!(code == Some(1) && said.contains("`none.onnx` is no file"), "{said}");
    let (code, said) = error(&["own.onnx", "--engine", "fact"]);
    assert!(code == Some(1) && said.contains("none of the engines is here"), "{said}");
    let (code, said) = error(&["own.onnx", "--engine", "fake{latency_ns}"]);
    assert!(code == Some(1) && said.contains("expected options as `key=value`"), "{said}");
    let (code, said) = error(&["own.onnx", "--engine", FAST, "--shape", "image=1x3x8x8"]);
    assert!(code == Some(1) && said.contains("no input `image` is there; known: images"), "{said}");
    let (code, said) = error(&["own.onnx", "--engine", FAST, "--shape", "images=1x3"]);
    assert!(code == Some(1) && said.contains("expected 4 sizes, got 2"), "{said}");
    let (code, said) = error(&["own.onnx", "--engine", FAST, "--fill", "images=noise"]);
    assert!(code == Some(2) && said.contains("expected `images`, `uniform`"), "{said}");
    // Every engine refused the file.
    let (code, said) = error(&["own.onnx", "--engine", "fake{failure=refuse}"]);
    assert_eq!(code, Some(1), "{said}");
}

#[test]
fn a_file_is_given_the_tensors_that_are_asked_for() {
    let project = project();
    let arguments = ["compare", "own.onnx", "--engine", FAST, "--json"];
    let asked = ["--shape", "images=2x3x8x12", "--fill", "images=uniform"];
    let output = project.run(&[&arguments[..], &asked].concat());
    let said = stderr(&output);
    assert!(said.contains("own.onnx: filled: images by uniform"), "{said}");
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["cells"][0]["inputs"], "images f32 [2, 3, 8, 12]");
}

/// Returns an array of 32-bit floats as NumPy writes it.
fn array(shape: &str, elements: &[f32]) -> Vec<u8> {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(elements.iter().flat_map(|element| element.to_le_bytes()));
    bytes
}

#[test]
fn an_array_fills_an_input_and_says_how_large_it_is() {
    let project = project();
    std::fs::write(project.path("photo.npy"), array("(1, 3, 1, 2)", &[0.5; 6])).unwrap();
    let arguments =
        ["compare", "own.onnx", "--engine", FAST, "--json", "--fill", "images=photo.npy"];
    let output = project.run(&arguments);
    let said = stderr(&output);
    assert!(said.contains("own.onnx: filled: images by photo.npy"), "{said}");
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["cells"][0]["inputs"], "images f32 [1, 3, 1, 2]");
    let output = project.run(&[&arguments[..], &["--shape", "images=1x3x2x1"]].concat());
    let said = stderr(&output);
    let expected = "`photo.npy` holds f32 [1, 3, 1, 2]; the input is images f32 [1, 3, 2, 1]";
    assert!(output.status.code() == Some(1) && said.contains(expected), "{said}");
    let output = project.run(&["compare", "own.onnx", "--fill", "images=none.npy"]);
    assert!(stderr(&output).contains("`none.npy` cannot be read"), "{}", stderr(&output));
}

#[test]
fn a_file_is_compared_at_several_sizes() {
    let project = project();
    let sizes = ["--shape", "images=1x3x8x8,1x3x8x16"];
    let said = project.done(&[&["compare", "own.onnx", "--engine", FAST], &sizes[..]].concat());
    for inputs in ["images f32 [1, 3, 8, 8]", "images f32 [1, 3, 8, 16]"] {
        assert!(said.contains(&format!("own.onnx, {inputs}")), "{said}");
    }
    let output = project.run(&[&["inspect", "own.onnx"], &sizes[..]].concat());
    let said = stderr(&output);
    let expected = "input images: several shapes are listed; give one, or `formbench compare` the";
    assert!(output.status.code() == Some(1) && said.contains(expected), "{said}");
}
