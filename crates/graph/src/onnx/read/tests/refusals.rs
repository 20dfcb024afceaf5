use super::*;

const IMAGES: [&str; 4] = ["1", "3", "8", "8"];

fn one(node: NodeProto) -> ModelProto {
    file(&IMAGES, &["1", "3"], vec![node])
}

#[test]
fn a_custom_operator_is_named_with_its_domain_and_node() {
    let custom = node("NMS", "images", "logits");
    let file = one(NodeProto { domain: Some("my.ops".to_owned()), ..custom });
    assert_eq!(
        error(&file),
        "node `nms`: operator `NMS` of domain `my.ops` is a custom one; export the model with \
         ONNX's own operators alone"
    );
}

#[test]
fn an_operator_outside_the_table_is_named() {
    assert_eq!(
        error(&one(node("Einsum", "images", "logits"))),
        "node `einsum`: operator `Einsum` of domain `ai.onnx` is not among those that graphs have; \
         `crates/graph/README.md` lists them"
    );
    // Without a name, a node is called by kind and place.
    let nameless = NodeProto { name: None, ..node("Einsum", "images", "logits") };
    assert!(error(&one(nameless)).starts_with("node `Einsum_0`: "));
}

#[test]
fn constants_in_another_file_are_refused_with_the_way_to_embed_them() {
    let location = ("location", "model.onnx.data");
    let entry = crate::onnx::schema::EntryProto {
        key: Some(location.0.to_owned()),
        value: Some(location.1.to_owned()),
    };
    let external =
        TensorProto { data_location: Some(1), external_data: vec![entry], ..ones("w", &[0]) };
    let file = holding(one(node("Add", "images w", "logits")), vec![external]);
    assert_eq!(
        error(&file),
        "constant `w` lies in another file, `model.onnx.data`; embed it: in Python, \
         `onnx.save(onnx.load(\"model.onnx\"), \"embedded.onnx\")`"
    );
}

#[test]
fn other_opsets_are_refused() {
    for (version, found) in [(6, "opset 6"), (23, "opset 23")] {
        let file =
            ModelProto { graph: one(node("Relu", "images", "logits")).graph, ..of_opset(version) };
        assert_eq!(
            error(&file),
            format!(
                "operators of {found}, expected 7 to 22; convert the file with \
                 `onnx.version_converter`"
            )
        );
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let error = super::super::read(b"not a model").unwrap_err().to_string();
    assert!(error.starts_with("not an ONNX file: "), "{error}");
    let error = super::super::read(b"").unwrap_err().to_string();
    assert_eq!(error, "not an ONNX file: there is no graph in it");
}

#[test]
fn an_open_input_is_refused() {
    let nodes = vec![node("Relu", "images", "logits")];
    assert_eq!(
        error(&file(&["batch", "3"], &["batch", "3"], nodes)),
        "input `images` is [batch, 3], expected a shape of fixed sizes; give it one by \
         `onnx::fix_input`"
    );
}

#[test]
fn a_value_that_nothing_writes_is_named() {
    assert_eq!(
        error(&one(node("Add", "images ghost", "logits"))),
        "value `ghost` is read, and nothing before writes it"
    );
    let twice = vec![node("Relu", "images", "logits"), node("Abs", "images", "logits")];
    assert_eq!(error(&file(&IMAGES, &["1"], twice)), "value `logits` is written twice");
}

#[test]
fn a_constant_of_other_elements_is_an_error_only_where_it_is_read() {
    let half = TensorProto { data_type: Some(16), ..ones("w", &[2]) };
    let unread = holding(one(node("Relu", "images", "logits")), vec![half.clone()]);
    assert!(read(&unread).is_ok());
    assert_eq!(
        error(&holding(one(node("Add", "images w", "logits")), vec![half])),
        "constant `w`: holds bf16, expected f32, f16, f64, i64, i32, i8, u8 or bool"
    );
    let short = TensorProto { float_data: vec![1.0], ..ones("w", &[2]) };
    assert_eq!(
        error(&holding(one(node("Add", "images w", "logits")), vec![short])),
        "constant `w`: has 1 elements, expected those of [2]"
    );
}

#[test]
fn forms_that_no_graph_has_are_named() {
    let cases = [
        (
            with(
                "BatchNormalization",
                "images images images images images",
                "logits",
                &[("training_mode", &[1])],
            ),
            "node `batchnormalization`: BatchNormalization: its `training_mode` is 1, expected 0",
        ),
        (
            with("MaxPool", "images", "largest logits", &[("kernel_shape", &[2, 2])]),
            "node `maxpool`: MaxPool: gives no `logits` here",
        ),
        (
            with("MaxPool", "images", "logits", &[("kernel_shape", &[9, 2])]),
            "node `maxpool`: MaxPool: its window is larger than its input",
        ),
        (
            with("Transpose", "images", "logits", &[("perm", &[0, 1, 1, 2])]),
            "node `transpose`: Transpose: its `perm` is [0, 1, 1, 2]",
        ),
        (
            with("Concat", "images images", "logits", &[("axis", &[4])]),
            "node `concat`: Concat: has no axis 4 among 4",
        ),
        (
            node("Gemm", "images images", "logits"),
            "node `gemm`: Gemm: its input 0 is [1, 3, 8, 8], expected 2 axes",
        ),
        (
            node("Reshape", "images images", "logits"),
            "node `reshape`: Reshape: its input `images` is computed from the images",
        ),
    ];
    for (node, expected) in cases {
        assert_eq!(error(&one(node)), expected);
    }
}
