//! A model in somebody's own ONNX file, read where it lies.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;

use formbench_graph::{Graph, ReadError, onnx};
use formbench_protocol::{Input, Interface, Refusal, RefusalKind, UserFile};
use memmap2::{Mmap, MmapOptions};
use sha2::{Digest, Sha256};

/// Returns the file's content with its weights, mended, its inputs fixed to those shapes.
///
/// # Errors
/// A refusal if the file has changed since it was named, or cannot take such inputs.
pub(crate) fn content(file: &UserFile, input: &Input) -> Result<Vec<u8>, Refusal> {
    fixed(&whole(file)?, input).map_err(|error| refusal(file, &error))
}

/// Returns what the file takes and gives. Whether it has changed since it was named is seen by what counts or loads it.
///
/// # Errors
/// A refusal if the file cannot be read, or no engine can run it.
pub fn interface(file: &UserFile) -> Result<Interface, Refusal> {
    let mapped = mapped(file)?;
    let outline = onnx::outline(&mapped, &folder(file), onnx::WEIGHTS_BYTES);
    outline.and_then(|it| onnx::interface(&it)).map_err(|error| refusal(file, &error))
}

/// Returns the graph in the file, at the shape of its input.
///
/// # Errors
/// As [`content`], or a refusal that names a node whose operator has no graph form.
pub(crate) fn graph(file: &UserFile, input: &Input) -> Result<Graph, Refusal> {
    let whole = whole(file)?;
    let graph = fixed(&whole, input).and_then(|bytes| onnx::read_stated(&bytes, &whole));
    graph.map_err(|error| refusal(file, &error))
}

/// Returns the graph in the file, at the shape of its input, to be counted: its weights are zeros.
///
/// # Errors
/// As [`graph`].
pub(crate) fn counted(file: &UserFile, input: &Input) -> Result<Graph, Refusal> {
    let mapped = mapped(file)?;
    let read = || {
        let outline = onnx::outline(&mapped, &folder(file), onnx::WEIGHTS_BYTES)?;
        outline.graph(|bytes| fixed(bytes, input))
    };
    // All bytes are read for that alone, so that it takes longest.
    let (unchanged, graph) = thread::scope(|scope| {
        let checked = scope.spawn(|| is_unchanged(file, &mapped));
        let graph = read();
        (checked.join(), graph)
    });
    if !matches!(unchanged, Ok(true)) {
        return Err(changed(file));
    }
    graph.map_err(|error| refusal(file, &error))
}

fn fixed(bytes: &[u8], input: &Input) -> Result<Vec<u8>, ReadError> {
    match input {
        Input::Images(images) => onnx::fix_input(bytes, &images.shape()),
        Input::Tensors(of) => {
            let shape = |shape: &[u64]| shape.iter().map(|size| *size as usize).collect();
            let shapes: Vec<Vec<usize>> = of.tensors.iter().map(|it| shape(&it.shape)).collect();
            let names = of.tensors.iter().map(|tensor| tensor.name.as_str());
            let given: Vec<_> = names.zip(shapes.iter().map(Vec::as_slice)).collect();
            onnx::fix_inputs(bytes, &given)
        }
    }
}

/// Returns the file's content with the weights that lie in other files of its folder, and without functions of its own.
fn whole(file: &UserFile) -> Result<Vec<u8>, Refusal> {
    let bytes = fs::read(&file.place).map_err(|error| unreadable(file, &error))?;
    if !is_unchanged(file, &bytes) {
        return Err(changed(file));
    }
    let whole = onnx::embed(bytes, &folder(file)).and_then(onnx::inline);
    whole.map_err(|error| refusal(file, &error))
}

/// Returns where the file is: its path may be a link, and its other files lie beside what that leads to.
fn folder(file: &UserFile) -> PathBuf {
    let place = fs::canonicalize(&file.place).unwrap_or_else(|_| file.place.clone());
    place.parent().unwrap_or(Path::new("")).to_owned()
}

/// Returns the file's bytes, none of which is read before it is looked at.
fn mapped(file: &UserFile) -> Result<Mmap, Refusal> {
    let opened = File::open(&file.place);
    #[expect(
        unsafe_code,
        reason = "nobody writes to a model while a process counts it, or that process may end"
    )]
    // SAFETY: The bytes are read alone, and every slice of them is checked against their number.
    let mapped =
        opened.and_then(|opened| unsafe { MmapOptions::new().map_copy_read_only(&opened) });
    mapped.map_err(|error| unreadable(file, &error))
}

fn is_unchanged(file: &UserFile, bytes: &[u8]) -> bool {
    file.may_have_any_content() || format!("{:x}", Sha256::digest(bytes)) == file.sha256
}

fn unreadable(file: &UserFile, error: &std::io::Error) -> Refusal {
    Refusal::new(RefusalKind::Failed, format!("`{}` cannot be read: {error}", file.path))
}

fn changed(file: &UserFile) -> Refusal {
    let reason = format!("`{}` has changed since the run was planned", file.path);
    Refusal::new(RefusalKind::Failed, reason).remedy("give the same command again")
}

fn refusal(file: &UserFile, error: &ReadError) -> Refusal {
    let kind = match error {
        ReadError::NotOnnx { .. } => RefusalKind::Failed,
        _ => RefusalKind::Unsupported,
    };
    Refusal::new(kind, format!("{}: {error}", file.path))
}
