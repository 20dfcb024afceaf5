//! ONNX's own checker, its reference and ONNX Runtime on a file with every operator.
//!
//! Needs a Python with `onnx` and `onnxruntime`: the one that `FORMBENCH_PYTHON` names, that of
//! `make engines`, or the system's. Without one, the test says so and passes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod draft;
mod every_operator;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use burn::nn::transformer::{TransformerEncoderConfig, TransformerEncoderInput};
use burn::tensor::module::{avg_pool2d, conv_transpose2d, interpolate, max_pool2d};
use burn::tensor::ops::{ConvTransposeOptions, InterpolateMode, InterpolateOptions};
use burn::tensor::{Tensor, TensorData};
use every_operator::IMAGE;
use formbench_graph::{Graph, GraphRecorder, Recording, onnx};

/// What does not depend on a recording's input is computed at once, by burn-ndarray.
type Image = Tensor<Recording, 4>;

#[test]
fn every_operator_passes_the_checker_and_computes_what_burn_does() {
    let Some(python) = python() else { return };
    let graph = every_operator::graph();
    let computed = check(&python, &graph);
    let recorder = GraphRecorder::new();
    let image = Image::from_data(TensorData::new(pixels(), IMAGE), recorder.device());
    let floats = |name: &str| TensorData::new(constant(&graph, name), [4, 3, 3, 3]);
    let filters = Image::from_data(floats("ConvTranspose"), recorder.device());
    let transposed = ConvTransposeOptions::new([2, 2], [1, 1], [1, 0], [1, 1], 2);
    let pool = ([3, 2], [2, 2]);
    let expected = [
        ("ConvTranspose", conv_transpose2d(image.clone(), filters, None, transposed)),
        ("MaxPool", max_pool2d(image.clone(), pool.0, pool.1, [0, 0], [1, 1], true)),
        ("AveragePool", avg_pool2d(image.clone(), pool.0, pool.1, [0, 0], true, true)),
        ("AveragePool", avg_pool2d(image.clone(), [3, 2], [1, 1], [1, 1], true, false)),
    ];
    let resized = [InterpolateMode::Nearest, InterpolateMode::Bilinear, InterpolateMode::Bicubic]
        .into_iter()
        .flat_map(|mode| [false, true].map(|corners| (mode.clone(), corners)))
        .map(|(mode, corners)| {
            let options = InterpolateOptions::new(mode).with_align_corners(corners);
            ("Resize", interpolate(image.clone(), [9, 4], options))
        });
    let expected: Vec<_> = expected.into_iter().chain(resized).collect();
    let mut found = BTreeMap::new();
    for (kind, tensor) in expected {
        let of_kind = found.entry(kind).or_insert_with(|| outputs(&graph, kind).into_iter());
        let name = of_kind.next().unwrap();
        close(&name, &computed[&name], &tensor.into_data().to_vec::<f32>().unwrap());
    }
}

#[test]
fn slopes_are_one_for_each_channel() {
    let Some(python) = python() else { return };
    let graph = every_operator::graph();
    let name = outputs(&graph, "PRelu").remove(0);
    // A channel has 36 pixels; negative ones are multiplied by its slope.
    let slopes = constant(&graph, "PRelu");
    let expected = pixels().into_iter().enumerate();
    let expected: Vec<f32> =
        expected.map(|(index, x)| if x > 0.0 { x } else { slopes[index / 36] * x }).collect();
    close(&name, &check(&python, &graph)[&name], &expected);
}

#[test]
fn a_transformer_of_plain_burn_passes_the_checker_and_computes_what_burn_does() {
    let Some(python) = python() else { return };
    let recorder = GraphRecorder::new();
    let config = TransformerEncoderConfig::new(16, 32, 4, 2).with_dropout(0.0);
    let encoder = config.with_norm_first(true).init::<Recording>(recorder.device());
    recorder.name_module(&encoder);
    let encode = |tokens| encoder.forward(TransformerEncoderInput::new(tokens));
    // As many numbers as the image has.
    let shape = [1, 9, 16];
    let tokens = Tensor::from_data(TensorData::new(pixels(), shape), recorder.device());
    let expected = encode(tokens).into_data().to_vec::<f32>().unwrap();
    let graph = recorder.record("tokens", shape, "encoded", encode).unwrap();
    let count = |kind| outputs(&graph, kind).len();
    // Two layers, each with attention, two norms, and six linear layers.
    assert_eq!(
        [count("Softmax"), count("LayerNormalization"), count("MatMul")],
        [2, 4, 2 * (6 + 2)]
    );
    close("encoded", &check(&python, &graph)["encoded"], &expected);
}

/// Returns what ONNX Runtime computes of each output.
fn check(python: &str, graph: &Graph) -> BTreeMap<String, Vec<f64>> {
    // Tests run at once: each has its own files.
    let test = std::thread::current().name().unwrap().to_owned();
    let [model, image] = ["onnx", "image"]
        .map(|kind| Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.{kind}")));
    onnx::write(graph, &model).unwrap();
    let bytes: Vec<u8> = pixels().into_iter().flat_map(f32::to_le_bytes).collect();
    std::fs::write(&image, bytes).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/onnx_checker.py");
    let output = Command::new(python).arg(script).args([&model, &image]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// From −1 to 1 in steps that no comparison with 0.25 misses.
fn pixels() -> Vec<f32> {
    (0..IMAGE.iter().product::<usize>()).map(|index| (index * 7 % 17) as f32 / 8.0 - 1.0).collect()
}

fn outputs(graph: &Graph, kind: &str) -> Vec<String> {
    let nodes = graph.nodes.iter().filter(|node| node.operator.kind() == kind);
    nodes.map(|node| graph.value(node.output).name.clone()).collect()
}

/// The last input of the first node of a kind.
fn constant(graph: &Graph, kind: &str) -> Vec<f32> {
    let node = graph.nodes.iter().find(|node| node.operator.kind() == kind).unwrap();
    graph.value(*node.inputs.last().unwrap()).floats().unwrap()
}

fn close(name: &str, found: &[f64], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (found - f64::from(*expected)).abs();
        assert!(difference < 1e-4, "{name} at {index}: expected {expected}, got {found}");
    }
}

/// The first Python that can import what the check needs.
#[expect(clippy::print_stderr, reason = "a check that did not happen is said")]
fn python() -> Option<String> {
    let engines = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.engines/bin/python");
    let named = std::env::var("FORMBENCH_PYTHON").ok();
    let candidates = named.into_iter().chain([engines.to_owned(), "python3".to_owned()]);
    let able = |python: &String| {
        let import = Command::new(python).args(["-c", "import numpy, onnx, onnxruntime"]).output();
        import.is_ok_and(|output| output.status.success())
    };
    let found = candidates.into_iter().find(able);
    if found.is_none() {
        eprintln!("skipped: no Python imports onnx and onnxruntime; set FORMBENCH_PYTHON to one");
    }
    found
}
