//! stdout is data, stderr is everything else.

use std::io::{ErrorKind, Write, stdout};
use std::path::Path;

use anyhow::{Context, Result};
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

/// Prints text and a line's end to stdout; a reader that has gone away ends the command quietly.
///
/// # Errors
/// stdout cannot be written.
pub fn text(text: &str) -> Result<()> {
    match writeln!(stdout().lock(), "{}", text.trim_end()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.context("cannot write to stdout"),
    }
}

/// Prints a value as indented JSON to stdout.
///
/// # Errors
/// stdout cannot be written.
pub fn json(value: &impl Serialize) -> Result<()> {
    text(&serde_json::to_string_pretty(value).context("cannot write JSON")?)
}

/// Prints rows under a header to stdout, columns aligned.
///
/// # Errors
/// stdout cannot be written.
pub fn table<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<()> {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    table.add_rows(rows);
    let lines: Vec<_> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    text(&lines.join("\n"))
}

/// Prints rows under a header to stdout as comma-separated values (RFC 4180, lines ending with a
/// line feed).
///
/// # Errors
/// stdout cannot be written.
pub fn csv<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).context("cannot write CSV")?;
    for row in rows {
        writer.write_record(row).context("cannot write CSV")?;
    }
    let bytes = writer.into_inner().context("cannot write CSV")?;
    text(&String::from_utf8(bytes).context("cannot write CSV")?)
}

/// Writes a page to a file, its folder too.
///
/// # Errors
/// It cannot be written.
pub fn page(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, text))
        .with_context(|| format!("cannot write `{}`", path.display()))
}

/// Prints a line of progress or advice to stderr.
#[expect(clippy::print_stderr, reason = "the one place that writes to stderr")]
pub fn say(line: &str) {
    eprintln!("{line}");
}

/// Prints an error with its causes to stderr.
pub fn error(error: &anyhow::Error) {
    say(&format!("error: {error:#}"));
}
