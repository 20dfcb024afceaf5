use super::super::wire::put;
use super::*;
use crate::onnx::{fix_input, inline};

/// The bytes of a function `Act` of domain `my` with these nodes, which takes `a` and gives `b`.
fn function(nodes: &[NodeProto], opset: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, text) in [(1, "Act"), (4, "a"), (5, "b"), (10, "my")] {
        put(number, text.as_bytes(), &mut bytes).unwrap();
    }
    for node in nodes {
        put(7, &node.encode_to_vec(), &mut bytes).unwrap();
    }
    let import = OperatorSetIdProto { domain: None, version: Some(opset) };
    put(9, &import.encode_to_vec(), &mut bytes).unwrap();
    bytes
}

/// A file that calls the function twice.
fn calling(functions: &[Vec<u8>]) -> Vec<u8> {
    let call = |input: &str, output: &str| NodeProto {
        domain: Some("my".to_owned()),
        ..node("Act", input, output)
    };
    let nodes = vec![call("images", "x"), call("x", "logits")];
    let mut bytes = file(&["1", "3", "8", "8"], &["1", "3", "8", "8"], nodes).encode_to_vec();
    for function in functions {
        put(25, function, &mut bytes).unwrap();
    }
    bytes
}

#[test]
fn functions_are_written_out_where_they_are_called() {
    let body = [node("HardSigmoid", "a", "s"), node("Mul", "a s", "b")];
    let inlined = inline(calling(&[function(&body, 17)])).unwrap();
    let graph = super::super::read(&fix_input(&inlined, &[1, 3, 8, 8]).unwrap()).unwrap();
    let kinds: Vec<&str> = graph.nodes.iter().map(|node| node.operator.kind()).collect();
    assert_eq!(kinds, ["HardSigmoid", "Mul", "HardSigmoid", "Mul"]);
    // The second call reads what the first gives.
    assert_eq!(graph.nodes[2].inputs, [graph.nodes[1].output]);
    assert_eq!(graph.value(graph.outputs[0]).name, "logits");
}

#[test]
fn attributes_are_the_call_s_or_the_function_s_own() {
    // Field 21 (key 21 · 8 + 2 = 170, 0xaa 0x01): the name of the call's attribute, `slope`.
    let mut attribute =
        AttributeProto { name: Some("alpha".to_owned()), ..Default::default() }.encode_to_vec();
    put(21, b"slope", &mut attribute).unwrap();
    let mut inner = node("LeakyRelu", "a", "b").encode_to_vec();
    put(5, &attribute, &mut inner).unwrap();
    let default =
        AttributeProto { name: Some("slope".to_owned()), f: Some(0.25), ..Default::default() };
    let mut function = function(&[], 17);
    put(7, &inner, &mut function).unwrap();
    put(11, &default.encode_to_vec(), &mut function).unwrap();
    let own = AttributeProto { f: Some(0.5), ..default };
    let call = |input: &str, output: &str, attribute: Vec<AttributeProto>| NodeProto {
        domain: Some("my".to_owned()),
        attribute,
        ..node("Act", input, output)
    };
    let nodes = vec![call("images", "x", vec![own]), call("x", "logits", Vec::new())];
    let mut bytes = file(&["1", "3", "8", "8"], &["1", "3", "8", "8"], nodes).encode_to_vec();
    put(25, &function, &mut bytes).unwrap();
    let graph = super::super::read(&inline(bytes).unwrap()).unwrap();
    let slopes: Vec<String> =
        graph.nodes.iter().map(|node| format!("{:?}", node.operator)).collect();
    assert_eq!(slopes, ["LeakyRelu { alpha: 0.5 }", "LeakyRelu { alpha: 0.25 }"]);
}

#[test]
fn functions_that_cannot_be_written_out_are_refused_with_the_node_s_name() {
    let call = NodeProto { domain: Some("my".to_owned()), ..node("Act", "a", "b") };
    let error = inline(calling(&[function(&[call], 17)])).unwrap_err().to_string();
    assert!(error.starts_with("node `call_"), "{error}");
    assert!(error.contains("is a function that calls itself"), "{error}");
    let relu = [node("Relu", "a", "b")];
    let error = inline(calling(&[function(&relu, 12)])).unwrap_err();
    let expected = "node `act`: operator `Act` of domain `my` is a function of another version of \
                    operators than the file's";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_file_without_functions_stays_as_it_is() {
    let bytes = calling(&[]);
    assert_eq!(inline(bytes.clone()).unwrap(), bytes);
}
