//! A model in somebody's own ONNX file, read where it lies.

use std::fs;

use formbench_graph::{Graph, ReadError, onnx};
use formbench_protocol::{Input, ModelFile, Refusal, RefusalKind};
use sha2::{Digest, Sha256};

/// Returns the file's content, its input fixed to that shape.
///
/// # Errors
/// A refusal if the file has changed since it was named, or cannot take such an input.
pub(crate) fn content(file: &ModelFile, input: &Input) -> Result<Vec<u8>, Refusal> {
    let shape = input.require_images()?.shape();
    onnx::fix_input(&unchanged(file)?, &shape).map_err(|error| refusal(file, &error))
}

/// Returns the graph in the file, at the shape of its input.
///
/// # Errors
/// As [`content`], or a refusal that names a node whose operator has no graph form.
pub(crate) fn graph(file: &ModelFile, input: &Input) -> Result<Graph, Refusal> {
    onnx::read(&content(file, input)?).map_err(|error| refusal(file, &error))
}

fn unchanged(file: &ModelFile) -> Result<Vec<u8>, Refusal> {
    let failed =
        |reason: String| Refusal::new(RefusalKind::Failed, format!("`{}` {reason}", file.path));
    let bytes =
        fs::read(&file.place).map_err(|error| failed(format!("cannot be read: {error}")))?;
    if format!("{:x}", Sha256::digest(&bytes)) == file.sha256 {
        return Ok(bytes);
    }
    let changed = failed("has changed since the run was planned".to_owned());
    Err(changed.remedy("give the same command again"))
}

fn refusal(file: &ModelFile, error: &ReadError) -> Refusal {
    let kind = match error {
        ReadError::NotOnnx { .. } => RefusalKind::Failed,
        _ => RefusalKind::Unsupported,
    };
    Refusal::new(kind, format!("{}: {error}", file.path))
}
