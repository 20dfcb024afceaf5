//! `onnx: models/own.onnx`: architectures in the user's own files.

use std::fs::File;
use std::io;
use std::path::Path;

use formbench_protocol::{Architecture, ModelFile};
use sha2::{Digest, Sha256};

use crate::Cell;
use crate::node::{Fault, Node};

/// How the path of a model ends.
const ENDING: &str = ".onnx";

/// Returns the models that a row lists; their paths are relative to the experiment's folder.
pub(crate) fn read(paths: &Node, folder: &Path) -> Result<Vec<Architecture>, Fault> {
    paths.one_or_more("onnx", |node| {
        let path = node.text("onnx")?;
        if !path.ends_with(ENDING) {
            return Err(node.unexpected("onnx", &format!("a path that ends with `{ENDING}`")));
        }
        if Path::new(path).is_absolute() {
            return Err(node.unexpected("onnx", "a path from this file's folder on"));
        }
        model_file(path, folder)
            .map_err(|error| node.fault(format!("onnx: `{path}` cannot be read: {error}")))
    })
}

/// Returns the model in the file at a path relative to `folder`.
///
/// # Errors
/// The file cannot be read.
pub fn model_file(path: &str, folder: &Path) -> io::Result<Architecture> {
    let place = std::path::absolute(folder.join(path))?;
    let mut hash = Sha256::new();
    io::copy(&mut File::open(&place)?, &mut hash)?;
    let sha256 = format!("{:x}", hash.finalize());
    Ok(Architecture::File(ModelFile { path: path.to_owned(), sha256, place }))
}

/// Returns a path that means two different files in the cells, if there is one: figures could not
/// tell the two files apart.
pub(crate) fn ambiguous(cells: &[Cell]) -> Option<&str> {
    let mut files: Vec<&ModelFile> = cells.iter().filter_map(file).collect();
    files.sort_unstable();
    files.dedup();
    let twice = files.windows(2).find(|two| two[0].path == two[1].path);
    twice.map(|two| two[0].path.as_str())
}

fn file(cell: &Cell) -> Option<&ModelFile> {
    match &cell.architecture {
        Architecture::File(file) => Some(file),
        Architecture::Network { .. } | Architecture::Pattern { .. } => None,
    }
}
