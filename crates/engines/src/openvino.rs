//! OpenVINO, Intel's engine, on the processor, loaded from its Python package's library.

use formbench_protocol::{Identity, Job, OptionInfo, Precision, Refusal, RefusalKind};
use openvino::{
    CompiledModel, Core, DeviceType, InferRequest, InferenceError, PropertyKey, RwPropertyKey,
    Tensor,
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
    images: Tensor,
    logits: Tensor,
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
        let (images, logits) = (request.get_input_tensor()?, request.get_output_tensor()?);
        Ok(Self { images, logits, request, precision, _model: model, _core: core })
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

    /// Copies the images into the request's tensor and its logits out of it; a tensor on the
    /// caller's own memory would have to outlive the call.
    fn logits(&mut self, images: &[f32]) -> Result<Vec<f32>, InferenceError> {
        self.images.get_data_mut()?.copy_from_slice(images);
        self.request.infer()?;
        Ok(self.logits.get_data()?.to_vec())
    }
}

impl Session for OpenVinoSession {
    fn infer(&mut self, images: &[f32]) -> Result<Vec<f32>, Failure> {
        let expected = self.images.get_size().map_err(|error| onnx_engine::failure(NAME, error))?;
        if images.len() != expected {
            let got = images.len();
            return Err(Failure::new(format!("{NAME}: {got} pixels, expected {expected}")));
        }
        self.logits(images).map_err(|error| onnx_engine::failure(NAME, error))
    }

    fn precision(&self) -> Precision {
        self.precision
    }
}
