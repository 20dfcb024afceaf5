//! Writes an architecture with its weights as an ONNX file.

use anyhow::{Context, Result};
use formbench_protocol::{ExportRequest, Exported};
use indicatif::HumanBytes;
use serde_json::json;

use crate::arguments::{Arguments, ExportArguments};
use crate::exit::Exit;
use crate::{location, output};

/// Writes the file and prints its path; what it cost goes to stderr.
///
/// # Errors
/// The worker does not answer, cannot record the architecture or write the file.
pub fn execute(arguments: &Arguments, export: &ExportArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let subject = export.subject.subject_for_once(&worker)?;
    let path = std::path::absolute(&export.output)
        .with_context(|| format!("cannot find `{}`", export.output.display()))?;
    let label = subject.architecture.to_string();
    let exported = worker.export(ExportRequest { subject, path })?;
    let file = export.output.display().to_string();
    if export.json {
        output::json(&json!({ "architecture": label, "file": file, "cost": exported }))?;
    } else {
        output::say(&cost(&label, &exported));
        output::text(&file)?;
    }
    Ok(Exit::Done)
}

fn cost(label: &str, exported: &Exported) -> String {
    format!(
        "{label}: {}, recorded in {:.2} s, written in {:.2} s; the worker's peak memory was {}, {:.1} \
         × the weights",
        HumanBytes(exported.file_bytes),
        exported.record_ns as f64 / 1e9,
        exported.write_ns as f64 / 1e9,
        HumanBytes(exported.peak_rss_bytes),
        exported.peak_rss_bytes as f64 / exported.weight_bytes.max(1) as f64,
    )
}
