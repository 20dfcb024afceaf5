//! The layers of an architecture that is asked for by name.

use formbench_architectures::blueprint as blueprint_of;
use formbench_blueprint::Blueprint;
use formbench_protocol::{Architecture, Refusal, RefusalKind, Subject};

/// Returns the layers of a subject's architecture.
///
/// # Errors
/// A refusal if the architecture is unknown, is a file, or cannot take the subject's images.
pub(crate) fn blueprint(subject: &Subject) -> Result<Blueprint, Refusal> {
    if let Architecture::File(file) = &subject.architecture {
        return Err(unsupported(format!(
            "`{}` is an ONNX file: its layers are not defined here",
            file.path
        )));
    }
    let blueprint = blueprint_of(&subject.architecture).map_err(unsupported)?;
    let resolution = subject.input.require_images()?.resolution;
    blueprint.shapes(resolution as usize).map_err(|error| {
        unsupported(format!("{} at {resolution} pixels: {error}", subject.architecture))
    })?;
    Ok(blueprint)
}

/// Returns the refusal of what an engine cannot do.
pub(crate) fn unsupported(error: impl ToString) -> Refusal {
    Refusal::new(RefusalKind::Unsupported, error.to_string())
}
