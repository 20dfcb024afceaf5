//! A model in somebody's own ONNX file, read where it lies.

use std::fs;
use std::path::Path;

use formbench_graph::{Graph, ReadError, onnx};
use formbench_protocol::{Input, Interface, Refusal, RefusalKind, UserFile};
use sha2::{Digest, Sha256};

/// Returns the file's content with its weights, mended, its inputs fixed to those shapes.
///
/// # Errors
/// A refusal if the file has changed since it was named, or cannot take such inputs.
pub(crate) fn content(file: &UserFile, input: &Input) -> Result<Vec<u8>, Refusal> {
    let bytes = whole(file)?;
    let fixed = match input {
        Input::Images(images) => onnx::fix_input(&bytes, &images.shape()),
        Input::Tensors(of) => {
            let shape = |shape: &[u64]| shape.iter().map(|size| *size as usize).collect();
            let shapes: Vec<Vec<usize>> = of.tensors.iter().map(|it| shape(&it.shape)).collect();
            let names = of.tensors.iter().map(|tensor| tensor.name.as_str());
            let given: Vec<_> = names.zip(shapes.iter().map(Vec::as_slice)).collect();
            onnx::fix_inputs(&bytes, &given)
        }
    };
    fixed.map_err(|error| refusal(file, &error))
}

/// Returns what the file takes and gives.
///
/// # Errors
/// A refusal if the file has changed since it was named, or no engine can run it.
pub fn interface(file: &UserFile) -> Result<Interface, Refusal> {
    onnx::interface(&whole(file)?).map_err(|error| refusal(file, &error))
}

/// Returns the file's content with the weights that lie in other files of its folder, and without functions of its own.
fn whole(file: &UserFile) -> Result<Vec<u8>, Refusal> {
    let bytes = unchanged(file)?;
    // The path may be a link; the other files lie beside what it leads to.
    let place = fs::canonicalize(&file.place).unwrap_or_else(|_| file.place.clone());
    let folder = place.parent().unwrap_or(Path::new(""));
    onnx::embed(bytes, folder).and_then(onnx::inline).map_err(|error| refusal(file, &error))
}

/// Returns the graph in the file, at the shape of its input.
///
/// # Errors
/// As [`content`], or a refusal that names a node whose operator has no graph form.
pub(crate) fn graph(file: &UserFile, input: &Input) -> Result<Graph, Refusal> {
    let stated = whole(file)?;
    onnx::read_stated(&content(file, input)?, &stated).map_err(|error| refusal(file, &error))
}

fn unchanged(file: &UserFile) -> Result<Vec<u8>, Refusal> {
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

fn refusal(file: &UserFile, error: &ReadError) -> Refusal {
    let kind = match error {
        ReadError::NotOnnx { .. } => RefusalKind::Failed,
        _ => RefusalKind::Unsupported,
    };
    Refusal::new(kind, format!("{}: {error}", file.path))
}
