use std::fs;
use std::path::Path;

use crate::node::{self, Fault, Node};
use crate::{ExperimentError, Location};

/// Returns the text of a file.
///
/// # Errors
/// The file cannot be read, or is not UTF-8: the error names the first byte that is not.
pub(crate) fn read_text(path: &Path) -> Result<String, ExperimentError> {
    let bytes = fs::read(path)
        .map_err(|source| ExperimentError::Unreadable { path: path.to_owned(), source })?;
    String::from_utf8(bytes).map_err(|error| {
        let readable = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let location = Location::after(&String::from_utf8_lossy(readable));
        invalid(path, location, "text is not UTF-8; save the file as UTF-8")
    })
}

/// Returns what `reader` makes of the document in `source`; `path` is shown in errors.
pub(crate) fn parse<T>(
    path: &Path,
    source: &str,
    reader: impl FnOnce(&Node) -> Result<T, Fault>,
) -> Result<T, ExperimentError> {
    refuse_control_characters(path, source)?;
    let node =
        node::read(source).map_err(|misread| invalid(path, misread.location, misread.message))?;
    reader(&node).map_err(|fault| invalid(path, node::locate(source, fault.at), fault.message))
}

/// Refuses control characters: YAML forbids them, but its parser reports them without a place.
fn refuse_control_characters(path: &Path, source: &str) -> Result<(), ExperimentError> {
    let allowed = ['\t', '\n', '\r', '\u{85}'];
    match source.char_indices().find(|(_, c)| c.is_control() && !allowed.contains(c)) {
        None => Ok(()),
        Some((at, found)) => {
            let message = format!("control character `{}` in the text", found.escape_unicode());
            Err(invalid(path, Location::after(&source[..at]), message))
        }
    }
}

fn invalid(path: &Path, location: Location, message: impl Into<String>) -> ExperimentError {
    ExperimentError::Invalid { path: path.to_owned(), location, message: message.into() }
}
