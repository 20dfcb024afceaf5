//! Weights in a second file become part of the first.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path};

use prost::Message;

use super::wire::{self, fields};
use crate::ReadError;
use crate::onnx::schema::{DataLocation, TensorProto};

/// Numbers of fields: of the model, and of its graph.
const GRAPH: usize = 7;
const INITIALIZER: usize = 5;

/// Bytes that a message may have: what does not fit into one cannot be given to every engine.
const MOST_BYTES: u64 = i32::MAX as u64;

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
        match field.number {
            GRAPH => wire::put(GRAPH, &within_graph(field.content, folder)?, &mut whole)?,
            _ => whole.extend_from_slice(field.whole),
        }
    }
    Ok(whole)
}

fn has_external(bytes: &[u8]) -> Result<bool, ReadError> {
    for graph in fields(bytes)?.into_iter().filter(|field| field.number == GRAPH) {
        for field in fields(graph.content)?.into_iter().filter(|it| it.number == INITIALIZER) {
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
        if field.number != INITIALIZER {
            whole.extend_from_slice(field.whole);
            continue;
        }
        let tensor = decoded(field.content)?;
        if tensor.data_location() == DataLocation::External {
            let read = external(&tensor, folder, MOST_BYTES.saturating_sub(whole.len() as u64))?;
            let own = TensorProto {
                raw_data: Some(read.into()),
                external_data: Vec::new(),
                data_location: None,
                ..tensor
            };
            wire::put(INITIALIZER, &own.encode_to_vec(), &mut whole)?;
        } else {
            whole.extend_from_slice(field.whole);
        }
    }
    Ok(whole)
}

fn decoded(bytes: &[u8]) -> Result<TensorProto, ReadError> {
    TensorProto::decode(bytes).map_err(|error| ReadError::NotOnnx { reason: error.to_string() })
}

/// Returns the bytes of a constant that lie in another file, as many as `room` at most.
fn external(tensor: &TensorProto, folder: &Path, room: u64) -> Result<Vec<u8>, ReadError> {
    let refuse =
        |reason: String| ReadError::Constant { constant: tensor.name().to_owned(), reason };
    let entry = |key: &str| {
        let found = tensor.external_data.iter().find(|entry| entry.key() == key);
        found.map(|entry| entry.value().to_owned())
    };
    let number = |key: &str| {
        let text = entry(key).unwrap_or_default();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse::<u64>()
            .map(Some)
            .map_err(|_| refuse(format!("the `{key}` of its data is `{text}`, expected a number")))
    };
    let location = entry("location").unwrap_or_default();
    let is_within = !location.is_empty()
        && Path::new(&location)
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !is_within {
        return Err(refuse(format!("lies in `{location}`, expected a file beside this one")));
    }
    let (offset, length) = (number("offset")?.unwrap_or_default(), number("length")?);
    let missing = |error: std::io::Error| refuse(format!("lies in `{location}`: {error}"));
    let mut file = File::open(folder.join(&location)).map_err(missing)?;
    let size = file.metadata().map_err(missing)?.len();
    let length = length.unwrap_or(size.saturating_sub(offset));
    if length > room {
        return Err(refuse(format!(
            "the model with its weights is larger than {MOST_BYTES} bytes"
        )));
    }
    if offset.checked_add(length).is_none_or(|end| end > size) {
        return Err(refuse(format!("lies in `{location}`, which is too short")));
    }
    file.seek(SeekFrom::Start(offset)).map_err(missing)?;
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
    file.read_exact(&mut bytes).map_err(missing)?;
    Ok(bytes)
}
