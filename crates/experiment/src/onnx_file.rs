//! `onnx: models/own.onnx`: architectures in the user's own files.

use std::path::Path;

use formbench_protocol::{Architecture, UserFile};

use crate::node::{Fault, Node};
use crate::{Cell, user_file};

/// How the path of a model ends.
const ENDING: &str = ".onnx";

/// Returns the models that a row lists; their paths are relative to the experiment's folder.
pub(crate) fn read(paths: &Node, folder: &Path) -> Result<Vec<Architecture>, Fault> {
    paths.one_or_more("onnx", |node| {
        user_file::read("onnx", node, ENDING, folder).map(Architecture::File)
    })
}

/// Returns a path that means two different files in the cells, if there is one: figures could not
/// tell the two files apart.
pub(crate) fn ambiguous(cells: &[Cell]) -> Option<&str> {
    let mut files: Vec<&UserFile> = cells.iter().filter_map(file).collect();
    files.sort_unstable();
    files.dedup();
    let twice = files.windows(2).find(|two| two[0].path == two[1].path);
    twice.map(|two| two[0].path.as_str())
}

fn file(cell: &Cell) -> Option<&UserFile> {
    match &cell.architecture {
        Architecture::File(file) => Some(file),
        Architecture::Network { .. } | Architecture::Pattern { .. } => None,
    }
}
