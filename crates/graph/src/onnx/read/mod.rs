//! Reads ONNX files back: the inverse of what is written beside it, for files from elsewhere too.
//!
//! Owns the meaning of the operators from opset 7 on, the shapes of what they write, and the
//! folding of constants that exporters leave as nodes. All shapes follow from the inputs'; what a file states of the values
//! between its nodes is asked only behind operators that have no rule.

mod broadcast;
mod constant;
mod element;
mod embed;
mod file;
mod fix;
mod fold;
mod inline;
mod interface;
mod numbers;
mod outline;
mod reader;
mod rule;
mod shape;
mod source;
mod wire;

pub use embed::embed;
pub use fix::{fix_input, fix_inputs};
pub use inline::inline;
pub use interface::interface;
pub use outline::{Outline, WEIGHTS_BYTES, outline};

use std::collections::HashMap;
use std::ops::RangeInclusive;

use crate::{Graph, ReadError};
use reader::{ReadConstant, Reader, Stated};

/// Versions of the operators whose meaning is known: before, shapes were not broadcast as now.
const OPSETS: RangeInclusive<i64> = 7..=22;

/// Returns the graph in an ONNX file whose inputs have fixed shapes.
///
/// # Errors
/// It is no ONNX file, refers to another one, or has an operator, an attribute or a kind of elements
/// that no graph has: the error names the node.
pub fn read(bytes: &[u8]) -> Result<Graph, ReadError> {
    read_with(bytes, HashMap::new(), constant::read)
}

/// Returns the graph as [`read`] does, but for operators that no graph has: each of them becomes
/// [`Operator::Other`](crate::Operator::Other) if `stated`, the file before its inputs were fixed, states the shapes of
/// what it gives.
///
/// # Errors
/// As [`read`], of an operator whose outputs have no stated shape.
pub fn read_stated(bytes: &[u8], stated: &[u8]) -> Result<Graph, ReadError> {
    read_with(bytes, self::stated(stated)?, constant::read)
}

/// Returns the shapes and elements that a file states of its values.
fn stated(file: &[u8]) -> Result<Stated, ReadError> {
    let (file, _) = file::model(file)?;
    let infos = file.value_info.iter().chain(&file.output);
    let known = infos.filter_map(|info| {
        let element = element::element(shape::elements(info))?;
        Some((info.name().to_owned(), (shape::fixed(info)?, element)))
    });
    Ok(known.collect())
}

fn read_with(bytes: &[u8], stated: Stated, constant: ReadConstant) -> Result<Graph, ReadError> {
    let (file, opset) = file::model(bytes)?;
    if !OPSETS.contains(&opset) {
        return Err(ReadError::Opset { found: opset });
    }
    let mut reader = Reader::new(&file, opset, stated, constant)?;
    for (place, node) in file.node.iter().enumerate() {
        reader.node(node, place)?;
    }
    reader.finish(&file)
}

#[cfg(test)]
mod tests;
