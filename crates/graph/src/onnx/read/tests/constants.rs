use super::*;

/// The batch is read from the input's shape, and what is left is flattened.
fn chain() -> Vec<NodeProto> {
    vec![
        node("Shape", "images", "shape"),
        with("Gather", "shape first", "batch", &[("axis", &[0])]),
        node("Unsqueeze", "batch axes", "row"),
        with("Concat", "row rest", "wanted", &[("axis", &[0])]),
        node("Reshape", "images wanted", "logits"),
    ]
}

fn scalar(name: &str, number: i64) -> TensorProto {
    TensorProto { dims: Vec::new(), ..integers(name, &[number]) }
}

#[test]
fn a_shape_that_exporters_compute_is_a_constant() {
    let constants = vec![scalar("first", 0), integers("axes", &[0]), integers("rest", &[-1])];
    let file = holding(file(&["2", "3", "8", "8"], &["2", "192"], chain()), constants);
    let graph = read(&file).unwrap();
    assert_eq!(nodes(&graph), [("Reshape", vec![2, 192])]);
    // The input and what comes out: no constant is left.
    assert_eq!(graph.values.len(), 2);
}

#[test]
fn a_constant_node_is_a_constant() {
    let value = AttributeProto {
        name: Some("value".to_owned()),
        t: Some(ones("", &[3, 1, 1])),
        ..AttributeProto::default()
    };
    let constant = NodeProto { attribute: vec![value], input: vec![], ..node("Constant", "", "w") };
    let nodes_of_file = vec![constant, node("Mul", "images w", "logits")];
    let graph = read(&file(&["1", "3", "8", "8"], &["1"], nodes_of_file)).unwrap();
    assert_eq!(nodes(&graph), [("Mul", vec![1, 3, 8, 8])]);
    let weight = graph.value(graph.nodes[0].inputs[1]);
    assert_eq!((weight.name.as_str(), weight.floats()), ("w", Some(vec![1.0; 3])));
}

#[test]
fn what_passes_its_input_on_is_no_node() {
    let steps = vec![
        node("Identity", "images", "same"),
        node("Dropout", "same", "kept mask"),
        node("Relu", "kept", "logits"),
    ];
    let mut file = file(&["1", "3"], &["1", "3"], steps);
    // Nobody reads the mask, which is not made.
    assert_eq!(nodes(&read(&file).unwrap()), [("Relu", vec![1, 3])]);
    file.graph.as_mut().unwrap().node[2].input[0] = "mask".to_owned();
    assert_eq!(error(&file), "node `dropout`: Dropout: gives no `mask` here");
}

#[test]
fn constants_are_cut_joined_and_turned_as_the_operators_say() {
    let rows = TensorProto { dims: vec![2, 3], ..integers("rows", &[1, 2, 3, 4, 5, 6]) };
    let steps = vec![
        with("Transpose", "rows", "columns", &[("perm", &[1, 0])]),
        node("Slice", "columns start end axes step", "cut"),
        with("Concat", "cut rows3", "joined", &[("axis", &[0])]),
        node("Reshape", "joined flat", "shape"),
        node("Expand", "images shape", "logits"),
    ];
    let constants = vec![
        rows,
        integers("start", &[-1]),
        integers("end", &[i64::MIN]),
        integers("axes", &[0]),
        integers("step", &[-2]),
        TensorProto { dims: vec![1, 2], ..integers("rows3", &[7, 8]) },
        integers("flat", &[-1]),
    ];
    let graph = read(&holding(file(&["1"], &["1"], steps), constants)).unwrap();
    // Columns are (1 4) (2 5) (3 6); backwards in steps of two, the last and the first: 3 6 1 4.
    assert_eq!(nodes(&graph), [("Expand", vec![3, 6, 1, 4, 7, 8])]);
}

#[test]
fn integers_divide_towards_zero_and_remainders_have_the_divisor_s_sign() {
    let steps = vec![
        node("Div", "seven minus", "quotient"),
        node("Neg", "quotient", "three"),
        node("Mod", "minus seven", "rest"),
        with("Concat", "three rest", "shape", &[("axis", &[0])]),
        node("Expand", "images shape", "logits"),
    ];
    let constants = vec![integers("seven", &[7]), integers("minus", &[-2])];
    let graph = read(&holding(file(&["1"], &["1"], steps), constants)).unwrap();
    // 7 / −2 is −3; −2 mod 7 is 5.
    assert_eq!(nodes(&graph), [("Expand", vec![3, 5])]);
}

fn float(name: &str, number: f32) -> TensorProto {
    let mut tensor = ones(name, &[1]);
    (tensor.dims, tensor.float_data) = (Vec::new(), vec![number]);
    tensor
}

#[test]
fn a_range_of_floats_counts_as_far_as_its_limit() {
    let of = |start, limit, step| {
        let constants = vec![float("a", start), float("b", limit), float("c", step)];
        let steps = vec![node("Range", "a b c", "r"), node("Mul", "images r", "logits")];
        read(&holding(file(&["2", "1"], &["2", "?"], steps), constants))
            .map(|graph| graph.value(graph.nodes[0].inputs[1]).floats().unwrap())
    };
    assert_eq!(of(0.0, 3.0, 1.0).unwrap(), [0.0, 1.0, 2.0]);
    assert_eq!(of(1.0, 2.25, 0.5).unwrap(), [1.0, 1.5, 2.0]);
    assert_eq!(of(2.0, 0.0, -1.0).unwrap(), [2.0, 1.0]);
    assert!(of(0.0, 1.0, 0.0).is_err() && of(0.0, f32::MAX, 1.0).is_err());
}

#[test]
fn global_pools_are_of_sounds_and_volumes_too() {
    for (kind, sizes) in
        [("GlobalMaxPool", &["1", "4", "9"][..]), ("GlobalAveragePool", &["2", "4", "3", "3", "3"])]
    {
        let graph = read(&file(sizes, &["?"], vec![node(kind, "images", "logits")])).unwrap();
        let value = graph.value(graph.outputs[0]);
        let expected = [&value.shape[..2], &vec![1; sizes.len() - 2]].concat();
        assert_eq!((value.shape.clone(), value.shape[1]), (expected, 4), "{kind}");
        assert!(graph.nodes[0].operator.kind().starts_with("Reduce"), "{kind}");
    }
    let flat = file(&["1", "4"], &["?"], vec![node("GlobalMaxPool", "images", "logits")]);
    assert_eq!(
        error(&flat),
        "node `globalmaxpool`: GlobalMaxPool: its input 0 is [1, 4], expected 3 axes at least"
    );
}
