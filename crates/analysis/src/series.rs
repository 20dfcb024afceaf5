//! What distinguishes the lines of a figure.

use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::DeviceKind;
use formbench_store::{CellRow, InputShape};
use serde::Serialize;

use crate::order;

/// What one line, or one row of each group, stands for: an engine and the settings that tell it
/// from others in the same figure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Series {
    /// Place of the engine in the order that every figure keeps.
    #[serde(skip)]
    pub order: usize,
    /// Registry name of the engine, which decides the colour.
    pub engine: String,
    /// Number of the setting among those of one engine, which decides the mark.
    #[serde(skip)]
    pub variant: usize,
    /// Engine, options and what else varies within the figure.
    pub label: String,
    /// Threads that its cells may compute on.
    #[serde(skip)]
    pub threads: u32,
}

/// A cell's settings, each as a figure would name it, in the order of a label.
type Settings = [String; 7];

/// The series of a figure, by settings.
pub struct SeriesIndex(BTreeMap<(String, Settings), Series>);

impl SeriesIndex {
    /// Returns the series of cells, each with its baseline if the figure compares with one.
    /// Settings that are the same in all of them are left out of the labels.
    pub fn new<'a>(
        cells: impl Iterator<Item = (&'a CellRow, Option<&'a CellRow>)> + Clone,
    ) -> Self {
        let varies = varying(cells.clone().map(|(cell, baseline)| settings(cell, baseline)));
        let keys: BTreeSet<_> = cells
            .map(|(cell, baseline)| {
                let order = order::engine_order(&cell.engine);
                let label = engine_label(cell);
                let place = (order::level_order(&label), label, cell.threads, cell.input_shape());
                (order, place, key(cell, baseline))
            })
            .collect();
        let mut variants = BTreeMap::new();
        let mut index = BTreeMap::new();
        for (order, (_, _, threads, _), (engine, settings)) in keys {
            let label = label(&settings, &varies);
            let next: &mut usize = variants.entry(engine.clone()).or_default();
            let series = Series { order, label, engine: engine.clone(), variant: *next, threads };
            *next += 1;
            index.insert((engine, settings), series);
        }
        Self(index)
    }

    /// Returns the series of cells of which each shows its own images: batch and resolution tell
    /// none apart.
    pub fn of_engines<'a>(cells: impl Iterator<Item = (&'a CellRow, Option<&'a CellRow>)>) -> Self {
        let cells: Vec<_> = cells.map(|(cell, over)| (without_images(cell), over)).collect();
        Self::new(cells.iter().map(|(cell, baseline)| (cell, *baseline)))
    }

    /// Returns the series that a cell belongs to, given those of `of_engines`.
    pub fn of_engine(&self, cell: &CellRow, baseline: Option<&CellRow>) -> Series {
        self.of(&without_images(cell), baseline)
    }

    /// Returns the series that a cell belongs to; it must be one of those given to `new`.
    pub fn of(&self, cell: &CellRow, baseline: Option<&CellRow>) -> Series {
        self.0.get(&key(cell, baseline)).cloned().unwrap_or_else(|| Series {
            order: order::engine_order(&cell.engine),
            label: engine_label(cell),
            engine: cell.engine.clone(),
            variant: 0,
            threads: cell.threads,
        })
    }
}

/// Returns what the engine is called: a software adapter is named and never called a GPU.
pub fn engine_label(cell: &CellRow) -> String {
    let label = cell.engine_label();
    if cell.device_kind == DeviceKind::SoftwareAdapter {
        let adapter = cell.device.split(" (").next().unwrap_or_default();
        format!("{label} on {adapter} (software)")
    } else if cell.device_kind == DeviceKind::Simulated {
        format!("{label} (simulated)")
    } else {
        label
    }
}

/// Returns the settings of a cell that are not the engine's, for a figure's caption: threads, batch, pixels,
/// and inputs that are no images. What a cell does not have is empty.
pub fn conditions(cell: &CellRow) -> [String; 4] {
    let threads = if cell.threads == 1 { "thread" } else { "threads" };
    let [batch, pixels, inputs] = input_words(&cell.input_shape()).map(Option::unwrap_or_default);
    [format!("{} {threads}", cell.threads), batch, pixels, inputs]
}

/// Returns what figures say of an input: its batch, its pixels, and what it is where it is no images.
pub(crate) fn input_words(shape: &InputShape) -> [Option<String>; 3] {
    let batch = shape.batch.map(|batch| format!("batch {batch}"));
    let pixels = shape.resolution.map(|side| format!("{side} × {side} pixels"));
    [batch, pixels, shape.tensors()]
}

fn without_images(cell: &CellRow) -> CellRow {
    CellRow { batch: None, resolution: None, inputs: None, ..cell.clone() }
}

fn key(cell: &CellRow, baseline: Option<&CellRow>) -> (String, Settings) {
    (cell.engine.clone(), settings(cell, baseline))
}

fn settings(cell: &CellRow, baseline: Option<&CellRow>) -> Settings {
    let [threads, batch, pixels, inputs] = conditions(cell);
    let seeds = format!("input seed {}, weights seed {}", cell.input_seed, cell.weights_seed);
    let over = baseline.map_or_else(String::new, |row| format!("over {}", engine_label(row)));
    [engine_label(cell), threads, batch, pixels, inputs, seeds, over]
}

fn varying(settings: impl Iterator<Item = Settings>) -> [bool; 7] {
    let mut first: Option<Settings> = None;
    let mut varies = [false; 7];
    for setting in settings {
        let first = first.get_or_insert_with(|| setting.clone());
        for (at, varies) in varies.iter_mut().enumerate() {
            *varies |= first[at] != setting[at];
        }
    }
    varies[0] = true;
    varies
}

fn label(settings: &Settings, varies: &[bool; 7]) -> String {
    let parts = settings.iter().zip(varies).filter(|(part, varies)| **varies && !part.is_empty());
    parts.map(|(part, _)| part.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(engine: &str, options: &str, threads: u32) -> CellRow {
        let (engine, options) = (engine.to_string(), options.to_string());
        CellRow { engine, options, threads, ..CellRow::default() }
    }

    fn labels(cells: &[(CellRow, Option<CellRow>)]) -> Vec<String> {
        let sides = || cells.iter().map(|(cell, baseline)| (cell, baseline.as_ref()));
        let index = SeriesIndex::new(sides());
        let mut series: Vec<_> = sides().map(|(cell, baseline)| index.of(cell, baseline)).collect();
        series.sort();
        series.into_iter().map(|series| series.label).collect()
    }

    #[test]
    fn what_is_constant_is_not_in_the_label() {
        let cells = [(cell("tract", "{}", 4), None), (cell("burn/flex", "{}", 4), None)];
        assert_eq!(labels(&cells), ["burn/flex", "tract"]);
    }

    #[test]
    fn what_varies_is_and_counts_by_number() {
        let threads = [16, 2, 1].map(|threads| (cell("tract", "{}", threads), None));
        assert_eq!(labels(&threads), ["tract, 1 thread", "tract, 2 threads", "tract, 16 threads"]);
    }

    #[test]
    fn options_and_baselines_tell_series_apart() {
        let tract = |options| cell("tract", options, 1);
        let over = |engine| Some(cell(engine, "{}", 1));
        let cells = [
            (tract(r#"{"optimize":"full"}"#), over("pytorch")),
            (tract("{}"), over("pytorch")),
            (tract("{}"), over("burn/ndarray")),
        ];
        let expected = [
            "tract, over burn/ndarray",
            "tract, over pytorch",
            "tract{optimize=full}, over pytorch",
        ];
        assert_eq!(labels(&cells), expected);
    }

    #[test]
    fn levels_of_rewriting_count_from_nothing_to_all() {
        let cells = ["all", "basic", "disabled", "extended"].map(|level| {
            (cell("onnxruntime", &format!(r#"{{"graph_optimization":"{level}"}}"#), 1), None)
        });
        let expected = ["disabled", "basic", "extended", "all"]
            .map(|level| format!("onnxruntime{{graph_optimization={level}}}"));
        assert_eq!(labels(&cells), expected);
    }

    #[test]
    fn a_software_adapter_is_named_and_is_no_gpu() {
        let mut wgpu = cell("burn/wgpu", "{}", 1);
        wgpu.device = "llvmpipe (LLVM 15.0.6, 256 bits)".to_string();
        wgpu.device_kind = DeviceKind::SoftwareAdapter;
        assert_eq!(engine_label(&wgpu), "burn/wgpu on llvmpipe (software)");
    }
}
