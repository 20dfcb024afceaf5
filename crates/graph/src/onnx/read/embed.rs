//! Weights in a second file become part of the first.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use prost::Message;

use super::wire::{self, fields};
use crate::ReadError;
use crate::onnx::schema::{DataLocation, TensorProto};

/// Numbers of fields: of the model, and of its graph.
const GRAPH: usize = 7;
const INITIALIZER: usize = 5;

/// The entry that names the other file.
const LOCATION: &str = "location";

/// Bytes that a message may have: what does not fit into one cannot be given to every engine.
pub(super) const MOST_BYTES: u64 = i32::MAX as u64;

/// Where the elements of a constant lie in another file.
pub(super) struct Located {
    /// The constant's name.
    constant: String,
    /// The file as the constant names it, and where it is.
    location: String,
    path: PathBuf,
    /// The first byte.
    offset: u64,
    /// How many there are.
    pub bytes: u64,
}

/// Returns a file with the constants that lie in other files of its folder; a file without such is returned as it is.
///
/// # Errors
/// It is no ONNX file, a constant's file is not there, lies outside the folder or is too short, or all together would be
/// larger than protocol buffers may be.
pub fn embed(bytes: Vec<u8>, folder: &Path) -> Result<Vec<u8>, ReadError> {
    if !has_external(&bytes)? {
        return Ok(bytes);
    }
    let mut whole = Vec::with_capacity(bytes.len());
    for field in fields(&bytes)? {
        if field.is_message(GRAPH) {
            wire::put(GRAPH, &within_graph(field.content, folder)?, &mut whole)?;
        } else {
            whole.extend_from_slice(field.whole);
        }
    }
    Ok(whole)
}

fn has_external(bytes: &[u8]) -> Result<bool, ReadError> {
    for graph in fields(bytes)?.into_iter().filter(|field| field.is_message(GRAPH)) {
        for field in fields(graph.content)?.into_iter().filter(|it| it.is_message(INITIALIZER)) {
            if decoded(field.content)?.data_location() == DataLocation::External {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn within_graph(bytes: &[u8], folder: &Path) -> Result<Vec<u8>, ReadError> {
    let mut whole = Vec::with_capacity(bytes.len());
    for field in fields(bytes)? {
        if !field.is_message(INITIALIZER) {
            whole.extend_from_slice(field.whole);
            continue;
        }
        let tensor = decoded(field.content)?;
        if tensor.data_location() == DataLocation::External {
            let room = MOST_BYTES.saturating_sub(whole.len() as u64);
            let read = read(&located(&tensor, folder, room)?)?;
            wire::put(INITIALIZER, &holding(tensor, read), &mut whole)?;
        } else {
            whole.extend_from_slice(field.whole);
        }
    }
    Ok(whole)
}

/// Returns a constant of the file.
///
/// # Errors
/// The bytes are no constant.
pub(super) fn decoded(bytes: &[u8]) -> Result<TensorProto, ReadError> {
    TensorProto::decode(bytes).map_err(|error| ReadError::NotOnnx { reason: error.to_string() })
}

/// Returns a constant with elements of its own.
pub(super) fn holding(tensor: TensorProto, elements: Vec<u8>) -> Vec<u8> {
    let (external_data, data_location) = (Vec::new(), None);
    let raw_data = Some(elements.into());
    TensorProto { raw_data, external_data, data_location, ..tensor }.encode_to_vec()
}

/// Returns where a constant lies in another file of the folder, which is there and long enough.
///
/// # Errors
/// It lies outside the folder, the file is not there or too short, or it has more bytes than `room`.
pub(super) fn located(
    tensor: &TensorProto,
    folder: &Path,
    room: u64,
) -> Result<Located, ReadError> {
    let refuse = |reason: String| refusal(tensor.name(), reason);
    let number = |key: &str| {
        let text = entry(tensor, key);
        if text.is_empty() {
            return Ok(None);
        }
        text.parse::<u64>()
            .map(Some)
            .map_err(|_| refuse(format!("the `{key}` of its data is `{text}`, expected a number")))
    };
    let location = entry(tensor, LOCATION);
    let is_within = !location.is_empty()
        && Path::new(location)
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !is_within {
        return Err(refuse(format!("lies in `{location}`, expected a file beside this one")));
    }
    let (offset, bytes) = (number("offset")?.unwrap_or_default(), number("length")?);
    let path = folder.join(location);
    let size = File::open(&path).and_then(|file| file.metadata());
    let size = size.map_err(|error| refuse(missing(location, &error)))?.len();
    let bytes = bytes.unwrap_or(size.saturating_sub(offset));
    if bytes > room {
        return Err(refuse(format!(
            "the model with its weights is larger than {MOST_BYTES} bytes"
        )));
    }
    if offset.checked_add(bytes).is_none_or(|end| end > size) {
        return Err(refuse(format!("lies in `{location}`, which is too short")));
    }
    let (constant, location) = (tensor.name().to_owned(), location.to_owned());
    Ok(Located { constant, location, path, offset, bytes })
}

/// Returns the elements of a constant that lie in another file.
///
/// # Errors
/// The file cannot be read.
pub(super) fn read(located: &Located) -> Result<Vec<u8>, ReadError> {
    let Located { constant, location, path, offset, bytes } = located;
    let read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(*offset))?;
        let mut elements = vec![0; usize::try_from(*bytes).unwrap_or(usize::MAX)];
        file.read_exact(&mut elements)?;
        Ok(elements)
    };
    read().map_err(|error| refusal(constant, missing(location, &error)))
}

fn entry<'t>(tensor: &'t TensorProto, key: &str) -> &'t str {
    tensor.external_data.iter().find(|entry| entry.key() == key).map_or("", |entry| entry.value())
}

fn missing(location: &str, error: &io::Error) -> String {
    format!("lies in `{location}`: {error}")
}

fn refusal(constant: &str, reason: String) -> ReadError {
    ReadError::Constant { constant: constant.to_owned(), reason }
}
