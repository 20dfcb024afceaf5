//! A model in somebody's own file, on every engine that takes files.
//!
//! `data/own.onnx` takes `images`, `[batch, 3, height, width]`, none but the channels fixed: a 3 × 3
//! convolution of stride 2 to four channels, hard swish, a global average, a shape that is computed
//! from the batch, and ten classes. Its weights are normal ones of NumPy's generator, seed 7.

#![cfg(all(feature = "onnxruntime", feature = "openvino", feature = "tract"))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::print_stderr, reason = "a test says what it left out")]

use std::path::Path;

use formbench_engines::{Engine, Model, engines, export, inspect};
use formbench_protocol::{Architecture, Images, Job, RefusalKind, Subject, UserFile};
use formbench_seed::arrays;
use formbench_statistics::{Tolerance, disagreement};
use sha2::{Digest, Sha256};

/// Classes of the file's logits.
const TEN: usize = 10;
const OWN: [&str; 2] =
    ["own.onnx", "f283e747ce7a9f3fcac76aae21fbe84112d906a8ce5777b7eb099791ee74b63e"];
/// A file whose input is fixed to `[2, 3, 8, 8]`.
const TINY: [&str; 2] =
    ["tiny.onnx", "58300e767bc896d6d3b8977d876cd7ac7b3b42de58bdf589b926e97467e425a1"];

fn job(engine: &str, [path, sha256]: [&str; 2], batch: u32, resolution: u32) -> Job {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path);
    let (path, sha256) = (path.to_owned(), sha256.to_owned());
    Job {
        engine: engine.to_owned(),
        options: Default::default(),
        architecture: Architecture::File(UserFile { path, sha256, place }),
        weights_seed: 1,
        input: Images { batch, resolution, seed: 7 }.into(),
        threads: 1,
        software_gpu: false,
    }
}

fn engine(name: &str) -> Box<dyn Engine> {
    engines().into_iter().find(|engine| engine.name() == name).unwrap()
}

fn logits(engine: &dyn Engine, job: &Job) -> Vec<f32> {
    let model = engine.model(job).unwrap_or_else(|refusal| panic!("{refusal}"));
    let mut session = engine.prepare(job, model).unwrap_or_else(|refusal| panic!("{refusal}"));
    session.infer(&arrays(&job.input, 0).unwrap()).unwrap()[0].as_floats().unwrap().to_vec()
}

/// Why an engine does not run a job.
fn refused(engine: &dyn Engine, job: &Job) -> (RefusalKind, String) {
    let prepared = engine.model(job).and_then(|model| engine.prepare(job, model));
    let refusal = prepared.err().unwrap();
    (refusal.kind, refusal.to_string())
}

#[test]
fn an_open_file_runs_at_any_shape_on_every_engine_that_takes_files() {
    for (batch, resolution) in [(1, 32), (2, 33)] {
        let of = |engine: &dyn Engine| logits(engine, &job(engine.name(), OWN, batch, resolution));
        let expected = of(engine("tract").as_ref());
        assert_eq!(expected.len(), batch as usize * TEN);
        for engine in ["onnxruntime", "openvino", "burn/flex"].map(engine) {
            if let Err(refusal) = engine.check() {
                eprintln!("left out: {refusal}");
                continue;
            }
            let found = disagreement(&expected, &of(engine.as_ref()), Tolerance::default());
            assert_eq!(found, Ok(None), "{}", engine.name());
        }
    }
}

#[test]
fn a_file_is_counted_as_an_architecture_of_ours_is() {
    let attributes = inspect(&job("tract", OWN, 1, 32).subject()).unwrap().attributes;
    // 16 × 16 positions of four filters of 27, and ten classes of four channels.
    assert_eq!(attributes.macs, 256 * 4 * 27 + 40);
    // Filters, their biases, and the classifier with its own.
    assert_eq!(attributes.parameters, 108 + 4 + 40 + 10);
    assert_eq!(attributes.operators, 5);
}

#[test]
fn pytorch_gets_a_file_that_states_every_shape() {
    let Ok(Model::Onnx(bytes)) = Model::written(&job("pytorch", OWN, 2, 32)) else {
        panic!("a file");
    };
    // The chain that computes the shape from the batch is gone.
    assert!(!bytes.windows(9).any(|window| window == b"Unsqueeze"));
}

#[test]
fn a_file_of_another_shape_is_refused_with_both() {
    let expected = "tiny.onnx: input `images` is [2, 3, 8, 8], expected [1, 3, 8, 8]; measure it \
                    with that shape, or export it with axes that are not fixed";
    let found = refused(engine("tract").as_ref(), &job("tract", TINY, 1, 8));
    assert_eq!(found, (RefusalKind::Unsupported, expected.to_owned()));
}

#[test]
fn a_file_that_has_changed_is_refused() {
    let changed = [OWN[0], TINY[1]];
    let expected = "`own.onnx` has changed since the run was planned; give the same command again";
    let found = refused(engine("tract").as_ref(), &job("tract", changed, 1, 32));
    assert_eq!(found, (RefusalKind::Failed, expected.to_owned()));
    let refusal = inspect(&job("tract", changed, 1, 32).subject()).unwrap_err();
    assert_eq!((refusal.kind, refusal.to_string()), (RefusalKind::Failed, expected.to_owned()));
    // Where any content will do, none is another one.
    let any = job("tract", [OWN[0], ""], 1, 32).subject();
    let named = job("tract", OWN, 1, 32).subject();
    assert_eq!(inspect(&any).unwrap(), inspect(&named).unwrap());
    let (kind, reason) = refused(engine("tract").as_ref(), &job("tract", ["gone.onnx", ""], 1, 32));
    assert_eq!(kind, RefusalKind::Failed);
    assert!(reason.starts_with("`gone.onnx` cannot be read: "), "{reason}");
}

#[test]
fn a_file_is_written_as_it_is_read_here() {
    let subject = job("tract", OWN, 1, 32).subject();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("again.onnx");
    export(&subject, &place).unwrap();
    let bytes = std::fs::read(&place).unwrap();
    let sha256 = format!("{:x}", Sha256::digest(&bytes));
    let again = Architecture::File(UserFile { path: "again.onnx".to_owned(), sha256, place });
    let again = Subject { architecture: again, ..subject.clone() };
    // Operator by operator, names included.
    assert_eq!(inspect(&again).unwrap().layers, inspect(&subject).unwrap().layers);
}
