//! A file without the elements of its weights: what a model takes, gives and costs follows from their shapes.

use std::path::Path;

use super::broadcast::elements;
use super::constant::read_outlined;
use super::element;
use super::embed::{self, Located, decoded};
use super::inline::inline;
use super::wire::{self, Field, fields};
use crate::onnx::schema::{DataLocation, DataType, TensorProto};
use crate::{Element, Graph, ReadError};

/// Numbers of fields: of the model, its graph, and a constant.
const GRAPH: usize = 7;
const INITIALIZER: usize = 5;
const FLOATS: usize = 4;
const RAW: usize = 9;
const DOUBLES: usize = 10;
/// The fields of a constant that hold elements: those of each kind, and bytes.
const ELEMENTS: [usize; 5] = [FLOATS, 5, 7, RAW, DOUBLES];
/// The fields that say where elements lie.
const ELSEWHERE: [usize; 2] = [13, 14];
/// The field by which an outline marks what it left out; no file has it.
const LEFT_OUT: usize = 1000;

/// Bytes of a constant beyond which it holds weights: shapes are computed from fewer numbers.
pub const WEIGHTS_BYTES: usize = 1 << 12;

/// A model without the elements of its weights, and without functions of its own.
pub struct Outline<'f> {
    /// The file, whose weights have shapes and no elements.
    pub(super) model: Vec<u8>,
    /// Where the weights of 32-bit floats are that the model lacks.
    floats: Vec<Place<'f>>,
}

/// Where the elements of a constant are.
enum Place<'f> {
    /// In the file itself.
    Here(&'f [u8]),
    /// In another one.
    There(Located),
}

/// Returns the outline of a file, for which no weights are read: floats and eight-bit numbers of more than `beyond` bytes in one
/// constant of the graph, in the file or in others of its folder. All else stays as it is: constants of nodes, and what is malformed.
///
/// # Errors
/// As [`embed`](super::embed) and [`inline`](super::inline).
pub fn outline<'f>(file: &'f [u8], folder: &Path, beyond: usize) -> Result<Outline<'f>, ReadError> {
    let mut writer = Writer { folder, beyond, floats: Vec::new(), left_out: 0 };
    let mut model = Vec::new();
    for field in fields(file)? {
        if field.is_message(GRAPH) {
            wire::put(GRAPH, &writer.graph(field.content)?, &mut model)?;
        } else {
            model.extend_from_slice(field.whole);
        }
    }
    let model = inline(model)?;
    Ok(Outline { model, floats: writer.floats })
}

impl Outline<'_> {
    /// Returns the graph in the model, with operators that no graph has as [`read_stated`](super::read_stated) has them. `fix`
    /// fixes the shapes of its inputs, as [`fix_inputs`](super::fix_inputs) does. Weights are zeros: the graph is one to count.
    ///
    /// # Errors
    /// As `fix` and [`read_stated`](super::read_stated).
    pub fn graph(
        &self,
        fix: impl FnOnce(&[u8]) -> Result<Vec<u8>, ReadError>,
    ) -> Result<Graph, ReadError> {
        super::read_with(&fix(&self.model)?, super::stated(&self.model)?, read_outlined)
    }

    /// Calls a function with the bytes of each constant of 32-bit floats that was left out.
    ///
    /// # Errors
    /// Another file cannot be read.
    pub(super) fn each_floats(&self, mut see: impl FnMut(&[u8])) -> Result<(), ReadError> {
        for place in &self.floats {
            match place {
                Place::Here(bytes) => see(bytes),
                Place::There(located) => see(&embed::read(located)?),
            }
        }
        Ok(())
    }
}

struct Writer<'f, 'p> {
    folder: &'p Path,
    beyond: usize,
    floats: Vec<Place<'f>>,
    /// Bytes of all that was left out.
    left_out: u64,
}

impl<'f> Writer<'f, '_> {
    fn graph(&mut self, bytes: &'f [u8]) -> Result<Vec<u8>, ReadError> {
        let mut graph = Vec::new();
        for field in fields(bytes)? {
            let is_constant = field.is_message(INITIALIZER);
            let before = self.left_out + graph.len() as u64;
            let room = embed::MOST_BYTES.saturating_sub(before);
            match is_constant.then(|| self.initializer(field.content, room)).transpose()? {
                Some(Some(other)) => wire::put(INITIALIZER, &other, &mut graph)?,
                _ => graph.extend_from_slice(field.whole),
            }
        }
        Ok(graph)
    }

    /// Returns what stands for a constant, which may lie in another file and have `room` bytes there at most; nothing if it stays
    /// as it is.
    fn initializer(&mut self, constant: &'f [u8], room: u64) -> Result<Option<Vec<u8>>, ReadError> {
        let Ok(header) = Header::of(constant) else {
            return decoded(constant).map(|_| None);
        };
        let (elements, bytes) = if header.tensor.data_location() == DataLocation::External {
            let tensor = decoded(constant)?;
            let located = embed::located(&tensor, self.folder, room)?;
            if header.weights_bytes(self.beyond) != Some(located.bytes) {
                return embed::read(&located).map(|read| Some(embed::holding(tensor, read)));
            }
            let bytes = located.bytes;
            (Place::There(located), bytes)
        } else {
            let Some(own) = header.own_weights(self.beyond) else {
                let is_marked = decoded(constant)?.left_out.is_some();
                return Ok(is_marked.then(|| header.unmarked()));
            };
            (Place::Here(own), own.len() as u64)
        };
        self.left_out += bytes;
        if header.tensor.data_type == Some(DataType::Float.into()) {
            self.floats.push(elements);
        }
        header.without_elements().map(Some)
    }
}

/// A constant, its elements apart.
struct Header<'f> {
    /// All but its elements.
    tensor: TensorProto,
    parts: Vec<Field<'f>>,
}

impl<'f> Header<'f> {
    fn of(constant: &'f [u8]) -> Result<Self, ReadError> {
        let parts = fields(constant)?;
        let rest = joined(&parts, |number| !ELEMENTS.contains(&number));
        Ok(Self { tensor: decoded(&rest)?, parts })
    }

    /// Returns the bytes of all its elements, if it holds weights.
    fn weights_bytes(&self, beyond: usize) -> Option<u64> {
        let element = element::element(self.tensor.data_type.unwrap_or_default())?;
        let is_weight = element.is_float() || matches!(element, Element::I8 | Element::U8);
        let shape = self.tensor.dims.iter().map(|size| usize::try_from(*size).ok());
        let bytes = elements(&shape.collect::<Option<Vec<_>>>()?)?.checked_mul(element.bytes())?;
        (is_weight && bytes > beyond).then_some(bytes as u64).filter(|it| *it <= embed::MOST_BYTES)
    }

    /// Returns the elements that lie in the constant itself, if they are weights and as many as its shape says.
    fn own_weights(&self, beyond: usize) -> Option<&'f [u8]> {
        let bytes = self.weights_bytes(beyond)?;
        let mut held = self.parts.iter().filter(|part| ELEMENTS.contains(&part.number));
        let (part, None) = (held.next()?, held.next()) else { return None };
        let is_plain = match part.number {
            RAW => true,
            FLOATS => self.tensor.data_type == Some(DataType::Float.into()),
            DOUBLES => self.tensor.data_type == Some(DataType::Double.into()),
            _ => false,
        };
        (is_plain && part.content.len() as u64 == bytes).then_some(part.content)
    }

    fn without_elements(&self) -> Result<Vec<u8>, ReadError> {
        let dropped = [&ELEMENTS[..], &ELSEWHERE, &[LEFT_OUT]].concat();
        let mut constant = joined(&self.parts, |number| !dropped.contains(&number));
        wire::put_number(LEFT_OUT, 1, &mut constant)?;
        Ok(constant)
    }

    /// Returns the constant without the mark of outlines.
    fn unmarked(&self) -> Vec<u8> {
        joined(&self.parts, |number| number != LEFT_OUT)
    }
}

fn joined(parts: &[Field<'_>], is_kept: impl Fn(usize) -> bool) -> Vec<u8> {
    let kept = parts.iter().filter(|part| is_kept(part.number));
    kept.flat_map(|part| part.whole.iter().copied()).collect()
}
