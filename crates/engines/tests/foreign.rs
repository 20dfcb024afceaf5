//! Engines that load ONNX files, on a file of eight kilobytes. One that is not installed is left
//! out, and said so on stderr; what is said of missing and damaged libraries is asked of a process
//! whose engines' folder is made for it, since a process loads a library once.
//!
//! `data/tiny.onnx` takes `images`, `[2, 3, 8, 8]`. A 3 × 3 convolution with padding 1 gives two
//! channels: in the first all taps on red, green and blue are 1/8, 2/8 and 3/8 and the bias is 0.5,
//! the second is its opposite. ReLU, a global average, and 1000 classes: class `k` is `k / 1024` of
//! the first channel and `1 - k / 512` of the second.

#![cfg(all(feature = "onnxruntime", feature = "openvino", feature = "tract"))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::print_stderr, reason = "a test says what it left out")]

use std::fs;
use std::path::Path;
use std::process::Command;

use formbench_engines::{Engine, Model, engines};
use formbench_protocol::{
    Architecture, Array, CLASSES, EngineInfo, Images, Job, Precision, Refusal, RefusalKind,
};
use formbench_seed::images;
use formbench_statistics::{Tolerance, disagreement};
use serde_json::json;

const TINY: &[u8] = include_bytes!("data/tiny.onnx");
const INPUT: Images = Images { batch: 2, resolution: 8, seed: 7 };
const NAMES: [&str; 3] = ["onnxruntime", "openvino", "tract"];

fn engine(name: &str) -> Box<dyn Engine> {
    engines().into_iter().find(|engine| engine.name() == name).unwrap()
}

/// The engines that can be used here.
fn installed() -> Vec<Box<dyn Engine>> {
    let usable = |engine: &dyn Engine| match engine.check() {
        Ok(()) => true,
        Err(refusal) => {
            eprintln!("left out: {refusal}");
            false
        }
    };
    NAMES.into_iter().map(engine).filter(|engine| usable(engine.as_ref())).collect()
}

fn job(engine: &str, options: &[(&str, &str)], threads: u32) -> Job {
    let options = options.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
    Job {
        engine: engine.to_owned(),
        options: options.collect(),
        architecture: Architecture::Network { name: "tiny".to_owned() },
        weights_seed: 1,
        input: INPUT.into(),
        threads,
        software_gpu: false,
    }
}

/// Why a job is refused before its first inference.
fn refusal(engine: &dyn Engine, job: &Job, model: &[u8]) -> Refusal {
    engine.prepare(job, Model::Onnx(model.to_vec())).err().unwrap()
}

/// Images as an inference is given them.
fn given(images: &[f32]) -> [Array; 1] {
    [Array::floats(&[2, 3, 8, 8], images.to_vec())]
}

/// The logits of two inferences.
fn logits(engine: &dyn Engine, job: &Job, inputs: [&[f32]; 2]) -> Result<[Vec<f32>; 2], Refusal> {
    let mut session = engine.prepare(job, Model::Onnx(TINY.to_vec()))?;
    Ok(inputs.map(|input| {
        let outputs = session.infer(&given(input)).unwrap();
        outputs[0].as_floats().unwrap().to_vec()
    }))
}

fn agree(expected: &[f32], got: &[f32], tolerance: Tolerance, what: &str) {
    assert_eq!(got.len(), INPUT.batch as usize * CLASSES, "{what}");
    assert_eq!(disagreement(expected, got, tolerance), Ok(None), "{what}");
}

/// Names of options with the words that they are given.
type Setting = Vec<(String, String)>;

/// Every engine with each value of each of its options, the others at their defaults.
fn settings() -> Vec<(Box<dyn Engine>, Setting)> {
    let of_engine = |engine: Box<dyn Engine>| {
        let values = engine.options().into_iter().flat_map(|option| {
            option.values.into_iter().map(move |value| vec![(option.name.clone(), value)])
        });
        let name = engine.name();
        values.map(|setting| (self::engine(name), setting)).collect::<Vec<_>>()
    };
    installed().into_iter().flat_map(of_engine).collect()
}

#[test]
fn every_option_value_gives_the_network_s_logits() {
    // Images of ones: 36 pixels see all 9 taps, 24 at an edge 6, 4 in a corner 4; that is
    // (36 * 9 + 24 * 6 + 4 * 4) / 64 = 7.5625 taps each, and 7.5625 * 6 / 8 + 0.5 = 6.171875 in the
    // first channel; the second is negative everywhere, and so 0 after ReLU.
    let ones = vec![1.0; 2 * 3 * 8 * 8];
    let class = |index: usize| 6.171875 * (index % CLASSES) as f32 / 1024.0;
    let expected: Vec<f32> = (0..2 * CLASSES).map(class).collect();
    let noise = images(&INPUT, 0);
    let reference = logits(engine("tract").as_ref(), &job("tract", &[], 1), [&ones, &noise]);
    let [_, expected_noise] = reference.unwrap();
    for (engine, setting) in settings() {
        let setting: Vec<_> = setting.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let what = format!("{} with {setting:?}", engine.name());
        let job = job(engine.name(), &setting, 1);
        // Eight bits of mantissa are good for one part in 256.
        let coarse = setting.iter().any(|(_, value)| ["bf16", "f16"].contains(value));
        let tolerance = if coarse {
            Tolerance { relative: 1.0 / 64.0, absolute_of_scale: 1.0 / 64.0 }
        } else {
            Tolerance::default()
        };
        match logits(engine.as_ref(), &job, [&ones, &noise]) {
            Ok([got_ones, got_noise]) => {
                agree(&expected, &got_ones, tolerance, &what);
                agree(&expected_noise, &got_noise, tolerance, &what);
            }
            Err(refusal) => assert!(coarse && refusal.reason.contains("offers: "), "{refusal}"),
        }
    }
}

#[test]
fn threads_do_not_change_the_logits() {
    let (ones, noise) = (vec![1.0; 2 * 3 * 8 * 8], images(&INPUT, 0));
    for engine in installed() {
        let logits = |threads| {
            logits(engine.as_ref(), &job(engine.name(), &[], threads), [&ones, &noise]).unwrap()
        };
        let [_, one] = logits(1);
        let [_, three] = logits(3);
        agree(&one, &three, Tolerance::default(), engine.name());
    }
}

#[test]
fn openvino_computes_in_single_precision_unless_it_is_told_otherwise() {
    let Some(engine) = installed().into_iter().find(|engine| engine.name() == "openvino") else {
        return;
    };
    let precision = |options| {
        let session = engine.prepare(&job("openvino", options, 1), Model::Onnx(TINY.to_vec()));
        session.map(|session| session.precision())
    };
    assert_eq!(precision(&[]), Ok(Precision::F32));
    match precision(&[("precision", "bf16")]) {
        Ok(got) => assert_eq!(got, Precision::Bf16),
        Err(refusal) => assert!(refusal.reason.contains("`bf16` is not offered here; offers: ")),
    }
}

#[test]
fn a_corrupt_file_is_refused() {
    for engine in installed() {
        let job = job(engine.name(), &[], 1);
        for model in [&TINY[..TINY.len() / 2], b"not a model", b""] {
            let refusal = refusal(engine.as_ref(), &job, model);
            assert_eq!(refusal.kind, RefusalKind::Failed, "{refusal}");
            assert!(refusal.reason.starts_with(engine.name()), "{refusal}");
        }
    }
}

#[test]
fn an_operation_that_no_engine_has_is_unsupported_by_name() {
    let relu = TINY.windows(4).position(|name| name == b"Relu").unwrap();
    let mut model = TINY.to_vec();
    model[relu..relu + 4].copy_from_slice(b"Rely");
    for engine in installed() {
        let refusal = refusal(engine.as_ref(), &job(engine.name(), &[], 1), &model);
        assert_eq!(refusal.kind, RefusalKind::Unsupported, "{refusal}");
        assert!(refusal.reason.contains("Rely"), "{refusal}");
    }
}

#[test]
fn images_of_another_size_fail_and_the_next_inference_runs() {
    for engine in installed() {
        let model = Model::Onnx(TINY.to_vec());
        let mut session = engine.prepare(&job(engine.name(), &[], 1), model).unwrap();
        let small = [Array::floats(&[1, 3, 2, 2], vec![1.0; 12])];
        let failure = session.infer(&small).unwrap_err();
        assert!(failure.reason.starts_with(engine.name()), "{}", failure.reason);
        assert!(session.infer(&given(&images(&INPUT, 0))).is_ok());
    }
}

#[test]
fn a_word_that_an_option_does_not_take_is_refused_with_those_that_it_takes() {
    let known = |name: &str, option: &str| {
        let job = job(name, &[(option, "fast")], 1);
        refusal(engine(name).as_ref(), &job, TINY).reason
    };
    assert_eq!(
        known("tract", "optimize"),
        "tract: unknown optimize `\"fast\"`; known: full, declutter, none"
    );
    assert_eq!(
        known("onnxruntime", "graph_optimization"),
        "onnxruntime: unknown graph_optimization `\"fast\"`; known: all, extended, basic, disabled"
    );
    assert_eq!(
        known("openvino", "precision"),
        "openvino: unknown precision `\"fast\"`; known: f32, bf16, f16"
    );
    assert_eq!(
        known("openvino", "hint"),
        "openvino: unknown hint `\"fast\"`; known: latency, throughput"
    );
}

#[test]
fn tract_s_version_is_the_one_that_is_built() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let version = engine("tract").identity().version;
    let built = format!("name = \"tract-onnx\"\nversion = \"{version}\"");
    assert!(fs::read_to_string(lock).unwrap().contains(&built), "{built}");
}

#[test]
fn fidelity_asks_for_the_tract_that_is_built() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/fidelity.py");
    let installed = format!("tract-cli@{} ", engine("tract").identity().version);
    assert!(fs::read_to_string(script).unwrap().contains(&installed), "{installed}");
}

/// Writes what this process's engines say of themselves where its parent looks for it.
#[test]
#[ignore = "other tests run it in a process of its own"]
fn say_what_is_here() {
    let infos = NAMES.map(|name| engine(name).info());
    let path = std::env::var_os("FORMBENCH_TEST_SAYS").unwrap();
    fs::write(path, serde_json::to_vec(&infos).unwrap()).unwrap();
}

/// What the engines say in a process whose installed packages are these files.
fn infos_with(files: &[(&str, &[u8])]) -> [EngineInfo; 3] {
    let root = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = root.path().join("lib/python3.11/site-packages").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let says = root.path().join("says.json");
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["say_what_is_here", "--exact", "--ignored"]);
    child.env("FORMBENCH_ENGINES", root.path()).env("FORMBENCH_TEST_SAYS", &says);
    let output = child.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&fs::read(says).unwrap()).unwrap()
}

/// Why the engine whose library is the first of these files is unavailable.
fn unavailable_with(files: &[(&str, &[u8])]) -> Refusal {
    let [onnxruntime, openvino, _] = infos_with(files);
    let info = if files[0].0.starts_with("onnxruntime") { onnxruntime } else { openvino };
    assert_eq!(info.identity.version, "missing");
    let refusal = info.refusal.unwrap();
    assert_eq!(refusal.kind, RefusalKind::Unavailable);
    assert_eq!(refusal.remedy.as_deref(), Some("run `make engines`"));
    refusal
}

/// Where the libraries lie in a virtual environment.
const LIBRARIES: [&str; 2] =
    ["onnxruntime/capi/libonnxruntime.so.1.32.0", "openvino/libs/libopenvino_c.so.2641"];
/// Where it is written what their packages installed.
const RECORDS: [&str; 2] =
    ["onnxruntime-1.32.0.dist-info/RECORD", "openvino-2026.4.1.dist-info/RECORD"];

#[test]
fn a_missing_library_is_unavailable_and_the_remedy_brings_it() {
    let [onnxruntime, openvino, tract] = infos_with(&[]);
    for (info, file) in [(onnxruntime, "libonnxruntime.so"), (openvino, "libopenvino_c.so")] {
        assert_eq!(info.identity.version, "missing");
        let refusal = info.refusal.unwrap();
        assert_eq!(refusal.kind, RefusalKind::Unavailable);
        assert!(refusal.reason.contains(&format!("{file} not found in `")), "{refusal}");
        assert_eq!(refusal.remedy.as_deref(), Some("run `make engines`"));
    }
    assert_eq!(tract.refusal, None);
}

#[test]
fn a_library_of_another_release_is_not_loaded() {
    let old = unavailable_with(&[("onnxruntime/capi/libonnxruntime.so.1.20.1", b"")]);
    assert!(old.reason.ends_with("is version 1.20.1, expected 1.32.0"), "{old}");
    let new = unavailable_with(&[("openvino/libs/libopenvino_c.so.2702", b"")]);
    assert!(new.reason.ends_with("is version 2027.0.2, expected 2026.4.1"), "{new}");
}

#[test]
fn a_library_that_is_cut_short_is_not_loaded() {
    // The loader maps one without a word, and the process dies where its missing part is reached.
    let executable = fs::read(std::env::current_exe().unwrap()).unwrap();
    let half = &executable[..executable.len() / 2];
    for (library, record) in LIBRARIES.into_iter().zip(RECORDS) {
        let installed = format!("{library},sha256=x,{}\n", executable.len());
        let refusal = unavailable_with(&[(library, half), (record, installed.as_bytes())]);
        assert!(refusal.reason.ends_with("has not the size that was installed"), "{refusal}");
    }
}

#[test]
fn a_library_that_the_loader_does_not_take_is_unavailable_in_the_loader_s_words() {
    // A position-independent executable is whole and of the loader's format, but no library.
    let executable = fs::read(std::env::current_exe().unwrap()).unwrap();
    let cases: [(&[u8], &str); 2] = [
        (&executable, "cannot dynamically load position-independent executable"),
        (b"not a library", "file too short"),
    ];
    for library in LIBRARIES {
        for (bytes, words) in cases {
            let refusal = unavailable_with(&[(library, bytes)]);
            assert!(refusal.reason.contains(words), "{refusal}");
        }
    }
}

#[test]
fn the_releases_that_are_installed_are_those_that_the_engines_are_written_for() {
    let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join("requirements/engines.in");
    let pinned = fs::read_to_string(pinned).unwrap();
    let other = ["onnxruntime/capi/libonnxruntime.so.0.0.0", "openvino/libs/libopenvino_c.so.0000"];
    for (name, library) in ["onnxruntime", "openvino"].into_iter().zip(other) {
        let refusal = unavailable_with(&[(library, b"")]);
        let (_, expected) = refusal.reason.rsplit_once("expected ").unwrap();
        assert!(pinned.contains(&format!("\n{name}=={expected}\n")), "{name} {expected}");
    }
}
