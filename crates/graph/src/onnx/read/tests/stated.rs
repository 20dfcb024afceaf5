use super::*;
use crate::attributes::inspect;
use crate::onnx::{fix_input, read_stated};

/// A convolution of one channel, an operator that no graph has, and a mean of each plane.
fn with_an_unknown_one() -> ModelProto {
    let nodes = vec![
        node("Relu", "images", "a"),
        node("Mystery", "a", "b"),
        node("GlobalAveragePool", "b", "logits"),
    ];
    let mut file = file(&["1", "3", "8", "8"], &["1", "3", "1", "1"], nodes);
    file.graph.as_mut().unwrap().value_info = vec![info("b", &["1", "3", "4", "4"])];
    file
}

fn counted(stated: &ModelProto) -> Result<Graph, ReadError> {
    let bytes = stated.encode_to_vec();
    read_stated(&fix_input(&bytes, &[1, 3, 8, 8])?, &bytes)
}

#[test]
fn counting_goes_on_behind_an_operator_whose_output_the_file_states() {
    let graph = counted(&with_an_unknown_one()).unwrap();
    let kinds: Vec<&str> = graph.nodes.iter().map(|node| node.operator.kind()).collect();
    assert_eq!(kinds, ["Relu", "Mystery", "GlobalAveragePool"]);
    let counted = inspect(&graph).attributes;
    assert_eq!(counted.uncounted, [("Mystery".to_owned(), 1)].into());
    // Each reads what the one before it writes: 192 floats twice, then 48.
    assert_eq!(counted.bytes_read, 4 * (192 + 192 + 48));
    // 192 comparisons, 48 sums and divisions; of the operator between nothing is known.
    assert_eq!(counted.flops, 192 + 48);
}

#[test]
fn an_operator_whose_output_nothing_states_is_refused_by_name() {
    let mut file = with_an_unknown_one();
    file.graph.as_mut().unwrap().value_info.clear();
    let error = counted(&file).unwrap_err().to_string();
    assert!(error.starts_with("node `mystery`: operator `Mystery` of domain `ai.onnx`"), "{error}");
}

#[test]
fn what_no_graph_has_is_not_written() {
    let error = crate::onnx::encode(&counted(&with_an_unknown_one()).unwrap()).unwrap_err();
    let expected = "node `mystery`: Mystery is not among the operators that graphs have";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn quantised_weights_are_parameters_and_their_bytes_count() {
    let eight_bits = TensorProto {
        name: Some("w".to_owned()),
        dims: vec![2, 3, 1, 1],
        data_type: Some(DataType::Int8.into()),
        raw_data: Some(vec![1_u8, 2, 3, 255, 5, 6].into()),
        ..TensorProto::default()
    };
    let mut scale = ones("s", &[]);
    scale.float_data = vec![0.5];
    let nodes = vec![
        node("QuantizeLinear", "images s", "q"),
        node("DequantizeLinear", "q s", "x"),
        node("DequantizeLinear", "w s", "f"),
        node("Conv", "x f", "logits"),
    ];
    let file = file(&["1", "3", "8", "8"], &["1", "2", "8", "8"], nodes);
    let graph = read(&holding(file, vec![eight_bits, scale])).unwrap();
    let elements: Vec<&str> =
        graph.nodes.iter().map(|node| graph.value(node.output).element.label()).collect();
    assert_eq!(elements, ["u8", "f32", "f32", "f32"]);
    let attributes = inspect(&graph).attributes;
    assert_eq!(attributes.parameters, 6);
    assert_eq!(attributes.macs, 64 * 2 * 3);
    // Six bytes of weights and a scale.
    assert_eq!(attributes.weight_bytes, 6 + 4);
}

#[test]
fn constants_of_other_kinds_are_folded() {
    let half = |data_type: DataType, raw_data: Vec<u8>| TensorProto {
        name: Some("half".to_owned()),
        data_type: Some(data_type.into()),
        raw_data: Some(raw_data.into()),
        ..TensorProto::default()
    };
    for constant in [
        half(DataType::Double, 0.5_f64.to_le_bytes().to_vec()),
        half(DataType::Float16, vec![0x00, 0x38]),
    ] {
        let mut cast = node("Cast", "half", "f");
        cast.attribute.push(AttributeProto {
            name: Some("to".to_owned()),
            i: Some(1),
            ..AttributeProto::default()
        });
        let nodes = vec![cast, node("Mul", "images f", "logits")];
        let file = file(&["1", "3", "8", "8"], &["1", "3", "8", "8"], nodes);
        let graph = read(&holding(file, vec![constant])).unwrap();
        assert_eq!(nodes_of(&graph), ["Mul"]);
        let factor = graph.value(graph.nodes[0].inputs[1]);
        assert_eq!(factor.floats(), Some(vec![0.5]));
    }
}

fn nodes_of(graph: &Graph) -> Vec<&str> {
    graph.nodes.iter().map(|node| node.operator.kind()).collect()
}

#[test]
fn operators_of_older_networks_have_rules() {
    let mut sizes = with("LRN", "images", "a", &[]);
    sizes.attribute.push(AttributeProto {
        name: Some("size".to_owned()),
        i: Some(5),
        ..AttributeProto::default()
    });
    let mut axis = node("ArgMax", "m", "logits");
    axis.attribute.push(AttributeProto {
        name: Some("axis".to_owned()),
        i: Some(1),
        ..AttributeProto::default()
    });
    let nodes = vec![sizes, node("GlobalMaxPool", "a", "m"), axis];
    let graph = read(&file(&["1", "3", "8", "8"], &["1", "1", "1", "1"], nodes)).unwrap();
    assert_eq!(nodes_of(&graph), ["LRN", "ReduceMax", "ArgMax"]);
    let best = graph.value(graph.outputs[0]);
    assert_eq!((best.shape.as_slice(), best.element.label()), (&[1, 1, 1, 1][..], "i64"));
}

#[test]
fn upsampling_of_old_is_resizing() {
    let mut scales = ones("scales", &[4]);
    scales.float_data = vec![1.0, 1.0, 2.0, 2.0];
    let nodes = vec![node("Upsample", "images scales", "logits")];
    let mut file = file(&["1", "3", "8", "8"], &["1", "3", "16", "16"], nodes);
    file.opset_import[0].version = Some(9);
    let graph = read(&holding(file, vec![scales])).unwrap();
    assert_eq!(nodes_of(&graph), ["Resize"]);
    assert_eq!(graph.value(graph.outputs[0]).shape, [1, 3, 16, 16]);
}

#[test]
fn sums_of_many_are_sums_of_two() {
    let nodes = vec![
        node("Relu", "images", "a"),
        node("Sum", "images a images", "b"),
        node("Max", "a b images", "c"),
        node("Sum", "c", "d"),
        node("Relu", "d", "logits"),
    ];
    let graph = read(&file(&["1", "3", "8", "8"], &["1", "3", "8", "8"], nodes)).unwrap();
    assert_eq!(nodes_of(&graph), ["Relu", "Add", "Add", "Max", "Max", "Relu"]);
    // The second of each pair reads what the first gives.
    for at in [2, 4] {
        assert_eq!(graph.nodes[at].inputs[0], graph.nodes[at - 1].output);
    }
}

#[test]
fn exponentials_over_axes_of_one_are_over_the_first() {
    let softmax = vec![node("Softmax", "images", "logits")];
    let of = |sizes: &[&str]| {
        let mut old = file(sizes, sizes, softmax.clone());
        old.opset_import[0].version = Some(9);
        read(&old).map(|graph| format!("{:?}", graph.nodes[0].operator))
    };
    assert_eq!(of(&["1", "10", "1", "1"]).unwrap(), "Softmax { axis: 1 }");
    assert!(of(&["1", "10", "1", "2"]).is_err());
}
