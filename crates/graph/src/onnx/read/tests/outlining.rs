use std::path::Path;

use super::*;
use crate::attributes::inspect;
use crate::onnx::schema::EntryProto;
use crate::onnx::{fix_input, outline};

/// Bytes beyond which constants are left out: those of 8 floats are not.
const BEYOND: usize = 32;

/// 4 filters of 3 × 3 × 3: 432 bytes.
const FILTERS: [i64; 4] = [4, 3, 3, 3];

/// A convolution whose filters are a constant.
fn convolution(filters: TensorProto) -> ModelProto {
    let nodes = vec![node("Conv", "images w", "logits")];
    holding(file(&["1", "3", "8", "8"], &["1", "4", "6", "6"], nodes), vec![filters])
}

fn raw() -> TensorProto {
    let bytes = [1.0_f32.to_le_bytes(); 108].concat();
    TensorProto { raw_data: Some(bytes.into()), float_data: Vec::new(), ..ones("w", &FILTERS) }
}

fn external(length: usize) -> TensorProto {
    let entry = |key: &str, value: String| EntryProto { key: Some(key.into()), value: Some(value) };
    TensorProto {
        float_data: Vec::new(),
        external_data: vec![
            entry("location", "own.data".to_owned()),
            entry("offset", "8".to_owned()),
            entry("length", length.to_string()),
        ],
        data_location: Some(1),
        ..ones("w", &FILTERS)
    }
}

/// What is counted of a file from its outline, and how many bytes that has.
fn counted(file: &ModelProto, folder: &Path) -> Result<(Graph, usize), ReadError> {
    let bytes = file.encode_to_vec();
    let outline = outline(&bytes, folder, BEYOND)?;
    Ok((outline.graph(|bytes| fix_input(bytes, &[1, 3, 8, 8]))?, outline.model.len()))
}

#[test]
fn weights_are_counted_without_their_elements_wherever_they_lie() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("own.data"), [0; 500]).unwrap();
    let expected = inspect(&read(&convolution(raw())).unwrap());
    // 6 × 6 places of four filters of 27.
    assert_eq!((expected.attributes.macs, expected.attributes.parameters), (36 * 4 * 27, 108));
    for file in [convolution(raw()), convolution(ones("w", &FILTERS)), convolution(external(432))] {
        let (graph, bytes) = counted(&file, folder.path()).unwrap();
        assert_eq!(inspect(&graph), expected);
        assert!(bytes < 300, "{bytes}");
    }
}

#[test]
fn elements_that_shapes_are_computed_from_stay() {
    let shape = integers("shape", &[1, 3, 8, 8, 1, 1]);
    let nodes = vec![node("Reshape", "images shape", "logits")];
    let file =
        holding(file(&["1", "3", "8", "8"], &["1", "3", "8", "8", "1", "1"], nodes), vec![shape]);
    let (graph, _) = counted(&file, Path::new("")).unwrap();
    assert_eq!(super::nodes(&graph), [("Reshape", vec![1, 3, 8, 8, 1, 1])]);
}

#[test]
fn constants_that_are_not_what_their_shape_says_are_refused_as_without_an_outline() {
    let short = TensorProto { raw_data: Some(vec![0; 428].into()), ..raw() };
    let doubled = TensorProto { float_data: vec![1.0; 107], raw_data: None, ..raw() };
    // The mark of outlines is none in a file.
    let marked = TensorProto { raw_data: None, left_out: Some(true), ..raw() };
    for constant in [short, doubled, marked] {
        let file = convolution(constant);
        assert_eq!(counted(&file, Path::new("")).unwrap_err().to_string(), error(&file));
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("own.data"), [0; 500]).unwrap();
    let refused = |length| {
        let file = convolution(external(length));
        counted(&file, folder.path()).unwrap_err().to_string()
    };
    let expected = "constant `w`: has 107 elements, expected those of [4, 3, 3, 3]";
    assert_eq!(refused(428), expected);
    assert_eq!(refused(496), "constant `w`: lies in `own.data`, which is too short");
}
