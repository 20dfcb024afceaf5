use super::*;
use crate::onnx::fix_input;

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
fn constants_that_are_listed_as_inputs_are_none() {
    let mut file = holding(open(), vec![ones("weights", &[3])]);
    file.graph.as_mut().unwrap().input.insert(0, info("weights", &["3"]));
    let fixed = ModelProto::decode(fixed(&file).unwrap().as_slice()).unwrap();
    let expected = [info("weights", &["3"]), info("images", &["2", "3", "8", "8"])];
    assert_eq!(fixed.graph.unwrap().input, expected);
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
