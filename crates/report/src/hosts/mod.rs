//! Hosts side by side: three figures for each baseline, and the page that shows them.

mod agreement_of_hosts;
mod page;
mod speedup_across_hosts;
mod variance_of_speedup;

use std::path::{Path, PathBuf};

use formbench_analysis::hosts::{HostFamily, SideBySide};

use crate::canvas::Canvas;
use crate::render::{remove_pictures, write, write_pictures};
use crate::{FigureTable, ReportError};

/// A figure of a family: what it says, and how that is drawn.
struct HostFigure {
    table: fn(&HostFamily) -> FigureTable,
    draw: fn(&SideBySide, &HostFamily, &FigureTable) -> Result<Canvas, ReportError>,
}

/// The figures, in the order of the page.
const FIGURES: [HostFigure; 3] =
    [speedup_across_hosts::FIGURE, agreement_of_hosts::FIGURE, variance_of_speedup::FIGURE];

/// A family with what its figures say.
struct Section<'a> {
    family: &'a HostFamily,
    figures: Vec<FigureTable>,
}

/// Draws hosts side by side as SVG and PNG into `out/<family>/`, writes the page that shows the figures, `README.md`, and
/// returns the files. `command` is what the page says remakes them.
///
/// # Errors
/// If a file cannot be written.
pub fn render_hosts(
    of: &SideBySide,
    out: &Path,
    command: &str,
) -> Result<Vec<PathBuf>, ReportError> {
    let mut files = Vec::new();
    let mut sections = Vec::new();
    for family in of.families.iter().filter(|family| !family.spreads.is_empty()) {
        let mut figures = Vec::new();
        for figure in FIGURES {
            let table = FigureTable { set: folder(family), ..(figure.table)(family) };
            if table.omitted.is_some() {
                remove_pictures(&table, out)?;
            } else {
                let canvas = (figure.draw)(of, family, &table)?;
                files.extend(write_pictures(&canvas, &table, out)?.0);
            }
            figures.push(table);
        }
        sections.push(Section { family, figures });
    }
    let path = out.join("README.md");
    write(&path, page::page(of, &sections, command).as_bytes())?;
    files.push(path);
    Ok(files)
}

/// Returns the folder of a family's figures, such as `over-pytorch-1-thread`.
fn folder(family: &HostFamily) -> String {
    let title = family.title().to_lowercase();
    let parts = title.split(|c: char| !c.is_ascii_alphanumeric());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// Returns a table of a figure of hosts without rows of its own.
fn table(figure: &'static str, question: &str, caption: &str, reading: &str) -> FigureTable {
    let table = FigureTable::across(figure, question, caption, reading, Vec::new());
    FigureTable { omitted: None, ..table }
}

/// Returns which versions of formbench measured, as the end of a caption; nothing of one.
fn harnesses(family: &HostFamily) -> &'static str {
    if family.harness_versions.len() > 1 { " \u{b7} by several versions of formbench" } else { "" }
}
