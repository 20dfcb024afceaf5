//! What is written as an ONNX file is read back as it was.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod draft;
mod every_operator;

use formbench_graph::attributes::inspect;
use formbench_graph::{Graph, onnx};
use formbench_protocol::{Inspection, Layer};

fn read_back(graph: &Graph) -> Graph {
    onnx::read(&onnx::encode(graph).unwrap()).unwrap()
}

/// What a graph costs, without the settings of what another form is written for: windows that reach
/// beyond the image become padding, and the nearest pixel is the same whatever the corners.
fn compared(graph: &Graph) -> Inspection {
    let mut inspection = inspect(graph);
    let rewritten = |layer: &Layer| ["MaxPool", "AveragePool", "Resize"].contains(&&*layer.kind);
    for layer in inspection.layers.iter_mut().filter(|layer| rewritten(layer)) {
        layer.detail.clear();
    }
    inspection
}

#[test]
fn every_operator_costs_what_it_did() {
    let graph = every_operator::graph();
    let again = read_back(&graph);
    let (before, after) = (compared(&graph), compared(&again));
    for (before, after) in before.layers.iter().zip(&after.layers) {
        assert_eq!(before, after);
    }
    assert_eq!(before, after);
}

#[test]
fn names_of_inputs_and_outputs_are_kept() {
    let names = |graph: &Graph| -> Vec<String> {
        let ids = graph.inputs.iter().chain(&graph.outputs);
        ids.map(|id| graph.value(*id).name.clone()).collect()
    };
    let graph = every_operator::graph();
    assert_eq!(names(&read_back(&graph)), names(&graph));
}

#[test]
fn what_was_read_is_written_and_read_as_it_is() {
    let once = read_back(&every_operator::graph());
    let twice = read_back(&once);
    assert_eq!(inspect(&twice), inspect(&once));
    for (once, twice) in once.nodes.iter().zip(&twice.nodes) {
        assert_eq!((&once.name, &once.operator), (&twice.name, &twice.operator));
    }
}

#[test]
fn weights_are_read_back_to_the_last_bit() {
    let graph = every_operator::graph();
    let weights = |graph: &Graph| -> Vec<Option<Vec<f32>>> {
        let convolutions = graph.nodes.iter().filter(|node| node.operator.kind() == "Conv");
        convolutions.flat_map(|node| &node.inputs).map(|id| graph.value(*id).floats()).collect()
    };
    assert_eq!(weights(&read_back(&graph)), weights(&graph));
}
