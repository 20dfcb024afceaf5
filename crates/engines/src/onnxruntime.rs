//! ONNX Runtime, Microsoft's engine for ONNX files, loaded from its Python package's library.

use std::error::Error;

use formbench_protocol::{Identity, Job, OptionInfo, Refusal};
use ort::LoadDynamicError;
use ort::environment::Environment;
use ort::session::Session as OrtSession;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;

use crate::shared_library::{Found, Loading, SharedLibrary};
use crate::{Engine, Failure, Model, Session, error_text, instruction_set, onnx_engine, option};

/// The engine's registry name.
const NAME: &str = "onnxruntime";

/// What `make engines` installs.
static LIBRARY: Loading<Loaded> = Loading::new(
    SharedLibrary {
        package: NAME,
        folder: "onnxruntime/capi",
        file: "libonnxruntime.so",
        version: "1.32.0",
        version_of: |suffix| suffix.to_owned(),
    },
    load,
);

/// What MLAS, its kernel library, chooses single-precision kernels from when it starts.
const INSTRUCTION_SETS: &[&str] = &["avx512f", "avx2", "avx", "neon"];

/// ONNX Runtime.
pub struct OnnxRuntime;

impl Engine for OnnxRuntime {
    fn name(&self) -> &'static str {
        NAME
    }

    fn identity(&self) -> Identity {
        let Ok(loaded) = LIBRARY.get() else {
            return onnx_engine::missing(NAME);
        };
        let instruction_set = instruction_set::widest(INSTRUCTION_SETS);
        onnx_engine::identity(NAME, &loaded.found.version, ort::info().to_owned(), instruction_set)
    }

    fn options(&self) -> Vec<OptionInfo> {
        vec![graph_optimization(), option::waiting()]
    }

    /// None: a session's threads are set when it is made.
    fn thread_variables(&self) -> &'static [&'static str] {
        &[]
    }

    fn check(&self) -> Result<(), Refusal> {
        LIBRARY.get().map(|_| ())
    }

    fn model(&self, job: &Job) -> Result<Model, Refusal> {
        Model::onnx(job)
    }

    fn prepare(&self, job: &Job, model: Model) -> Result<Box<dyn Session>, Refusal> {
        let level = level(option::word(job, &graph_optimization())?);
        let spins = option::word(job, &option::waiting())? == option::SPIN;
        let environment = &LIBRARY.get()?.environment;
        let bytes = onnx_engine::bytes(NAME, model)?;
        let session = session(environment, job.threads, level, spins, &bytes)
            .map_err(|error| error_text::refusal(NAME, error))?;
        Ok(Box::new(OnnxRuntimeSession { session, shape: onnx_engine::shape(job)? }))
    }
}

/// The loaded library: a process has one environment.
struct Loaded {
    found: Found,
    environment: Environment,
}

fn load(library: &SharedLibrary, found: Found) -> Result<Loaded, Refusal> {
    let builder = ort::init_from(&found.path).map_err(|error| library.refusal(words(&error)))?;
    let environment = builder.with_name(NAME).with_telemetry(false).build();
    let environment = environment.map_err(|error| library.refusal(error))?;
    Ok(Loaded { found, environment })
}

/// Returns why the library was not loaded, in the loader's words if they are the reason.
fn words(error: &LoadDynamicError) -> String {
    let loader = match error {
        LoadDynamicError::Dlopen { error, .. } => error.source(),
        _ => None,
    };
    loader.map_or_else(|| error.to_string(), ToString::to_string)
}

/// Returns the option that sets how far the graph is rewritten.
fn graph_optimization() -> OptionInfo {
    option::words("graph_optimization", &["all", "extended", "basic", "disabled"])
}

fn level(word: &str) -> GraphOptimizationLevel {
    match word {
        "disabled" => GraphOptimizationLevel::Disable,
        "basic" => GraphOptimizationLevel::Level1,
        "extended" => GraphOptimizationLevel::Level2,
        _ => GraphOptimizationLevel::All,
    }
}

/// Returns a session that computes on exactly `threads` threads, the caller's among them, with pools of its
/// own; if it `spins`, threads that have nothing to do look for work for a while before they sleep.
fn session(
    environment: &Environment,
    threads: u32,
    level: GraphOptimizationLevel,
    spins: bool,
    model: &[u8],
) -> ort::Result<OrtSession> {
    OrtSession::builder(environment)?
        .with_independent_thread_pool()?
        .with_parallel_execution(false)?
        .with_intra_threads(threads as usize)?
        .with_inter_threads(1)?
        .with_intra_op_spinning(spins)?
        .with_inter_op_spinning(spins)?
        .with_optimization_level(level)?
        .commit_from_memory(model)
}

struct OnnxRuntimeSession {
    session: OrtSession,
    shape: [usize; 4],
}

impl OnnxRuntimeSession {
    /// Runs on the caller's own memory; the logits are copied out of the session's.
    fn logits(&mut self, images: &[f32]) -> ort::Result<Vec<f32>> {
        let images = TensorRef::from_array_view((self.shape, images))?;
        let outputs = self.session.run(ort::inputs![images])?;
        let (_, logits) = outputs[0].try_extract_tensor()?;
        Ok(logits.to_vec())
    }
}

impl Session for OnnxRuntimeSession {
    fn infer(&mut self, images: &[f32]) -> Result<Vec<f32>, Failure> {
        self.logits(images).map_err(|error| onnx_engine::failure(NAME, error))
    }
}
