use std::fs;
use std::path::Path;

use formbench_analysis::Run;
use formbench_report::{FigureTable, Supplement, render, tables};

use crate::imagined::{self, Scope, Size};

pub const SMALL: Size = Size { rounds: 3, samples: 8, noise: 0.02 };

/// Returns the study's own half on one form of each pattern and on two networks.
pub fn small_paper() -> Run {
    imagined::paper(&SMALL, &Scope { grid: &[(8, 32)], patterns: 4, networks: 2 })
}

pub fn table(run: &Run, figure: &str) -> FigureTable {
    tables(run).unwrap().into_iter().find(|table| table.figure == figure).unwrap()
}

/// Returns the cells of an engine.
pub fn cells_of(run: &Run, engine: &str) -> Vec<String> {
    let cells = run.cells.values().filter(|cell| cell.engine == engine);
    cells.map(|cell| cell.cell.clone()).collect()
}

/// Returns every file that rendering writes, by its path below the folder.
pub fn rendered(run: &Run, name: &str) -> Vec<(String, Vec<u8>)> {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let files = render(run, &[], &out, "formbench figures", &Supplement::default()).unwrap();
    let named = |path: &Path| path.strip_prefix(&out).unwrap().display().to_string();
    files.iter().map(|path| (named(path), fs::read(path).unwrap())).collect()
}
