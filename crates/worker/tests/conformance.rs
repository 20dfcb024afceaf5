//! Every engine gives the reference engine's logits for every architecture, and with each of its
//! options, minus its declared refusals. Inputs are small; a software adapter takes part.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::print_stderr, reason = "a test says what it leaves out")]

mod asked;

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use asked::{Worker, present_engines};
use formbench_engines::{Engine, engines};
use formbench_protocol::{
    Architecture, ArchitectureInfo, ArchitectureKind, CLASSES, EngineKind, Input, Job, Options,
    Precision, Prepared, REFERENCE_ENGINE, RefusalKind, Reply, Request,
};
use formbench_statistics::{Tolerance, disagreement};
use serde_json::json;

/// The smallest input that five halvings leave something of.
const INPUT: Input = Input { batch: 2, resolution: 64, seed: 7 };
/// Image buffers that a worker's first answer holds the logits of.
const BUFFERS: usize = 2;

/// Networks with more parameters are the same code with more repeats of it.
const MOST_PARAMETERS: u64 = 30_000_000;

/// Every network, and every pattern at a depth that the four stages share unevenly.
fn architectures() -> Vec<Architecture> {
    let architecture = |info: ArchitectureInfo| match info.kind {
        ArchitectureKind::Network => Architecture::Network { name: info.name },
        ArchitectureKind::Pattern => Architecture::Pattern { name: info.name, depth: 6, width: 16 },
    };
    let infos = formbench_engines::architectures().into_iter();
    let small = infos.filter(|info| info.parameters.is_none_or(|count| count <= MOST_PARAMETERS));
    small.map(architecture).collect()
}

fn prepare(engine: &dyn Engine, architecture: &Architecture, options: &Options) -> Reply {
    let job = Job {
        engine: engine.name().to_owned(),
        options: options.clone(),
        architecture: architecture.clone(),
        weights_seed: 1,
        input: INPUT,
        threads: 1,
        software_gpu: true,
    };
    Worker::start(engine, 1).ask(&Request::Prepare(Box::new(job)))
}

/// Returns the reference engine's logits, computed once.
fn expected(architecture: &Architecture) -> Vec<f32> {
    static LOGITS: LazyLock<Mutex<HashMap<Architecture, Vec<f32>>>> = LazyLock::new(Mutex::default);
    let mut logits = LOGITS.lock().unwrap();
    let compute = || {
        let engines = engines();
        let reference = engines.iter().find(|engine| engine.name() == REFERENCE_ENGINE).unwrap();
        match prepare(reference.as_ref(), architecture, &Options::new()) {
            Reply::Prepared(prepared) => prepared.logits,
            other => panic!("{architecture}: {other:?}"),
        }
    };
    logits.entry(architecture.clone()).or_insert_with(compute).clone()
}

fn agrees(engine: &dyn Engine, architecture: &Architecture, options: &Options) {
    let what = format!("{architecture} on {} {options:?}", engine.name());
    let Prepared { logits, precision, identity, .. } = match prepare(engine, architecture, options)
    {
        Reply::Prepared(prepared) => prepared,
        Reply::Refused(refusal) if refusal.kind == RefusalKind::Unsupported => {
            assert!(!options.is_empty(), "{what}: {refusal}");
            return;
        }
        other => panic!("{what}: {other:?}"),
    };
    assert_eq!((precision, identity), (Precision::F32, engine.identity()), "{what}");
    assert_eq!(logits.len(), BUFFERS * INPUT.batch as usize * CLASSES);
    let found = disagreement(&expected(architecture), &logits, Tolerance::default());
    assert_eq!(found, Ok(None), "{what}");
    let [first, second] = [&logits[..logits.len() / 2], &logits[logits.len() / 2..]];
    assert_ne!(first, second, "{what} does not look at its images");
}

fn conforms(name: &str) {
    let present = present_engines();
    let Some(engine) = present.iter().find(|engine| engine.name() == name) else {
        eprintln!("left out: {name} is not here");
        return;
    };
    for architecture in architectures() {
        agrees(engine.as_ref(), &architecture, &Options::new());
    }
    let plain = Architecture::Pattern { name: "plain".to_owned(), depth: 4, width: 8 };
    for option in engine.options().iter().filter(|option| option.name != "precision") {
        for value in &option.values {
            agrees(engine.as_ref(), &plain, &[(option.name.clone(), json!(value))].into());
        }
    }
}

#[test]
fn ndarray_is_the_reference_and_repeats_itself() {
    conforms("burn/ndarray");
}

#[test]
fn candle_agrees_with_the_reference() {
    conforms("burn/candle");
}

#[test]
fn flex_agrees_with_the_reference() {
    conforms("burn/flex");
}

#[test]
fn wgpu_agrees_with_the_reference() {
    conforms("burn/wgpu");
}

#[test]
fn tract_agrees_with_the_reference() {
    conforms("tract");
}

#[test]
fn onnxruntime_agrees_with_the_reference() {
    conforms("onnxruntime");
}

#[test]
fn openvino_agrees_with_the_reference() {
    conforms("openvino");
}

#[test]
fn pytorch_agrees_with_the_reference() {
    conforms("pytorch");
}

#[test]
fn the_suite_names_every_engine() {
    let engines = engines();
    let measured = engines.iter().filter(|engine| engine.kind() == EngineKind::Engine);
    let expected = [
        "burn/ndarray",
        "burn/candle",
        "burn/flex",
        "burn/wgpu",
        "tract",
        "onnxruntime",
        "openvino",
        "pytorch",
    ];
    assert_eq!(measured.map(|engine| engine.name()).collect::<Vec<_>>(), expected);
}
