//! Where the time of inferences goes, and how near their operators come to the roof.

use formbench_analysis::Row;
use formbench_protocol::{InferencePart, OperatorClass};
use formbench_store::{CellRow, OperatorRow};

use crate::drawn::{small_paper, table};

const CONVOLUTION: InferencePart = InferencePart::Work(OperatorClass::DenseConvolution);

/// Returns an operator of a class that takes so long, in an inference of 100 ns under a profiler.
fn operator(cell: &str, class: InferencePart, ns: f64, latency_ns: f64) -> OperatorRow {
    OperatorRow {
        cell: cell.to_string(),
        class,
        ns,
        flops: 576,
        profiled_ns: 100.0,
        latency_ns,
        ..OperatorRow::default()
    }
}

#[test]
fn an_inference_is_taken_apart_and_the_rest_of_its_latency_is_between_operators() {
    let mut run = small_paper();
    let key = |label: &str| {
        let is_it =
            |cell: &&CellRow| cell.name == "resnet18" && cell.engine_label().as_str() == label;
        run.cells.values().find(is_it).unwrap().cell.clone()
    };
    let baseline = key("onnxruntime{graph_optimization=disabled}");
    let engine = key("openvino");
    run.operators = vec![
        operator(&baseline, CONVOLUTION, 60.0, 80.0),
        operator(&baseline, InferencePart::Between, 40.0, 80.0),
        operator(&engine, CONVOLUTION, 50.0, 40.0),
        operator(&engine, InferencePart::Own, 50.0, 40.0),
    ];
    let anatomy = table(&run, "speedup-anatomy");
    let row = |row: &Row| (row.group.clone(), row.series.engine.clone(), row.value.round());
    let rows: Vec<_> = anatomy.rows.iter().map(row).collect();
    let expected = [
        // 60 of 80 ns, and the rest; the other engine's 100 ns are scaled to its 40 ns, half of 80.
        ("dense convolution", "onnxruntime", 75.0),
        ("dense convolution", "openvino", 25.0),
        ("the engine\u{2019}s own", "openvino", 25.0),
        ("between operators", "onnxruntime", 25.0),
        ("between operators", "openvino", 0.0),
    ];
    let sorted = |rows: Vec<(String, String, f64)>| {
        let mut rows = rows;
        rows.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        rows
    };
    let expected = expected.map(|(part, engine, value)| (part.into(), engine.into(), value));
    assert_eq!(sorted(rows), sorted(expected.to_vec()));
    // One architecture has no mean.
    assert!(anatomy.rows.iter().all(|row| row.section.as_deref() == Some("resnet18")));
    // Half of the baseline's 80 ns is saved: as much on convolutions, a half more between operators, lost on its own ones.
    let saved = table(&run, "saved-by-kind");
    let rows: Vec<_> = saved.rows.iter().map(row).collect();
    let expected = [("dense convolution", 100.0), ("between operators", 50.0)];
    let expected = expected.into_iter().chain([("the engine\u{2019}s own", -50.0)]);
    let expected: Vec<_> =
        expected.map(|(part, value)| (part.to_string(), "openvino".to_string(), value)).collect();
    assert_eq!(rows, expected);
    assert!(saved.rows.iter().all(|row| !row.has_interval()));
    // 576 FLOPs at 57.6 GFLOP/s are 10 ns, of 50 ns that the operator takes.
    let near = table(&run, "efficiency-by-operator");
    let openvino = near.rows.iter().find(|row| row.series.engine == "openvino").unwrap();
    assert!((openvino.value - 20.0).abs() < 1e-9, "{openvino:?}");
}

#[test]
fn shares_of_what_is_saved_are_not_shown_where_next_to_nothing_is() {
    let mut run = small_paper();
    for cell in run.cells.values() {
        let latency_ns = if cell.engine == "openvino" { 95.0 } else { 100.0 };
        run.operators.push(operator(&cell.cell, CONVOLUTION, 80.0, latency_ns));
    }
    let saved = table(&run, "saved-by-kind");
    assert_eq!(saved.rows, []);
    let why = saved.omitted.unwrap();
    assert!(why.starts_with("no engine saves 10 % of the latency on"), "{why}");
    assert!(saved.reading.contains("Left out, since so little is saved"), "{}", saved.reading);
}
