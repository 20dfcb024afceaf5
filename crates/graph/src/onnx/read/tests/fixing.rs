use std::path::Path;

use formbench_protocol::{Interface, OutputCheck};

use super::*;
use crate::onnx::schema::EntryProto;
use crate::onnx::{WEIGHTS_BYTES, embed, fix_input, fix_inputs, interface, outline};

const IMAGES: [usize; 4] = [2, 3, 8, 8];

/// A file whose batch is not fixed, with a mean of each plane and a flattening.
fn open() -> ModelProto {
    let nodes =
        vec![node("GlobalAveragePool", "images", "means"), node("Flatten", "means", "logits")];
    let mut file = file(&["batch", "3", "8", "?"], &["batch", "3"], nodes);
    file.graph.as_mut().unwrap().value_info = vec![info("means", &["batch", "3", "1", "1"])];
    file
}

fn fixed(file: &ModelProto) -> Result<Vec<u8>, String> {
    fix_input(&file.encode_to_vec(), &IMAGES).map_err(|error| error.to_string())
}

fn declared(file: &ModelProto) -> Interface {
    let bytes = file.encode_to_vec();
    interface(&outline(&bytes, Path::new(""), WEIGHTS_BYTES).unwrap()).unwrap()
}

fn refused(images: &[&str], logits: &[&str]) -> String {
    fixed(&file(images, logits, vec![node("Flatten", "images", "logits")])).unwrap_err()
}

#[test]
fn an_open_batch_is_fixed_and_shapes_between_are_dropped() {
    let fixed = ModelProto::decode(fixed(&open()).unwrap().as_slice()).unwrap();
    let graph = fixed.graph.unwrap();
    assert_eq!(graph.input, [info("images", &["2", "3", "8", "8"])]);
    assert_eq!(graph.output, [info("logits", &["2", "3"])]);
    assert_eq!(graph.value_info, []);
    assert_eq!(graph.node, open().graph.unwrap().node);
}

#[test]
fn what_is_not_known_here_survives() {
    // A text of the model's field 6 (key 6 · 8 + 2 = 50) and of the graph's field 10 (key 82): their
    // documentation, which no message here has.
    let graph = [open().graph.unwrap().encode_to_vec(), vec![82, 3, b'w', b'h', b'y']].concat();
    let mut bytes = of_opset(17).encode_to_vec();
    bytes.extend([50, 4, b'm', b'i', b'n', b'e']);
    super::super::wire::put(7, &graph, &mut bytes).unwrap();
    let fixed = fix_input(&bytes, &IMAGES).unwrap();
    for text in [&b"mine"[..], b"why"] {
        assert!(fixed.windows(text.len()).any(|window| window == text));
    }
    assert_eq!(nodes(&super::super::read(&fixed).unwrap())[0].1, [2, 3, 1, 1]);
}

#[test]
fn a_file_that_has_the_shape_is_left_as_it_is() {
    let flatten = vec![node("Flatten", "images", "logits")];
    let file = file(&["2", "3", "8", "8"], &["2", "192"], flatten);
    assert_eq!(fixed(&file).unwrap(), file.encode_to_vec());
}

#[test]
fn another_shape_is_refused_with_both() {
    let remedy = "measure it with that shape, or export it with axes that are not fixed";
    assert_eq!(
        refused(&["batch", "3", "9", "w"], &["batch", "10"]),
        format!("input `images` is [batch, 3, 9, w], expected [2, 3, 8, 8]; {remedy}")
    );
    assert_eq!(
        refused(&["batch", "192"], &["batch", "10"]),
        format!("input `images` is [batch, 192], expected [2, 3, 8, 8]; {remedy}")
    );
}

#[test]
fn an_output_that_is_not_of_whole_images_is_refused() {
    let remedy = "only logits of whole images can be compared";
    for sizes in [&["1", "1000"][..], &["5", "4", "8"]] {
        let expected =
            format!("output `logits` is [{}], expected [2, …]; {remedy}", sizes.join(", "));
        assert_eq!(refused(&["b", "3", "8", "8"], sizes), expected);
    }
}

#[test]
fn an_output_may_have_any_rank_and_sizes_that_depend_on_the_images() {
    let outputs: [(&[&str], &[&str]); 4] = [
        (&["b", "5", "h", "w"], &["?", "5", "?", "?"]),
        (&["2", "21", "8", "8"], &["2", "21", "8", "8"]),
        (&["b"], &["?"]),
        (&["b", "classes"], &["2", "?"]),
    ];
    for (stated, kept) in outputs {
        let file = file(&["b", "3", "8", "8"], stated, vec![node("Relu", "images", "logits")]);
        let fixed = ModelProto::decode(fixed(&file).unwrap().as_slice()).unwrap();
        let sizes = |info: &ValueInfoProto| {
            let shape = info.r#type.as_ref()?.tensor_type.as_ref()?.shape.as_ref()?;
            let size = |dim: &DimensionProto| {
                dim.dim_value.map_or("?".to_string(), |size| size.to_string())
            };
            Some(shape.dim.iter().map(size).collect::<Vec<_>>())
        };
        assert_eq!(sizes(&fixed.graph.unwrap().output[0]).unwrap(), kept, "{stated:?}");
    }
}

#[test]
fn of_one_image_every_output_is_compared() {
    let file = file(&["1", "3", "8", "w"], &["100", "6"], vec![node("Relu", "images", "boxes")]);
    let mut file = file;
    file.graph.as_mut().unwrap().output[0].name = Some("boxes".to_string());
    assert!(fix_input(&file.encode_to_vec(), &[1, 3, 8, 8]).is_ok());
}

#[test]
fn constants_that_are_listed_as_inputs_are_inputs_no_more() {
    let mut file = holding(open(), vec![ones("weights", &[3])]);
    file.graph.as_mut().unwrap().input.insert(0, info("weights", &["3"]));
    // Before version 4 every constant was an input.
    file.ir_version = Some(3);
    let fixed = ModelProto::decode(fixed(&file).unwrap().as_slice()).unwrap();
    assert_eq!(fixed.ir_version, Some(4));
    let graph = fixed.graph.unwrap();
    assert_eq!(graph.input, [info("images", &["2", "3", "8", "8"])]);
    assert_eq!(graph.initializer.len(), 1);
    let remarks = declared(&file).remarks;
    assert!(remarks[0].starts_with("1 constants are listed as inputs"), "{remarks:?}");
}

#[test]
fn several_inputs_of_any_kind_and_rank_are_fixed_in_their_order() {
    let nodes = vec![node("Add", "a b", "sum"), node("Mul", "a b", "product")];
    let mut two = file(&["n"], &["n"], nodes);
    let graph = two.graph.as_mut().unwrap();
    graph.input = vec![info("a", &["n", "4"]), info("b", &["4"])];
    graph.output = vec![info("sum", &["n", "4"]), info("product", &["n", "4"])];
    graph.value_info = vec![info("sum", &["m"])];
    let bytes = two.encode_to_vec();
    let fixed = fix_inputs(&bytes, &[("a", &[2, 4]), ("b", &[4])]).unwrap();
    let read = super::super::read(&fixed).unwrap();
    assert_eq!((read.inputs.len(), read.outputs.len()), (2, 2));
    let graph = ModelProto::decode(fixed.as_slice()).unwrap().graph.unwrap();
    assert_eq!(graph.input, [info("a", &["2", "4"]), info("b", &["4"])]);
    assert_eq!(graph.value_info, []);
    let error = fix_inputs(&bytes, &[("b", &[4]), ("a", &[2, 4])]).unwrap_err();
    let expected = "its inputs are `a`, `b`, and shapes are given for `b`, `a`";
    assert_eq!(error.to_string(), expected);
    let declared = declared(&two);
    let shown: Vec<String> = declared.inputs.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["a f32 [n, 4]", "b f32 [4]"]);
    assert_eq!(declared.outputs.len(), 2);
    assert!(declared.remarks[0].starts_with("what it states of 1 values"), "{declared:?}");
}

#[test]
fn outputs_are_checked_as_what_they_are_made_of_allows() {
    let nodes = vec![
        node("Relu", "images", "plain"),
        node("QuantizeLinear", "images step", "bytes"),
        node("DequantizeLinear", "bytes step", "rounded"),
        node("NonMaxSuppression", "rounded plain _", "chosen"),
        node("Relu", "chosen", "set"),
    ];
    let mut several = file(&["n"], &["n"], nodes);
    let names = ["plain", "rounded", "set"];
    several.graph.as_mut().unwrap().output = names.map(|name| info(name, &["n"])).to_vec();
    let declared = declared(&several);
    let check = |eight_bit, set| OutputCheck { eight_bit, set };
    assert_eq!(declared.checks, [check(false, false), check(true, false), check(true, true)]);
    let [rounded, set] = declared.remarks.as_slice() else { panic!("{declared:?}") };
    assert!(
        rounded.starts_with("outputs computed with eight-bit integers")
            && rounded.ends_with(": `rounded`, `set`")
    );
    assert!(set.starts_with("outputs chosen by value") && set.ends_with(": `set`"), "{set}");
}

#[test]
fn padding_that_is_stated_twice_is_refused_with_the_node_s_name() {
    let word = AttributeProto {
        name: Some("auto_pad".to_owned()),
        s: Some("VALID".into()),
        ..AttributeProto::default()
    };
    let mut pool = with("MaxPool", "images", "logits", &[("pads", &[0, 0, 1, 1])]);
    pool.attribute.push(word.clone());
    let error = fixed(&file(&["b", "3", "8", "8"], &["b"], vec![pool])).unwrap_err();
    let expected = "node `maxpool`: MaxPool: its `auto_pad` is `VALID` and its `pads` are \
                    [0, 0, 1, 1], which contradict each other; export it with one of them";
    assert_eq!(error, expected);
    // Pads of nothing contradict nobody.
    let mut pool = with("MaxPool", "images", "logits", &[("pads", &[0, 0, 0, 0])]);
    pool.attribute.push(word);
    assert!(fixed(&file(&["b", "3", "8", "8"], &["b"], vec![pool])).is_ok());
}

#[test]
fn weights_in_a_second_file_become_part_of_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let floats: Vec<u8> = [7.0_f32, 1.0, 2.0, 3.0].iter().flat_map(|it| it.to_le_bytes()).collect();
    std::fs::write(folder.path().join("own.data"), &floats).unwrap();
    let entry = |key: &str, value: &str| EntryProto {
        key: Some(key.to_owned()),
        value: Some(value.to_owned()),
    };
    let external = |entries: Vec<EntryProto>| {
        let weights = TensorProto {
            name: Some("weights".to_owned()),
            dims: vec![3],
            data_type: Some(DataType::Float.into()),
            external_data: entries,
            data_location: Some(1),
            ..TensorProto::default()
        };
        embed(holding(open(), vec![weights]).encode_to_vec(), folder.path())
    };
    let place = |location: &str, offset: &str, length: &str| {
        external(vec![
            entry("location", location),
            entry("offset", offset),
            entry("length", length),
        ])
    };
    let whole = ModelProto::decode(place("own.data", "4", "12").unwrap().as_slice()).unwrap();
    let weights = &whole.graph.unwrap().initializer[0];
    assert_eq!(weights.raw_data.as_deref(), Some(&floats[4..]));
    assert_eq!((weights.external_data.len(), weights.data_location), (0, None));
    for (location, offset, expected) in [
        ("own.data", "8", "constant `weights`: lies in `own.data`, which is too short"),
        (
            "../own.data",
            "4",
            "constant `weights`: lies in `../own.data`, expected a file beside this one",
        ),
        (
            "/etc/passwd",
            "0",
            "constant `weights`: lies in `/etc/passwd`, expected a file beside this one",
        ),
        ("own.data", "x", "constant `weights`: the `offset` of its data is `x`, expected a number"),
    ] {
        assert_eq!(place(location, offset, "12").unwrap_err().to_string(), expected);
    }
    let missing = place("none.data", "0", "12").unwrap_err().to_string();
    assert!(missing.starts_with("constant `weights`: lies in `none.data`: "), "{missing}");
    // A file without such weights is the same bytes.
    let plain = open().encode_to_vec();
    assert_eq!(embed(plain.clone(), folder.path()).unwrap(), plain);
}

#[test]
fn subnormal_weights_are_said() {
    let tiny = |weights: Vec<f32>| TensorProto {
        name: Some("weights".to_owned()),
        dims: vec![weights.len() as i64],
        data_type: Some(DataType::Float.into()),
        float_data: weights,
        ..TensorProto::default()
    };
    let remarks = |weights| declared(&holding(open(), vec![tiny(weights)])).remarks;
    // As many as stay in the outline, and as many as do not.
    for times in [1, WEIGHTS_BYTES] {
        let said = remarks([1e-40, 1.0, -1e-39, 0.0].repeat(times));
        let expected = "50.00 % of its weights are subnormal";
        assert!(said.iter().any(|remark| remark.starts_with(expected)), "{said:?}");
        let said = remarks([1.0, 0.0].repeat(times));
        assert!(!said.iter().any(|remark| remark.contains("subnormal")), "{said:?}");
    }
}

#[test]
fn more_inputs_or_outputs_than_one_are_refused() {
    let mut two = open();
    two.graph.as_mut().unwrap().input.push(info("mask", &["1"]));
    assert_eq!(fixed(&two).unwrap_err(), "2 inputs (`images`, `mask`), expected 1");
    let mut none = open();
    none.graph.as_mut().unwrap().output.clear();
    assert_eq!(fixed(&none).unwrap_err(), "0 outputs (), expected 1");
}

#[test]
fn half_precision_is_refused() {
    let mut half = open();
    let input = &mut half.graph.as_mut().unwrap().input[0];
    input.r#type.as_mut().unwrap().tensor_type.as_mut().unwrap().elem_type = Some(10);
    assert_eq!(fixed(&half).unwrap_err(), "input `images` holds f16, expected f32");
}
