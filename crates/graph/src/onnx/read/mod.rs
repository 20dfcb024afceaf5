//! Reads ONNX files back: the inverse of what is written beside it, for files from elsewhere too.
//!
//! Owns the meaning of the operators from opset 7 on, the shapes of what they write, and the
//! folding of constants that exporters leave as nodes. What a file states of the values between its
//! nodes is not asked: all shapes follow from the inputs'.

mod broadcast;
mod constant;
mod element;
mod file;
mod fix;
mod fold;
mod numbers;
mod reader;
mod rule;
mod shape;
mod source;
mod wire;

pub use fix::fix_input;

use std::ops::RangeInclusive;

use crate::{Graph, ReadError};
use reader::Reader;

/// Versions of the operators whose meaning is known: before, shapes were not broadcast as now.
const OPSETS: RangeInclusive<i64> = 7..=22;

/// Returns the graph in an ONNX file whose inputs have fixed shapes.
///
/// # Errors
/// It is no ONNX file, refers to another one, or has an operator, an attribute or a kind of elements
/// that no graph has: the error names the node.
pub fn read(bytes: &[u8]) -> Result<Graph, ReadError> {
    let (file, opset) = file::model(bytes)?;
    if !OPSETS.contains(&opset) {
        return Err(ReadError::Opset { found: opset });
    }
    let mut reader = Reader::new(&file, opset)?;
    for (place, node) in file.node.iter().enumerate() {
        reader.node(node, place)?;
    }
    reader.finish(&file)
}

#[cfg(test)]
mod tests;
