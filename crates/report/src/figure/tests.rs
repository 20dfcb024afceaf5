mod skeleton;

use formbench_protocol::RefusalKind;
use formbench_store::CellKind;
use std::collections::BTreeSet;

use formbench_analysis::{
    Absence, AbsenceKind, ArchitectureLabel, AxisValue, NetworkOrigin, Roof, Row, StandIn, Unit,
    order::engine_order, series::Series,
};

use super::*;
use crate::theme::WIDTH;

const ENGINES: [&str; 5] =
    ["burn/ndarray", "burn/candle", "burn/flex", "openvino", "an/engine-of-a-later-year"];

fn series(engine: &str, label: &str, variant: usize) -> Series {
    let (engine, label) = (engine.to_string(), label.to_string());
    Series { order: engine_order(&engine), engine, variant, label, threads: 1 }
}

/// Returns `count` rows: eight groups at most, sixty of many rows, series of five engines, values over
/// three decades, every fifth interval enormous.
fn rows(count: usize, x: bool) -> Vec<Row> {
    let groups = if count > 60 { 60 } else { 8 };
    let row = |at: usize| {
        let value = 0.05 * 1.25_f64.powi(at as i32 % 30);
        let wide = if at % 5 == 4 { 1000.0 } else { 1.05 };
        let engine = ENGINES[at % ENGINES.len()];
        let origin = NetworkOrigin::ALL[at % 4];
        Row {
            section: None,
            group: format!("pattern-with-a-name-{}", at % groups),
            summary: at % groups == 7,
            matched: None,
            series: series(engine, &format!("{engine}, {} threads", at % 3), at % 3),
            x: x.then_some(AxisValue::Count(8 + at as u64)),
            architecture: x.then(|| ArchitectureLabel {
                kind: if at % 8 < 5 { CellKind::Pattern } else { CellKind::Network },
                origin: (at % 8 >= 5).then_some(origin),
                label: format!("pattern-{}-d{at}", at % 8),
            }),
            value,
            low: value / wide,
            high: value * wide,
            cells: 15 + at % 2,
            cells_asked: 16,
            wide: at % 3,
            as_found: at % 2,
            without_contention: (at % 2 == 1).then_some([value; 3]),
            rounds: 5,
            samples: 1000,
        }
    };
    let mut rows: Vec<Row> = (0..count).map(row).collect();
    rows.sort_by(|a, b| (&a.group, &a.series).cmp(&(&b.group, &b.series)));
    rows
}

fn table(entry: &FigureEntry, rows: Vec<Row>) -> FigureTable {
    FigureTable {
        set: "set".to_string(),
        figure: entry.name,
        question: entry.question.to_string(),
        reading: "What a mark is.".to_string(),
        omitted: rows.is_empty().then(|| "none of 12 cells can be shown".to_string()),
        caption: "A caption of some length that says what is drawn. ".repeat(12),
        unit: Unit::Ratio,
        against: Some("burn/ndarray".to_string()),
        stand_ins: vec![StandIn {
            engine: "burn/ndarray".to_string(),
            baseline: "pytorch".to_string(),
        }],
        roofs: [1, 2].map(roof).to_vec(),
        section: None,
        group: "pattern",
        x: rows.first().and_then(|row| row.x).map(|_| "depth"),
        rows,
        absences: vec![Absence {
            engine: "burn/wgpu on llvmpipe (software)".to_string(),
            kind: AbsenceKind::Refused(RefusalKind::SoftwareAdapter),
            reason: "not a GPU".to_string(),
            remedy: None,
            architectures: vec!["plain-d8-w32".to_string()],
            cells: 12,
            drawn: 0,
        }],
    }
}

fn roof(threads: u32) -> Roof {
    let instruction_set = "avx2".to_string();
    let gflop_per_s = 30.0 * f64::from(threads);
    Roof { threads, instruction_set, gflop_per_s, gbyte_per_s: 2.5, repetitions: 5 }
}

/// Asserts that every text is within the picture and touches no other.
fn texts_have_room(canvas: &Canvas, name: &str) {
    let boxes = canvas.text_boxes();
    for (at, ([left, top, right, bottom], text)) in boxes.iter().enumerate() {
        assert!(*left >= 0.0 && *right <= WIDTH && *top >= 0.0, "{name}: `{text}` is cut");
        assert!(*bottom <= canvas.height, "{name}: `{text}` is cut below");
        for (other, text_of_other) in &boxes[..at] {
            let apart =
                *left >= other[2] || *right <= other[0] || *top >= other[3] || *bottom <= other[1];
            assert!(apart, "{name}: `{text}` touches `{text_of_other}`");
        }
    }
}

fn drawn(entry: &FigureEntry, count: usize) -> Canvas {
    let has_x = ["latency-by", "accuracy-by", "accuracy-of", "l3-efficacy", "speedup-by-threads"]
        .iter()
        .any(|of| entry.name.starts_with(of));
    let mut rows = rows(count, has_x);
    let with_sections = ["speedup-at-equal-macs", "macs-l3-latency", "speedup-anatomy"];
    let sections = with_sections.contains(&entry.name);
    for (at, row) in rows.iter_mut().enumerate().filter(|_| sections) {
        row.section = Some(format!("part {} of {count}", 4 * at / count));
    }
    let canvas = (entry.draw)(&table(entry, rows)).unwrap();
    texts_have_room(&canvas, &format!("{} of {count}", entry.name));
    canvas
}

#[test]
fn every_figure_draws_any_number_of_rows_without_touching_labels() {
    for entry in FIGURES {
        for count in [0, 1, 2, 5, 12, 40, 240] {
            drawn(entry, count);
        }
    }
}

#[test]
fn an_empty_figure_says_why() {
    for entry in FIGURES {
        let canvas = drawn(entry, 0);
        let texts = canvas.text_boxes();
        assert!(texts.iter().any(|(_, text)| text.contains("none of 12 cells can be shown")));
    }
}

#[test]
fn long_labels_get_a_line_of_their_own_and_keep_their_ends() {
    let long = |level: &str| format!("onnxruntime{{graph_optimization={level}}}, 16 threads");
    let mut rows = rows(2, false);
    rows[0].series = series("onnxruntime", &long("disabled"), 0);
    rows[1].series = series("onnxruntime", &long("extended"), 1);
    let forest = FIGURES.iter().find(|entry| entry.name == "speedup-by-pattern").unwrap();
    let canvas = (forest.draw)(&table(forest, rows)).unwrap();
    texts_have_room(&canvas, "long labels");
    let texts: Vec<_> = canvas.text_boxes().into_iter().map(|(_, text)| text.to_string()).collect();
    assert!(texts.contains(&long("disabled")) && texts.contains(&long("extended")), "{texts:?}");
}

#[test]
fn the_readme_of_experiments_lists_the_figures_in_order() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../experiments/README.md");
    let page = std::fs::read_to_string(path).unwrap();
    let rows = FIGURES.iter().map(|entry| format!("| `{}` | {} |", entry.name, entry.question));
    let places: Vec<_> = rows.map(|row| page.find(&row).ok_or(row)).collect();
    assert!(places.iter().all(Result::is_ok) && places.is_sorted(), "{places:?}");
}

#[test]
fn names_are_unique_kebab_case_and_the_names_of_files() {
    let names: BTreeSet<&str> = FIGURES.iter().map(|entry| entry.name).collect();
    assert_eq!(names.len(), FIGURES.len());
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/figure");
    for name in names {
        let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(name.chars().all(is_kebab), "{name}");
        assert!(sources.join(format!("{}.rs", name.replace('-', "_"))).is_file(), "{name}");
    }
}
