//! Models of kinds that need care, on every engine that loads them: each gives what is right.
//!
//! `data/kinds/make.py` writes the files, and what onnx's reference evaluator makes of each.

#![cfg(all(feature = "onnxruntime", feature = "openvino", feature = "tract"))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::print_stderr, reason = "a test says what it left out")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use formbench_engines::{Engine, engines, inspect, interface};
use formbench_protocol::{
    Architecture, Array, Declared, DeclaredSize, ElementType, Elements, Fill, Input, InputTensor,
    Job, RefusalKind, Tensors, UserFile, Values,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Files that an engine does not run, or runs wrongly, and why.
const LEFT_OUT: [(&str, &str, &str); 5] = [
    ("openvino", "average-pool-ceil.onnx", "it counts what lies beyond the padding"),
    ("tract", "upsample.onnx", "Upsample"),
    ("burn/flex", "quantised.onnx", "is not run"),
    ("burn/flex", "detections.onnx", "NonMaxSuppression"),
    ("burn/flex", "quantised-as-it-runs.onnx", "DynamicQuantizeLinear"),
];

/// What is right of an output: its shape, its first numbers, and the sum of all.
#[derive(Deserialize)]
struct Right {
    shape: Vec<usize>,
    first: Vec<f64>,
    sum: f64,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/kinds")
}

fn file(name: &str) -> UserFile {
    let place = folder().join(name);
    let sha256 = format!("{:x}", Sha256::digest(fs::read(&place).unwrap()));
    UserFile { path: name.to_owned(), sha256, place }
}

fn right() -> BTreeMap<String, Vec<Right>> {
    serde_json::from_str(&fs::read_to_string(folder().join("right.json")).unwrap()).unwrap()
}

/// Returns an input with the sizes that the script gives to what is left open.
fn tensor(declared: &Declared) -> InputTensor {
    let size = |size: &DeclaredSize| match size {
        DeclaredSize::Fixed(size) => *size,
        DeclaredSize::Open(name) if name == "length" => 16,
        DeclaredSize::Open(_) => 1,
    };
    InputTensor {
        name: declared.name.clone(),
        shape: declared.sizes.as_ref().unwrap().iter().map(size).collect(),
        element_type: declared.element_type.unwrap(),
        fill: Fill::Zeros,
    }
}

/// Returns the elements that the script gives an input.
fn given(tensor: &InputTensor) -> Array {
    let shape: Vec<usize> = tensor.shape.iter().map(|size| *size as usize).collect();
    let count: usize = shape.iter().product();
    let elements = match tensor.element_type {
        ElementType::F32 => {
            let float = |at: usize| ((37 * at % 101) as f64 / 101.0 - 0.5) as f32;
            Elements::F32((0..count).map(float).collect())
        }
        ElementType::I64 => Elements::I64((0..count as i64).map(|at| at % 2).collect()),
        other => panic!("{other:?}"),
    };
    Array { shape, elements }
}

fn job(engine: &str, name: &str) -> Job {
    let model = file(name);
    let declared = interface(&model).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    let tensors = declared.inputs.iter().map(tensor).collect();
    Job {
        engine: engine.to_owned(),
        options: Default::default(),
        architecture: Architecture::File(model),
        weights_seed: 1,
        input: Input::Tensors(Tensors { tensors, seed: 7 }),
        threads: 1,
        software_gpu: false,
    }
}

/// Returns the outputs of an engine, or why there are none.
fn outputs(engine: &dyn Engine, name: &str) -> Result<Vec<Array>, String> {
    let job = job(engine.name(), name);
    let Input::Tensors(of) = &job.input else { panic!("tensors") };
    let inputs: Vec<Array> = of.tensors.iter().map(given).collect();
    let model = engine.model(&job).map_err(|refusal| refusal.reason)?;
    let mut session = engine.prepare(&job, model).map_err(|refusal| refusal.reason)?;
    session.infer(&inputs).map_err(|failure| failure.reason)
}

/// Returns whether outputs are what is right: floats to a thousandth of the largest, others exactly.
fn are_right(outputs: &[Array], right: &[Right]) -> bool {
    outputs.len() == right.len()
        && outputs.iter().zip(right).all(|(array, right)| {
            let numbers: Vec<f64> = match array.elements.values() {
                Values::Floats(floats) => floats.into_iter().map(f64::from).collect(),
                Values::Whole(numbers) => numbers.into_iter().map(|number| number as f64).collect(),
            };
            let scale = right.first.iter().fold(0.0_f64, |scale, number| scale.max(number.abs()));
            let near = |one: f64, other: f64, of: usize| {
                (one - other).abs() <= 1e-3 * scale * (of as f64).sqrt()
            };
            let sum: f64 = numbers.iter().sum();
            let first = numbers.iter().zip(&right.first);
            array.shape == right.shape
                && first.into_iter().all(|(one, other)| near(*one, *other, 1))
                && near(sum, right.sum, numbers.len())
        })
}

/// Engines of this build that run in the worker's process and can be timed here.
fn present() -> Vec<Box<dyn Engine>> {
    let names = ["tract", "onnxruntime", "openvino", "burn/flex"];
    let mut found = engines();
    found.retain(|engine| names.contains(&engine.name()));
    found.retain(|engine| match engine.check() {
        Ok(()) => true,
        Err(refusal) => {
            eprintln!("left out: {refusal}");
            false
        }
    });
    found
}

#[test]
fn every_engine_gives_what_is_right_of_every_kind_that_it_loads() {
    let right = right();
    assert_eq!(right.len(), 21);
    for engine in present() {
        for (name, right) in &right {
            let what = format!("{} on {name}", engine.name());
            let left_out =
                LEFT_OUT.iter().find(|(by, of, _)| (*by, *of) == (engine.name(), name.as_str()));
            match (outputs(engine.as_ref(), name), left_out) {
                (Ok(outputs), None) => assert!(are_right(&outputs, right), "{what}: {outputs:?}"),
                (Ok(outputs), Some(_)) => {
                    assert!(!are_right(&outputs, right), "{what} is right now: say so");
                }
                (Err(reason), Some((_, _, why))) => assert!(reason.contains(why), "{reason}"),
                (Err(reason), None) => panic!("{what}: {reason}"),
            }
        }
    }
}

#[test]
fn what_a_file_says_badly_is_said() {
    for (name, remark) in [
        ("constants-as-inputs.onnx", "2 constants are listed as inputs"),
        ("symbolic-shapes.onnx", "what it states of 1 values between its nodes is left out"),
        ("subnormal-weights.onnx", "% of its weights are subnormal"),
        ("quantised.onnx", "outputs computed with eight-bit integers"),
        ("detections.onnx", "compared as sets whose order is free: `selected`, `chosen`"),
    ] {
        let remarks = interface(&file(name)).unwrap().remarks;
        assert!(remarks.iter().any(|found| found.contains(remark)), "{name}: {remarks:?}");
    }
    assert_eq!(interface(&file("grey.onnx")).unwrap().remarks, Vec::<String>::new());
}

#[test]
fn padding_that_contradicts_itself_is_refused_by_every_engine_with_the_node_s_name() {
    let refusal = interface(&file("valid-with-pads.onnx")).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Unsupported);
    assert!(refusal.reason.contains("node `first`: Conv: its `auto_pad` is `VALID`"), "{refusal}");
}

#[test]
fn every_kind_is_counted() {
    // What cannot be counted says which operator that is.
    let uncounted = [
        ("detections.onnx", "NonMaxSuppression"),
        ("quantised-as-it-runs.onnx", "DynamicQuantizeLinear"),
    ];
    for (name, operator) in uncounted {
        let refusal = inspect(&job("tract", name).subject()).unwrap_err();
        assert!(refusal.reason.contains(operator), "{name}: {refusal}");
    }
    let is_counted = |name: &&String| uncounted.iter().all(|(other, _)| other != name);
    for name in right().keys().filter(is_counted) {
        let counted = inspect(&job("tract", name).subject());
        let attributes = counted.unwrap_or_else(|refusal| panic!("{name}: {refusal}")).attributes;
        assert!(attributes.uncounted.is_empty(), "{name}: {:?}", attributes.uncounted);
        // A product with five classes of six features, whatever else.
        assert!(attributes.macs >= 30, "{name}");
    }
    // 28 × 28 positions lose two at each side: 676 of six filters of nine, and the classes.
    let grey = inspect(&job("tract", "grey.onnx").subject()).unwrap().attributes;
    assert_eq!((grey.macs, grey.parameters), (26 * 26 * 6 * 9 + 30, 54 + 30));
    // 30 × 30 positions of six filters of 27, 28 × 28 of six of 54; the weights are bytes.
    let quantised = inspect(&job("tract", "quantised.onnx").subject()).unwrap().attributes;
    assert_eq!(quantised.macs, 900 * 6 * 27 + 784 * 6 * 54 + 30);
    assert_eq!(quantised.parameters, 6 * 27 + 6 * 54 + 30);
}
