//! Files of the user's that experiments name.

use std::fs::File;
use std::io;
use std::path::Path;

use formbench_protocol::UserFile;
use sha2::{Digest, Sha256};

use crate::node::{Fault, Node};

/// Returns the file at a path relative to `folder`.
///
/// # Errors
/// It cannot be read.
pub fn user_file(path: &str, folder: &Path) -> io::Result<UserFile> {
    let place = std::path::absolute(folder.join(path))?;
    let mut hash = Sha256::new();
    io::copy(&mut File::open(&place)?, &mut hash)?;
    let sha256 = format!("{:x}", hash.finalize());
    Ok(UserFile { path: path.to_owned(), sha256, place })
}

/// Returns the file that a node names, whose path is relative to the experiment's folder and ends so.
pub(crate) fn read(
    what: &str,
    node: &Node,
    ending: &str,
    folder: &Path,
) -> Result<UserFile, Fault> {
    let path = node.text(what)?;
    if !path.ends_with(ending) {
        return Err(node.unexpected(what, &format!("a path that ends with `{ending}`")));
    }
    if Path::new(path).is_absolute() {
        return Err(node.unexpected(what, "a path from this file's folder on"));
    }
    user_file(path, folder)
        .map_err(|error| node.fault(format!("{what}: `{path}` cannot be read: {error}")))
}
