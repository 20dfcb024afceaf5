//! What changed between versions: figure and page.

mod figure;
mod page;

use std::path::{Path, PathBuf};

use formbench_analysis::history::{Changes, VersionHistory};

use crate::ReportError;
use crate::render::{write, write_pictures};

/// Draws the figure `history` as SVG and PNG into `out/`, writes the page that shows it with every step between versions,
/// `README.md`, and returns the files. `changes` are those of the history; `command` is what the page says remakes it.
///
/// # Errors
/// If a file cannot be written.
pub fn history(
    history: &VersionHistory,
    changes: &Changes,
    out: &Path,
    command: &str,
) -> Result<Vec<PathBuf>, ReportError> {
    let panels = history.panels(changes);
    let table = figure::table(&panels, changes);
    let (files, _) = write_pictures(&figure::draw(&table, &panels)?, &table, out)?;
    let path = out.join("README.md");
    write(&path, page::page(changes, &table, command).as_bytes())?;
    Ok(files.into_iter().chain([path]).collect())
}
