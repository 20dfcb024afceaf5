use std::sync::Arc;

use burn::tensor::TensorData;

use super::schema::{ModelProto, NodeProto};
use super::*;
use crate::{Element, Node, Operator, OperatorPadding, PoolOperator, Unary, Value, ValueId};

#[test]
fn a_file_has_the_graph_its_constants_and_every_shape() {
    let clip = Operator::Clip { low: 0.0, high: 6.0 };
    let model = decoded(&graph(&[(Operator::MatMul, 2), (clip, 1)]));
    assert_eq!((model.ir_version, model.opset_import[0].version), (Some(8), Some(17)));
    assert_eq!(model.producer_name.as_deref(), Some("formbench"));
    let content = model.graph.unwrap();
    let kinds: Vec<_> = content.node.iter().map(|node| node.op_type.as_deref().unwrap()).collect();
    assert_eq!(kinds, ["MatMul", "Clip"]);
    assert_eq!(content.node[0].input, ["x", "w"]);
    assert_eq!(content.node[1].input, ["value_0", "node_1/min", "node_1/max"]);
    // The graph's own constant, then the bounds, without axes; 6 is 0x40c00000, low byte first.
    let [weight, min, max] = content.initializer.try_into().unwrap();
    assert_eq!((weight.name.as_deref(), weight.dims.as_slice()), (Some("w"), &[2, 2][..]));
    assert_eq!((min.dims.len(), max.dims.len()), (0, 0));
    assert_eq!(max.raw_data.unwrap().as_ref(), [0x00, 0x00, 0xc0, 0x40]);
    let names = [content.input, content.value_info, content.output]
        .map(|infos| infos.into_iter().map(|info| info.name.unwrap()).collect::<Vec<_>>());
    assert_eq!(names, [vec!["x"], vec!["value_0"], vec!["value_1"]]);
}

#[test]
fn the_same_graph_gives_the_same_bytes() {
    let build = || graph(&[(Operator::MatMul, 2), (Operator::Reshape, 1)]);
    assert_eq!(encode(&build()).unwrap(), encode(&build()).unwrap());
}

#[test]
fn an_infinite_bound_and_an_unused_constant_are_left_out() {
    let clip = Operator::Clip { low: f32::NEG_INFINITY, high: 6.0 };
    let content = decoded(&graph(&[(clip, 1)])).graph.unwrap();
    // The lower bound is left out by an empty name, and `w` is read by nobody.
    assert_eq!(content.node[0].input, ["x", "", "node_0/max"]);
    assert_eq!(content.initializer.len(), 1);
    let clip = Operator::Clip { low: 0.0, high: f32::INFINITY };
    assert_eq!(only_node(&graph(&[(clip, 1)])).input, ["x", "node_0/min"]);
}

#[test]
fn a_setting_does_not_take_the_name_of_a_value() {
    let mut graph = graph(&[(Operator::Reshape, 1)]);
    graph.values[1].name = "node_0/shape".to_owned();
    assert_eq!(only_node(&graph).input, ["x", "node_0/shape_2"]);
}

#[test]
fn a_window_beyond_the_input_becomes_padding() {
    // 5 columns in steps of 2: windows of 2 at 0, 2 and 4, of which the last needs a sixth.
    let pool = pool(2, 2);
    let content = only_node(&image(Operator::MaxPool(pool), 5, 3));
    assert_eq!(ints(&content, "pads"), [0, 0, 1, 1]);
    // What is beyond the input never counts in a mean.
    let mean = Operator::AveragePool { pool, count_include_pad: true };
    let content = only_node(&image(mean, 5, 3));
    assert_eq!(ints(&content, "pads"), [0, 0, 1, 1]);
    let counts = content.attribute.iter().find(|a| a.name.as_deref() == Some("count_include_pad"));
    assert_eq!(counts.unwrap().i, Some(0));
}

#[test]
fn windows_without_an_onnx_form_are_refused() {
    let padding = OperatorPadding { top: 1, left: 1, bottom: 1, right: 1 };
    let padded = PoolOperator { padding, ..pool(2, 2) };
    let dilated = PoolOperator { dilation: [2, 2], ceil: false, ..pool(2, 1) };
    let mean = |pool| Operator::AveragePool { pool, count_include_pad: true };
    let cases = [
        // With padding 7 columns: four windows of 2 in steps of 2 end at 8; in steps of 3 the third
        // starts at 6, which is padding.
        (image(mean(padded), 5, 4), "its mean counts padding"),
        (image(mean(dilated), 5, 3), "windows with gaps"),
        (image(Operator::MaxPool(PoolOperator { padding, ..pool(2, 3) }), 5, 3), "wholly outside"),
    ];
    for (graph, reason) in cases {
        let error = encode(&graph).unwrap_err().to_string();
        assert!(error.contains("`node_0`") && error.contains(reason), "{error}");
    }
}

#[test]
fn a_node_with_too_few_inputs_is_refused_by_name() {
    let transpose_b = false;
    let cases = [
        (graph(&[(Operator::MatMul, 1)]), "`node_0`: MatMul reads 2 values, got 1"),
        (graph(&[(Operator::Gemm { transpose_b }, 1)]), "Gemm reads 2 to 3 values, got 1"),
        (graph(&[(Operator::Concat { axis: 0 }, 0)]), "Concat reads 1 or more values, got 0"),
    ];
    for (graph, expected) in cases {
        let error = encode(&graph).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn two_values_of_one_name_are_refused() {
    let mut graph = graph(&[(Operator::Unary(Unary::Relu), 1)]);
    graph.values[2].name = "x".to_owned();
    assert!(encode(&graph).unwrap_err().to_string().contains("`x`"));
}

#[test]
fn a_constant_whose_bytes_are_not_its_shape_is_refused() {
    let mut graph = graph(&[(Operator::MatMul, 2)]);
    graph.values[1].shape = vec![2, 3];
    let error = encode(&graph).unwrap_err().to_string();
    assert!(error.contains("`w`") && error.contains("in 24 bytes expected, got f32 in 16"));
}

#[test]
fn a_file_over_the_limit_is_refused_with_its_size() {
    let graph = graph(&[(Operator::MatMul, 2)]);
    let bytes = encode(&graph).unwrap().len() as u64;
    assert!(encode_within(&graph, bytes).is_ok());
    let error = encode_within(&graph, bytes - 1).unwrap_err();
    assert!(matches!(error, OnnxError::TooLarge { bytes: size } if size == bytes));
}

#[test]
fn a_file_is_replaced_and_nothing_else_is_left_in_its_folder() {
    let folder = std::env::temp_dir().join(format!("formbench-onnx-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("x.onnx");
    fs::write(&path, "old").unwrap();
    let graph = graph(&[(Operator::MatMul, 2)]);
    write(&graph, &path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), encode(&graph).unwrap());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    let missing = folder.join("missing/x.onnx");
    let error = write(&graph, &missing).unwrap_err().to_string();
    assert!(error.contains("missing/x.onnx"), "{error}");
    fs::remove_dir_all(&folder).unwrap();
}

/// Nodes one after the other on `x`, `[2, 2]`; those that read two values have `w` as the second.
fn graph(operators: &[(Operator, usize)]) -> Graph {
    let weights = Arc::new(TensorData::new(vec![1.0f32, 2.0, 3.0, 4.0], [2, 2]));
    let mut graph = Graph {
        values: vec![value("x", &[2, 2]), value("w", &[2, 2])],
        inputs: vec![ValueId(0)],
        ..Graph::default()
    };
    graph.values[1].constant = Some(weights);
    let mut last = ValueId(0);
    for (index, (operator, reads)) in operators.iter().enumerate() {
        graph.values.push(value(&format!("value_{index}"), &[2, 2]));
        let output = ValueId(graph.values.len() - 1);
        let inputs = [last, ValueId(1)][..*reads].to_vec();
        let name = format!("node_{index}");
        graph.nodes.push(Node { name, operator: operator.clone(), inputs, output });
        last = output;
    }
    graph.outputs = vec![last];
    graph
}

/// One node that makes an image of another size.
fn image(operator: Operator, from: usize, to: usize) -> Graph {
    let mut graph = graph(&[(operator, 1)]);
    graph.values[0].shape = vec![1, 1, from, from];
    graph.values[2].shape = vec![1, 1, to, to];
    graph
}

fn value(name: &str, shape: &[usize]) -> Value {
    let (name, shape) = (name.to_owned(), shape.to_vec());
    Value { name, shape, element: Element::F32, constant: None }
}

fn pool(size: usize, stride: usize) -> PoolOperator {
    let padding = OperatorPadding::default();
    PoolOperator { kernel: [size; 2], stride: [stride; 2], padding, dilation: [1; 2], ceil: true }
}

fn decoded(graph: &Graph) -> ModelProto {
    ModelProto::decode(encode(graph).unwrap().as_slice()).unwrap()
}

fn only_node(graph: &Graph) -> NodeProto {
    decoded(graph).graph.unwrap().node.remove(0)
}

fn ints(node: &NodeProto, name: &str) -> Vec<i64> {
    let attribute = node.attribute.iter().find(|a| a.name.as_deref() == Some(name));
    attribute.unwrap().ints.clone()
}
