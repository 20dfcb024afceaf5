//! Writes graphs as ONNX files, opset 17, and reads such files and others.
//!
//! Owns the form of the file. Every node of the graph becomes one node of its kind; settings that
//! ONNX takes as inputs become constants named `<node>/<role>`. Every value states its shape.

mod attribute;
mod model;
mod node;
mod read;
mod schema;
mod setting;
mod tensor;
mod window;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use prost::Message;

pub use read::{
    Outline, WEIGHTS_BYTES, embed, fix_input, fix_inputs, inline, interface, outline, read,
    read_stated,
};

use crate::{Graph, OnnxError};

/// Largest message that readers of protocol buffers take.
const FILE_LIMIT_BYTES: u64 = i32::MAX as u64;

/// Returns the content of an ONNX file; the same graph gives the same bytes.
///
/// # Errors
/// If the file would be larger than protocol buffers may be, or a node has no ONNX form.
pub fn encode(graph: &Graph) -> Result<Vec<u8>, OnnxError> {
    encode_within(graph, FILE_LIMIT_BYTES)
}

/// Writes an ONNX file. What stands at `path` is replaced at once, when all is written.
///
/// # Errors
/// As [`encode`], or if the file cannot be written.
pub fn write(graph: &Graph, path: &Path) -> Result<(), OnnxError> {
    let bytes = encode(graph)?;
    let partial = partial(path);
    let written = save(&bytes, &partial).and_then(|()| fs::rename(&partial, path));
    written.map_err(|source| {
        // The first error tells more than one from removing a file that may not exist.
        let _ = fs::remove_file(&partial);
        OnnxError::Io { path: path.to_owned(), source }
    })
}

/// The size is known, and refused, before a byte is copied.
fn encode_within(graph: &Graph, limit: u64) -> Result<Vec<u8>, OnnxError> {
    let model = model::model(graph)?;
    let bytes = model.encoded_len() as u64;
    if bytes > limit {
        return Err(OnnxError::TooLarge { bytes });
    }
    Ok(model.encode_to_vec())
}

/// Another name in the same folder, this process's own.
fn partial(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    path.with_file_name(name)
}

fn save(bytes: &[u8], path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests;
