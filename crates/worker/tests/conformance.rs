//! Every engine gives the reference engine's logits for every architecture, and with each of its
//! options, minus its declared refusals. Inputs are small; a software adapter takes part.

#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::print_stderr, reason = "a test says what it leaves out")]

mod asked;

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, Mutex};

use asked::{Worker, present_engines};
use formbench_architectures::blueprint;
use formbench_blueprint::{Activation, Blueprint, Operation};
use formbench_engines::{Engine, engines};
use formbench_protocol::{
    Architecture, ArchitectureInfo, ArchitectureKind, CLASSES, EngineKind, Images, Input, Job,
    Options, Output, Precision, Prepared, REFERENCE_ENGINE, RefusalKind, Reply, Request, Values,
    Width,
};
use formbench_statistics::{Tolerance, disagreement};
use serde_json::json;

/// Images of each inference; networks that cannot take small ones get those of their own size.
const BATCH: u32 = 2;
/// Five halvings leave something of it, and no halving is of an odd size.
const SMALL: u32 = 64;
/// Image buffers that a worker's first answer holds the logits of.
const BUFFERS: usize = 2;

/// Channels of a pattern's first stage.
const NARROWEST: u32 = 16;

/// Networks with more parameters are left to `formbench parity`.
const MOST_PARAMETERS: u64 = 30_000_000;

/// What is executed and the images of it.
type Subject = (Architecture, Input);

/// Every pattern at a depth that the four stages share unevenly, and the smallest network of each
/// family: its siblings are the same code with other numbers.
fn architectures() -> Vec<Subject> {
    let mut smallest: BTreeMap<String, ArchitectureInfo> = BTreeMap::new();
    for info in formbench_engines::architectures() {
        let family = match info.kind {
            ArchitectureKind::Pattern => info.name.clone(),
            ArchitectureKind::Network => info.source.clone(),
        };
        let kept = smallest.entry(family).or_insert_with(|| info.clone());
        if info.parameters < kept.parameters {
            *kept = info;
        }
    }
    let few =
        |info: &ArchitectureInfo| info.parameters.is_none_or(|count| count <= MOST_PARAMETERS);
    smallest.into_values().filter(few).map(sized).collect()
}

fn sized(info: ArchitectureInfo) -> Subject {
    let (name, width) = (info.name, Width::whole(NARROWEST));
    let architecture = match info.kind {
        ArchitectureKind::Network => Architecture::Network { name },
        ArchitectureKind::Pattern => Architecture::Pattern { name, depth: 6, width },
    };
    let takes_small = blueprint(&architecture).unwrap().shapes(SMALL as usize).is_ok();
    let resolution = if takes_small { SMALL } else { info.resolution.unwrap() };
    (architecture, Images { batch: BATCH, resolution, seed: 7 }.into())
}

fn prepare(engine: &dyn Engine, (architecture, input): &Subject, options: &Options) -> Reply {
    let job = Job {
        engine: engine.name().to_owned(),
        options: options.clone(),
        architecture: architecture.clone(),
        weights_seed: 1,
        input: input.clone(),
        threads: 1,
        software_gpu: true,
    };
    Worker::start(engine, 1).ask(&Request::Prepare(Box::new(job)))
}

/// Returns the one output of a network.
fn logits(outputs: Vec<Output>) -> Vec<f32> {
    let [Output { shape, values: Values::Floats(logits), .. }] = outputs.as_slice() else {
        panic!("one output of floats: {outputs:?}");
    };
    assert_eq!(*shape, [BATCH as usize, CLASSES]);
    logits.clone()
}

/// Returns the reference engine's logits, computed once.
fn expected(subject: &Subject) -> Vec<f32> {
    static LOGITS: LazyLock<Mutex<HashMap<Architecture, Vec<f32>>>> = LazyLock::new(Mutex::default);
    let mut known = LOGITS.lock().unwrap();
    let compute = || {
        let engines = engines();
        let reference = engines.iter().find(|engine| engine.name() == REFERENCE_ENGINE).unwrap();
        match prepare(reference.as_ref(), subject, &Options::new()) {
            Reply::Prepared(prepared) => logits(prepared.outputs),
            other => panic!("{}: {other:?}", subject.0),
        }
    };
    known.entry(subject.0.clone()).or_insert_with(compute).clone()
}

fn agrees(engine: &dyn Engine, subject: &Subject, options: &Options) {
    let what = format!("{} on {} {options:?}", subject.0, engine.name());
    let Prepared { outputs, precision, identity, .. } = match prepare(engine, subject, options) {
        Reply::Prepared(prepared) => prepared,
        Reply::Refused(refusal) if refusal.kind == RefusalKind::Unsupported => {
            assert!(!options.is_empty(), "{what}: {refusal}");
            return;
        }
        other => panic!("{what}: {other:?}"),
    };
    assert_eq!((precision, identity), (Precision::F32, engine.identity()), "{what}");
    let logits = logits(outputs);
    assert_eq!(logits.len(), BUFFERS * BATCH as usize * CLASSES);
    let found = disagreement(&expected(subject), &logits, Tolerance::default());
    assert_eq!(found, Ok(None), "{what}");
    let [first, second] = [&logits[..logits.len() / 2], &logits[logits.len() / 2..]];
    assert_ne!(first, second, "{what} does not look at its images");
}

/// A graphics device tunes its kernels for each layer at first, a software one for minutes on a
/// whole network: it takes the patterns, which have most of the layers, but for the one whose blocks all differ.
fn is_quick(engine: &str, (architecture, _): &Subject) -> bool {
    let is_repeated = |name: &str| name != "assorted";
    engine != "burn/wgpu"
        || matches!(architecture, Architecture::Pattern { name, .. } if is_repeated(name))
}

/// candle approximates GELU: how far logits then differ depends on what follows it.
fn is_approximated(engine: &str, (architecture, _): &Subject) -> bool {
    let is_gelu = |operation: &Operation| *operation == Operation::Activation(Activation::Gelu);
    let blueprint = blueprint(architecture).unwrap();
    let is_it =
        engine == "burn/candle" && blueprint.steps().iter().any(|step| is_gelu(&step.operation));
    if is_it {
        eprintln!("left out: {architecture} on {engine}, which approximates GELU");
    }
    is_it
}

/// Returns the subject with the narrowest pattern that this release of an engine is right about
/// however it tunes itself.
fn without_defect(engine: &str, (architecture, input): Subject) -> Subject {
    match architecture {
        Architecture::Pattern { name, depth, .. } if engine == "burn/wgpu" => {
            let widths = (0..4).map(|doublings| Width::whole(NARROWEST << doublings));
            let wide = |width| Architecture::Pattern { name: name.clone(), depth, width };
            let is_sound = |wide: &Architecture| !ends_half_way(&blueprint(wide).unwrap());
            (widths.map(wide).find(is_sound).unwrap(), input)
        }
        architecture => (architecture, input),
    }
}

/// CubeK 0.2 multiplies matrices two stages at a time and reads past their ends if their inner
/// length is an odd number of stages (<https://github.com/tracel-ai/cubek/issues/434>). Whether the tuner picks such a kernel is
/// luck; on the software adapter a stage is 4 or 8 long.
fn ends_half_way(blueprint: &Blueprint) -> bool {
    let odd = |length: usize| [4, 8].iter().any(|stage| length % (2 * stage) == *stage);
    blueprint.steps().iter().any(|step| match &step.operation {
        Operation::Linear { inputs, .. } => odd(*inputs),
        Operation::Convolution(layer) => {
            layer.kernel == [1, 1] && layer.groups == 1 && odd(layer.channels[0])
        }
        _ => false,
    })
}

fn conforms(name: &str) {
    let present = present_engines();
    let Some(engine) = present.iter().find(|engine| engine.name() == name) else {
        eprintln!("left out: {name} is not here");
        return;
    };
    let taken = |subject: &Subject| is_quick(name, subject) && !is_approximated(name, subject);
    for subject in architectures().into_iter().filter(taken) {
        agrees(engine.as_ref(), &without_defect(name, subject), &Options::new());
    }
    let (name, width) = ("plain".to_owned(), Width::whole(8));
    let plain = Architecture::Pattern { name, depth: 4, width };
    let plain = (plain, Images { batch: BATCH, resolution: SMALL, seed: 7 }.into());
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
