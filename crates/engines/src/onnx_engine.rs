//! What engines that load an ONNX file share.

use formbench_protocol::{Device, DeviceKind, Identity, Refusal, RefusalKind};

use crate::{Failure, Model, error_text};

/// Returns the identity of an engine that computes on the host's processor.
pub(crate) fn identity(
    name: &str,
    version: &str,
    build: String,
    instruction_set: String,
) -> Identity {
    let device = Device { name: "cpu".to_owned(), kind: DeviceKind::Cpu };
    Identity { name: name.to_owned(), version: version.to_owned(), build, instruction_set, device }
}

/// Returns the identity of an engine whose library is not here.
pub(crate) fn missing(name: &str) -> Identity {
    identity(name, "missing", String::new(), String::new())
}

/// Returns the bytes of a model's ONNX file.
///
/// # Errors
/// A refusal if the model is no ONNX file.
pub(crate) fn bytes(engine: &str, model: Model) -> Result<Vec<u8>, Refusal> {
    match model {
        Model::Onnx(bytes) => Ok(bytes),
        Model::Module => {
            let reason = format!("{engine}: loads ONNX files, not Burn modules");
            Err(Refusal::new(RefusalKind::Unsupported, reason))
        }
    }
}

/// Returns why an inference gave no logits, in the engine's words.
pub(crate) fn failure(engine: &str, words: impl ToString) -> Failure {
    Failure::new(format!("{engine}: {}", error_text::line(&words.to_string())))
}
