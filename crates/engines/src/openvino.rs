//! OpenVINO, Intel's engine, on the processor, loaded from its Python package's library.

use formbench_protocol::{
    Array, ElementType as Of, Elements, Identity, Job, OptionInfo, Precision, Refusal, RefusalKind,
};
use openvino::{
    CompiledModel, Core, DeviceType, ElementType, InferRequest, InferenceError, PropertyKey,
    RwPropertyKey, Tensor,
};

use crate::shared_library::{Found, Loading, SharedLibrary, loaded_from_elsewhere};
use crate::{Engine, Failure, Model, Session, error_text, instruction_set, onnx_engine, option};

/// The engine's registry name.
const NAME: &str = "openvino";

/// Start of the name of the library that runs its threads.
const THREADS: &str = "libtbb.so";

/// What `make engines` installs, and the build number that the library states once it is loaded.
static LIBRARY: Loading<String> = Loading::new(
    SharedLibrary {
        package: NAME,
        folder: "openvino/libs",
        file: "libopenvino_c.so",
        version: "2026.4.1",
        version_of,
    },
    load,
);

/// What oneDNN, its kernel library here, chooses single-precision kernels from when it starts.
const INSTRUCTION_SETS: &[&str] = &["avx512f", "avx2", "sse4.2", "neon"];

/// OpenVINO on the processor.
pub struct OpenVino;

impl Engine for OpenVino {
    fn name(&self) -> &'static str {
        NAME
    }

    fn identity(&self) -> Identity {
        let Ok(build) = LIBRARY.get() else {
            return onnx_engine::missing(NAME);
        };
        let instruction_set = instruction_set::widest(INSTRUCTION_SETS);
        onnx_engine::identity(NAME, version(build), build.clone(), instruction_set)
    }

    fn options(&self) -> Vec<OptionInfo> {
        vec![precision(), hint()]
    }

    /// None: the processor plugin's threads are set when a model is compiled.
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
        let (precision, hint) = (precision(), hint());
        let (precision, hint) = (option::word(job, &precision)?, option::word(job, &hint)?);
        let bytes = onnx_engine::bytes(NAME, model)?;
        LIBRARY.get()?;
        let mut core = Core::new().map_err(|error| error_text::refusal(NAME, error))?;
        offered(&core, precision)?;
        set_up(&mut core, job.threads, precision, hint).map_err(refusal)?;
        let session = OpenVinoSession::new(core, &bytes).map_err(refusal)?;
        session.expect_precision(precision)?;
        Ok(Box::new(session))
    }
}

/// Returns the loaded library's build number, such as `2026.4.1-22982-e213a147257-releases/2026/4`.
fn load(library: &SharedLibrary, found: Found) -> Result<String, Refusal> {
    openvino_sys::library::load_from(&found.path).map_err(|error| library.refusal(error))?;
    if let Some(foreign) = loaded_from_elsewhere(THREADS, &found.path) {
        let reason = format!("{NAME}: computes with `{}`, which is not its own", foreign.display());
        return Err(Refusal::new(RefusalKind::Unavailable, reason)
            .remedy("unset LD_LIBRARY_PATH and LD_PRELOAD"));
    }
    let build = openvino::version().build_number;
    let version = version(&build).to_owned();
    library.check_version(&Found { version, ..found })?;
    Ok(build)
}

/// Returns the version that a build number begins with.
fn version(build: &str) -> &str {
    build.split('-').next().unwrap_or_default()
}

/// Returns the version that a library's suffix stands for: `2641` is `2026.4.1`.
fn version_of(suffix: &str) -> String {
    match suffix.split_at_checked(2) {
        Some((year, rest)) => {
            let parts = rest.chars().fold(String::new(), |parts, digit| format!("{parts}.{digit}"));
            format!("20{year}{parts}")
        }
        None => suffix.to_owned(),
    }
}

/// Returns the option that sets which numeric precision the plugin computes in.
fn precision() -> OptionInfo {
    option::words("precision", &["f32", "bf16", "f16"])
}

/// Returns the option that sets what the plugin's own settings are to favour.
fn hint() -> OptionInfo {
    option::words("hint", &["latency", "throughput"])
}

/// Refuses a precision that the plugin does not offer on this processor: it would compute in
/// another precision without a warning.
fn offered(core: &Core, precision: &str) -> Result<(), Refusal> {
    let capability = match precision {
        "bf16" => "BF16",
        "f16" => "FP16",
        _ => "FP32",
    };
    let offers =
        core.get_property(&DeviceType::CPU, &PropertyKey::DeviceCapabilities).map_err(refusal)?;
    if offers.split_whitespace().any(|offer| offer == capability) {
        return Ok(());
    }
    let reason = format!("{NAME}: precision `{precision}` is not offered here; offers: {offers}");
    Err(Refusal::new(RefusalKind::Unsupported, reason))
}

/// Sets what the plugin would otherwise choose by the machine. For throughput, how many streams
/// share the threads is left to it.
fn set_up(
    core: &mut Core,
    threads: u32,
    precision: &str,
    hint: &str,
) -> Result<(), InferenceError> {
    let threads = threads.to_string();
    let mut properties = vec![
        (RwPropertyKey::HintPerformanceMode, hint.to_uppercase()),
        (RwPropertyKey::HintInferencePrecision, precision.to_owned()),
        (RwPropertyKey::InferenceNumThreads, threads),
        (RwPropertyKey::HintEnableCpuPinning, "NO".to_owned()),
    ];
    if hint == "latency" {
        properties.push((RwPropertyKey::NumStreams, "1".to_owned()));
    }
    let properties = properties.iter().map(|(key, value)| (key.clone(), value.as_str()));
    core.set_properties(&DeviceType::CPU, properties)
}

fn refusal(error: InferenceError) -> Refusal {
    error_text::refusal(NAME, error)
}

/// Fields are dropped in their order: what the plugin made goes before the plugin.
struct OpenVinoSession {
    /// The request's own, in the model's order.
    inputs: Vec<Tensor>,
    /// Likewise; nothing for an output whose size follows from the numbers.
    outputs: Vec<Option<Tensor>>,
    request: InferRequest,
    precision: Precision,
    _model: CompiledModel,
    _core: Core,
}

impl OpenVinoSession {
    fn new(mut core: Core, bytes: &[u8]) -> Result<Self, InferenceError> {
        let model = core.read_model_from_buffer(bytes, None)?;
        let mut model = core.compile_model(&model, DeviceType::CPU)?;
        let request = model.create_infer_request()?;
        let computes_in = model.get_property(&RwPropertyKey::HintInferencePrecision.into())?;
        let precision = match computes_in.as_ref() {
            "bf16" => Precision::Bf16,
            "f16" => Precision::F16,
            _ => Precision::F32,
        };
        let named = |at| model.get_input_by_index(at)?.get_name();
        let inputs = (0..model.get_input_size()?)
            .map(|at| request.get_tensor(&named(at)?))
            .collect::<Result<_, _>>()?;
        let outputs = (0..model.get_output_size()?)
            .map(|at| {
                let is_fixed = !model.get_output_by_index(at)?.get_partial_shape()?.is_dynamic();
                is_fixed.then(|| request.get_output_tensor_by_index(at)).transpose()
            })
            .collect::<Result<_, InferenceError>>()?;
        Ok(Self { inputs, outputs, request, precision, _model: model, _core: core })
    }

    /// Refuses a model that was compiled to another precision than the job asks for.
    fn expect_precision(&self, expected: &str) -> Result<(), Refusal> {
        let got = self.precision.label();
        if got == expected {
            return Ok(());
        }
        let reason = format!("{NAME}: compiled to precision `{got}`, expected `{expected}`");
        Err(Refusal::new(RefusalKind::Unsupported, reason))
    }

    /// Copies the inputs into the request's tensors and its outputs out of them; tensors on the
    /// caller's own memory would have to outlive the call.
    fn outputs(&mut self, inputs: &[Array]) -> Result<Vec<Array>, Failure> {
        let failed = |error: InferenceError| onnx_engine::failure(NAME, error);
        let (got, expected) = (inputs.len(), self.inputs.len());
        if got != expected {
            return Err(Failure::new(format!("{NAME}: {got} inputs, expected {expected}")));
        }
        for (tensor, given) in self.inputs.iter_mut().zip(inputs) {
            let own = tensor.get_raw_data_mut().map_err(failed)?;
            let (bytes, expected) = (given.elements.bytes(), own.len());
            if bytes.len() != expected {
                let got = bytes.len();
                return Err(Failure::new(format!("{NAME}: {got} bytes, expected {expected}")));
            }
            own.copy_from_slice(bytes);
        }
        self.request.infer().map_err(failed)?;
        let outputs = self.outputs.iter().enumerate().map(|(at, output)| match output {
            Some(tensor) => array(tensor),
            None => array(&self.request.get_output_tensor_by_index(at).map_err(failed)?),
        });
        outputs.collect()
    }
}

fn array(tensor: &Tensor) -> Result<Array, Failure> {
    let failed = |error: InferenceError| onnx_engine::failure(NAME, error);
    let element_type = match tensor.get_element_type().map_err(failed)? {
        ElementType::F16 => Of::F16,
        ElementType::F32 => Of::F32,
        ElementType::F64 => Of::F64,
        ElementType::I8 => Of::I8,
        ElementType::I16 => Of::I16,
        ElementType::I32 => Of::I32,
        ElementType::I64 => Of::I64,
        ElementType::U8 => Of::U8,
        ElementType::U16 => Of::U16,
        ElementType::U32 => Of::U32,
        ElementType::U64 => Of::U64,
        ElementType::Boolean => Of::Bool,
        other => {
            let reason = format!("{NAME}: gives an output of {other}, which cannot be compared");
            return Err(Failure::new(reason));
        }
    };
    let shape = tensor.get_shape().map_err(failed)?;
    let shape = shape.get_dimensions().iter().map(|size| *size as usize).collect();
    let elements = Elements::from_bytes(element_type, tensor.get_raw_data().map_err(failed)?);
    Ok(Array { shape, elements })
}

impl Session for OpenVinoSession {
    fn infer(&mut self, inputs: &[Array]) -> Result<Vec<Array>, Failure> {
        self.outputs(inputs)
    }

    fn precision(&self) -> Precision {
        self.precision
    }
}
