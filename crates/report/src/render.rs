use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use formbench_analysis::{
    RESULTS, Run, Verdict, View, results::result_rows, results_csv, set::sets,
};

use crate::canvas::{Canvas, svg, write_png};
use crate::page::page;
use crate::rendered_figure::RenderedFigure;
use crate::{FIGURES, FigureEntry, FigureTable, ReportError, Supplement, html, present_name};

/// Returns what every figure of a run says, by set and in the order of `FIGURES`: the numbers of
/// the pictures and of the page.
///
/// # Errors
/// If an experiment asks for a figure that does not exist.
pub fn tables(run: &Run) -> Result<Vec<FigureTable>, ReportError> {
    Ok(figures(run)?.into_iter().map(|asked| asked.table).collect())
}

/// A figure of a run.
struct Asked {
    entry: &'static FigureEntry,
    table: FigureTable,
    /// Whether an experiment names it; another comes along with a figure that is named.
    is_named: bool,
}

/// Draws every figure of a run as SVG and PNG into `out/<set>/`, writes the pages that show them
/// below the verdicts, `report.html` with what `supplement` holds and `README.md`, every cell as `results.csv`, and
/// returns the files. `command` is
/// what the pages say remakes them.
///
/// # Errors
/// If an experiment asks for a figure that does not exist, or a file cannot be written.
pub fn render(
    run: &Run,
    verdicts: &[Verdict],
    out: &Path,
    command: &str,
    supplement: &Supplement,
) -> Result<Vec<PathBuf>, ReportError> {
    let mut written = Vec::new();
    let mut drawn = Vec::new();
    for Asked { entry, table, is_named } in figures(run)? {
        if table.omitted.is_some() {
            remove_pictures(&table, out)?;
            // Nobody misses what would only have come along.
            if is_named {
                drawn.push(RenderedFigure { table, svg: None });
            }
            continue;
        }
        let canvas = (entry.draw)(&table)?;
        let (files, svg) = write_pictures(&canvas, &table, out)?;
        written.extend(files);
        drawn.push(RenderedFigure { table, svg: Some(svg) });
    }
    let results = results_csv(&result_rows(run));
    let results = results.map_err(|source| ReportError::Csv { path: out.join(RESULTS), source })?;
    let pages = [
        (RESULTS, results),
        ("report.html", html::page(run, &drawn, command, supplement)),
        ("README.md", page(run, verdicts, &drawn, command)),
    ];
    for (name, text) in pages {
        let path = out.join(name);
        write(&path, text.as_bytes())?;
        written.push(path);
    }
    Ok(written)
}

fn figures(run: &Run) -> Result<Vec<Asked>, ReportError> {
    check_names(run)?;
    let mut figures = Vec::new();
    for (set, experiments) in sets(run) {
        for entry in FIGURES {
            let asking = experiments.iter().filter(|one| entry.is_asked(&one.figures));
            let asking: Vec<_> = asking.copied().collect();
            if !asking.is_empty() {
                let mut names = asking.iter().flat_map(|one| &one.figures);
                let is_named = names.any(|name| present_name(name) == entry.name);
                let table = (entry.table)(&View::of(run, set, asking));
                figures.push(Asked { entry, table, is_named });
            }
        }
    }
    Ok(figures)
}

fn check_names(run: &Run) -> Result<(), ReportError> {
    for experiment in &run.experiments {
        let is_known = |name: &&String| {
            FIGURES.iter().any(|entry| entry.is_asked(std::slice::from_ref(*name)))
        };
        if let Some(figure) = experiment.figures.iter().find(|name| !is_known(name)) {
            let known: Vec<&str> = FIGURES.iter().map(|entry| entry.name).collect();
            let (experiment, figure) = (experiment.experiment.clone(), figure.clone());
            return Err(ReportError::UnknownFigure { experiment, figure, known: known.join(", ") });
        }
    }
    Ok(())
}

/// Removes what an earlier drawing left of a figure that has no picture now: it would contradict the page.
pub(crate) fn remove_pictures(table: &FigureTable, out: &Path) -> Result<(), ReportError> {
    for format in ["svg", "png"] {
        let path = out.join(&table.set).join(table.figure).with_extension(format);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(ReportError::Write { path, source });
            }
            _ => {}
        }
    }
    Ok(())
}

pub(crate) fn write_pictures(
    canvas: &Canvas,
    table: &FigureTable,
    out: &Path,
) -> Result<([PathBuf; 2], String), ReportError> {
    let stem = out.join(&table.set).join(table.figure);
    let [svg_path, png_path] = ["svg", "png"].map(|format| stem.with_extension(format));
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |cause| ReportError::Draw { path, cause }
    };
    let text = svg(canvas, &table.question, &table.reading).map_err(failed(&svg_path))?;
    write(&svg_path, text.as_bytes())?;
    write_png(canvas, &png_path).map_err(failed(&png_path))?;
    Ok(([svg_path, png_path], text))
}

pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, bytes));
    written.map_err(|source| ReportError::Write { path: path.to_path_buf(), source })
}
