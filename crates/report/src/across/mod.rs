//! Figures of several runs: the study's claims on each machine, and one machine's speed-ups over another's.

mod claims;
mod hosts;

use std::path::{Path, PathBuf};

use crate::canvas::Canvas;
use crate::render::write_pictures;
use crate::{Committed, FigureTable, ReportError};

/// Draws the figures of several committed runs as SVG and PNG into `out/` and returns the files.
///
/// # Errors
/// If a file cannot be written.
pub fn across(committed: &Committed, out: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let claims = claims::table(committed);
    let mut files = write(&claims, &claims::draw(&claims)?, out)?;
    if let [ours, theirs, ..] = committed.references.as_slice() {
        let hosts = hosts::table(ours, theirs);
        files.extend(write(&hosts, &hosts::draw(&hosts)?, out)?);
    }
    Ok(files)
}

fn write(table: &FigureTable, canvas: &Canvas, out: &Path) -> Result<Vec<PathBuf>, ReportError> {
    Ok(write_pictures(canvas, table, out)?.0.to_vec())
}
