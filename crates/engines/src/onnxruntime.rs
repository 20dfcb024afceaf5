//! ONNX Runtime, Microsoft's engine for ONNX files, loaded from its Python package's library.

use std::error::Error;

use formbench_protocol::{Array, Elements, Identity, Job, OptionInfo, Refusal, of_each_type};
use ort::LoadDynamicError;
use ort::environment::Environment;
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{Session as OrtSession, SessionInputValue};
use ort::value::{DynValue, PrimitiveTensorElementType, TensorElementType, TensorRef, ValueType};

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
        let switches = SWITCHES.iter().map(Switch::option);
        [graph_optimization(), option::waiting()].into_iter().chain(switches).collect()
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
        let mut switched_off = Vec::new();
        for switch in &SWITCHES {
            if option::word(job, &switch.option())? == OFF {
                switched_off.push(switch.optimizers);
            }
        }
        let environment = &LIBRARY.get()?.environment;
        let bytes = onnx_engine::bytes(NAME, model)?;
        let session = session(environment, job.threads, level, spins, &switched_off, &bytes)
            .map_err(|error| error_text::refusal(NAME, error))?;
        Ok(Box::new(OnnxRuntimeSession(session)))
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

/// A rewriting of the graph that can be left out alone.
struct Switch {
    /// The option's name.
    name: &'static str,
    /// What ONNX Runtime calls what does it, separated by semicolons.
    optimizers: &'static str,
}

/// The value that leaves a rewriting out.
const OFF: &str = "off";

/// What the levels of rewriting consist of, for convolutional networks.
const SWITCHES: [Switch; 3] = [
    Switch { name: "norm_folding", optimizers: "ConvBNFusion;MatmulBNFusion" },
    Switch { name: "activation_fusion", optimizers: "ConvActivationFusion" },
    Switch { name: "blocked_layout", optimizers: "NchwcTransformer" },
];

impl Switch {
    fn option(&self) -> OptionInfo {
        option::words(self.name, &["on", OFF])
    }
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
/// own; if it `spins`, threads that have nothing to do look for work for a while before they sleep. Rewritings that are
/// `switched_off` are left out, whatever the level.
fn session(
    environment: &Environment,
    threads: u32,
    level: GraphOptimizationLevel,
    spins: bool,
    switched_off: &[&str],
    model: &[u8],
) -> ort::Result<OrtSession> {
    let mut builder = OrtSession::builder(environment)?;
    if !switched_off.is_empty() {
        builder = builder.with_disabled_optimizers(switched_off.join(";"))?;
    }
    builder
        .with_independent_thread_pool()?
        .with_parallel_execution(false)?
        .with_intra_threads(threads as usize)?
        .with_inter_threads(1)?
        .with_intra_op_spinning(spins)?
        .with_inter_op_spinning(spins)?
        .with_optimization_level(level)?
        .commit_from_memory(model)
}

struct OnnxRuntimeSession(OrtSession);

impl OnnxRuntimeSession {
    /// Runs on the caller's own memory; the outputs are copied out of the session's.
    fn outputs(&mut self, inputs: &[Array]) -> ort::Result<Vec<Array>> {
        let inputs = inputs.iter().map(value).collect::<ort::Result<Vec<_>>>()?;
        let outputs = self.0.run(inputs.as_slice())?;
        outputs.values().map(|output| array(&output)).collect()
    }
}

fn value(array: &Array) -> ort::Result<SessionInputValue<'_>> {
    let shape = array.shape.as_slice();
    of_each_type!(&array.elements, vector => {
        TensorRef::from_array_view((shape, vector.as_slice())).map(SessionInputValue::from)
    })
}

fn array(value: &DynValue) -> ort::Result<Array> {
    fn each<T: PrimitiveTensorElementType + Clone>(value: &DynValue) -> ort::Result<Vec<T>> {
        value.try_extract_tensor::<T>().map(|(_, elements)| elements.to_vec())
    }
    let ValueType::Tensor { ty, shape, .. } = value.dtype() else {
        return Err(ort::Error::new("gives an output that is no tensor, which cannot be compared"));
    };
    let elements = match ty {
        TensorElementType::Float16 => Elements::F16(each(value)?),
        TensorElementType::Float32 => Elements::F32(each(value)?),
        TensorElementType::Float64 => Elements::F64(each(value)?),
        TensorElementType::Int8 => Elements::I8(each(value)?),
        TensorElementType::Int16 => Elements::I16(each(value)?),
        TensorElementType::Int32 => Elements::I32(each(value)?),
        TensorElementType::Int64 => Elements::I64(each(value)?),
        TensorElementType::Uint8 => Elements::U8(each(value)?),
        TensorElementType::Uint16 => Elements::U16(each(value)?),
        TensorElementType::Uint32 => Elements::U32(each(value)?),
        TensorElementType::Uint64 => Elements::U64(each(value)?),
        TensorElementType::Bool => Elements::Bool(each(value)?),
        other => {
            let reason = format!("gives an output of {other}, which cannot be compared");
            return Err(ort::Error::new(reason));
        }
    };
    Ok(Array { shape: shape.iter().map(|size| *size as usize).collect(), elements })
}

impl Session for OnnxRuntimeSession {
    fn infer(&mut self, inputs: &[Array]) -> Result<Vec<Array>, Failure> {
        self.outputs(inputs).map_err(|error| onnx_engine::failure(NAME, error))
    }
}
