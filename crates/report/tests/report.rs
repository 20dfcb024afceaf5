//! What the figures and the page of an imagined run say.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod imagined;

use std::fs;
use std::path::Path;

use formbench_report::{FigureTable, ReportError, X, render, tables};
use formbench_store::Run;
use imagined::Size;

const SMALL: Size = Size { rounds: 3, samples: 8, noise: 0.02 };

/// Returns the study's own half on one form of each pattern and on two networks.
fn small_paper() -> Run {
    imagined::paper(&SMALL, &[(8, 32)], 2)
}

fn table(run: &Run, figure: &str) -> FigureTable {
    tables(run).unwrap().into_iter().find(|table| table.figure == figure).unwrap()
}

/// Returns the cells of an engine.
fn cells_of(run: &Run, engine: &str) -> Vec<String> {
    let cells = run.cells.values().filter(|cell| cell.engine == engine);
    cells.map(|cell| cell.cell.clone()).collect()
}

/// Returns every file that rendering writes, by its path below the folder.
fn rendered(run: &Run, name: &str) -> Vec<(String, Vec<u8>)> {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let files = render(run, &out, "formbench figures").unwrap();
    let named = |path: &Path| path.strip_prefix(&out).unwrap().display().to_string();
    files.iter().map(|path| (named(path), fs::read(path).unwrap())).collect()
}

#[test]
fn a_table_is_json_with_the_numbers_of_the_page() {
    let table = table(&imagined::run(&SMALL), "latency-by-depth");
    let json = serde_json::to_value(&table).unwrap();
    assert_eq!(json["unit"], "ms");
    assert_eq!(json["x"], "depth");
    let row = &json["rows"][0];
    assert_eq!((&row["group"], &row["x"]), (&"plain".into(), &8.into()));
    assert_eq!(
        row["series"],
        serde_json::json!({"label": "burn/ndarray", "engine": "burn/ndarray"})
    );
    assert_eq!(row["value"], table.rows[0].value);
    // Three rounds of eight.
    assert_eq!((&row["rounds"], &row["samples"]), (&3.into(), &24.into()));
}

#[test]
fn the_page_says_what_the_tables_say() {
    let files = rendered(&imagined::run(&SMALL), "page");
    let (name, page) = files.last().unwrap();
    assert_eq!(name, "README.md");
    insta::assert_snapshot!(String::from_utf8(page.clone()).unwrap());
}

#[test]
fn the_study_s_page_says_what_stands_in_and_that_no_gpu_was_measured() {
    let files = rendered(&small_paper(), "paper");
    let page = String::from_utf8(files.last().unwrap().1.clone()).unwrap();
    insta::assert_snapshot!(page);
}

#[test]
fn what_stands_in_is_said_in_every_picture_and_its_speed_up_s_axis() {
    let stands_in =
        "onnxruntime{graph_optimization=disabled} stands in for pytorch, which is absent";
    let axis = "onnxruntime{graph_optimization=disabled}, which stands in for pytorch";
    let files = rendered(&small_paper(), "stand-in");
    for (name, bytes) in files.into_iter().filter(|(name, _)| name.ends_with(".svg")) {
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.contains(stands_in), !name.contains("speedup-ladder"), "{name}");
        let is_ratio = name.contains("network-speedup") || name.contains("speedup-by-pattern");
        assert_eq!(text.contains(axis), is_ratio, "{name}");
    }
}

#[test]
fn equal_data_of_the_study_give_equal_bytes() {
    let run = small_paper();
    let (first, second) = (rendered(&run, "paper-first"), rendered(&run, "paper-second"));
    // Seven figures in two formats, and the page.
    assert_eq!(first.len(), 15);
    assert!(first == second, "a file differs");
}

#[test]
fn a_page_of_a_run_on_a_gpu_does_not_say_that_none_was_measured() {
    let mut run = imagined::run(&SMALL);
    let unmeasured = "The GPU half of the study has not been measured";
    let page = |run: &Run| String::from_utf8(rendered(run, "gpu").pop().unwrap().1).unwrap();
    assert!(page(&run).contains(unmeasured));
    for cell in cells_of(&run, "burn/flex") {
        run.cells.get_mut(&cell).unwrap().device_kind = "discrete-gpu".to_string();
    }
    assert!(!page(&run).contains(unmeasured));
}

#[test]
fn steps_of_a_ladder_are_in_the_order_of_the_experiment() {
    let table = table(&small_paper(), "speedup-ladder");
    let of_plain = table.rows.iter().filter(|row| row.group == "plain");
    let steps: Vec<_> = of_plain.map(|row| (row.series.label.as_str(), row.x)).collect();
    let expected = [
        ("graph_optimization=basic", Some(X::Count(1))),
        ("graph_optimization=extended", Some(X::Count(2))),
        ("graph_optimization=all", Some(X::Count(3))),
    ];
    assert_eq!(steps, expected);
    assert_eq!(table.against.as_deref(), Some("onnxruntime{graph_optimization=disabled}"));
}

#[test]
fn an_engine_without_such_a_setting_is_no_step_and_is_counted() {
    let mut run = small_paper();
    run.experiments[1].figures.push("speedup-ladder".to_string());
    let table = table(&run, "speedup-ladder");
    assert!(table.rows.iter().all(|row| row.series.engine == "onnxruntime"));
    // Of two networks: openvino, tract, pytorch, and Burn's four.
    let left_out = "(14\u{a0}cells that differ from the baseline in more are not in this figure)";
    assert!(table.caption.contains(left_out), "{}", table.caption);
}

#[test]
fn a_mark_under_the_roof_is_flops_over_latency() {
    let table = table(&small_paper(), "roofline");
    let row = table
        .rows
        .iter()
        .find(|row| (row.group.as_str(), row.series.engine.as_str()) == ("resnet18", "openvino"))
        .unwrap();
    // Imagined at 0.82 of the peak; rounds and samples are up to 8 % slower.
    assert!((0.92..1.0).contains(&(row.value / (0.82 * 57.6))), "{row:?}");
    assert!(row.low <= row.value && row.value <= row.high, "{row:?}");
    // Best of 55.1, 57.6 and 57.0, and of 11.9, 12.3 and 12.1.
    assert_eq!((table.roofs[0].gflop_per_s, table.roofs[0].gbyte_per_s), (57.6, 12.3));
}

#[test]
fn a_roof_that_was_not_measured_is_said_to_be_so() {
    let mut run = small_paper();
    run.rooflines.clear();
    let table = table(&run, "roofline");
    assert!(table.roofs.is_empty() && !table.rows.is_empty());
    let missing = "No roof of 1\u{a0}thread was measured.";
    assert!(table.caption.starts_with(missing), "{}", table.caption);
}

#[test]
fn a_gpu_is_not_under_the_processor_s_roof() {
    let mut run = small_paper();
    for cell in cells_of(&run, "tract") {
        run.cells.get_mut(&cell).unwrap().device_kind = "integrated-gpu".to_string();
    }
    let table = table(&run, "roofline");
    assert!(table.rows.iter().all(|row| row.series.engine != "tract"));
    // Four patterns and two networks.
    let said = "Not on the processor: 6\u{a0}cells of tract.";
    assert!(table.caption.contains(said), "{}", table.caption);
}

#[test]
fn a_cell_whose_cost_is_unknown_is_said_to_be_so() {
    let mut run = small_paper();
    run.attributes.retain(|row| row.name != "plain");
    let table = table(&run, "latency-by-macs");
    assert!(table.rows.iter().all(|row| row.group != "plain"));
    let said = "Without attributes: 1\u{a0}cell of burn/flex.";
    assert!(table.caption.contains(said), "{}", table.caption);
}

#[test]
fn an_input_that_varies_is_in_the_architecture_s_label_and_not_in_the_engine_s() {
    let mut run = small_paper();
    for cell in run.cells.values_mut().filter(|cell| cell.kind == "pattern") {
        cell.resolution = 96;
    }
    for row in run.attributes.iter_mut().filter(|row| row.kind == "pattern") {
        row.resolution = 96;
    }
    let row = table(&run, "latency-by-macs").rows.remove(0);
    assert_eq!(row.architecture.unwrap().label, "plain-d8-w32, batch 1, 96 × 96 pixels");
    assert_eq!(row.series.label, "burn/ndarray");
}

#[test]
fn equal_data_give_equal_bytes() {
    let run = imagined::run(&SMALL);
    let (first, second) = (rendered(&run, "first"), rendered(&run, "second"));
    // Five figures in two formats, and the page.
    assert_eq!(first.len(), 11);
    assert!(first == second, "a file differs");
}

#[test]
fn a_run_without_cells_still_has_all_its_figures() {
    let files = rendered(&imagined::empty(), "empty");
    assert_eq!(files.len(), 11);
    let svg = String::from_utf8(files[0].1.clone()).unwrap();
    assert!(svg.contains("Nothing to draw"), "{svg}");
}

#[test]
fn a_speed_up_is_baseline_over_accelerated() {
    let table = table(&imagined::run(&SMALL), "network-speedup");
    let row = table
        .rows
        .iter()
        .find(|row| (row.group.as_str(), row.series.engine.as_str()) == ("resnet18", "burn/flex"))
        .unwrap();
    // Imagined at 0.28 of the baseline, 3.57; rounds and samples are up to 8 % apart.
    assert!((row.value * 0.28 - 1.0).abs() < 0.08, "{row:?}");
}

#[test]
fn refused_cells_are_named_counted_and_never_called_a_gpu() {
    let table = table(&imagined::run(&SMALL), "network-latency");
    let absence = &table.absences[0];
    assert_eq!(absence.engine, "burn/wgpu on llvmpipe (software)");
    assert_eq!((absence.cells, absence.drawn), (3, 0));
    let refused = "Refused (software-adapter): 3\u{a0}cells of burn/wgpu on llvmpipe (software).";
    assert!(table.caption.contains(refused), "{}", table.caption);
    assert!(!table.caption.contains("GPU"), "{}", table.caption);
}

#[test]
fn a_cell_without_samples_or_refusal_is_said_to_be_unmeasured() {
    let mut run = imagined::run(&SMALL);
    for cell in cells_of(&run, "burn/flex") {
        run.latencies.remove(&cell);
    }
    let table = table(&run, "network-latency");
    assert!(table.caption.contains("Not measured: 3\u{a0}cells of burn/flex."), "{table:?}");
    assert!(table.rows.iter().all(|row| row.series.engine != "burn/flex"));
}

#[test]
fn a_cell_whose_baseline_is_missing_is_said_to_be_so() {
    let mut run = imagined::run(&SMALL);
    for cell in cells_of(&run, "burn/ndarray") {
        run.latencies.remove(&cell);
    }
    let table = table(&run, "network-speedup");
    assert!(table.rows.is_empty());
    assert!(table.caption.contains("Without a baseline: 3\u{a0}cells of burn/flex."), "{table:?}");
}

#[test]
fn a_cell_that_was_refused_later_is_drawn_from_its_rounds() {
    let mut run = imagined::run(&SMALL);
    let cell = cells_of(&run, "burn/flex").pop().unwrap();
    run.latencies.get_mut(&cell).unwrap().remove(&2);
    let mut refusal = run.refusals[0].clone();
    (refusal.cell, refusal.kind, refusal.round) = (cell, "crashed".to_string(), 2);
    run.refusals.push(refusal);
    let table = table(&run, "network-speedup");
    // Three rounds less the one that crashed.
    assert!(table.rows.iter().any(|row| row.rounds == 2));
    assert!(table.caption.contains("2 to 3\u{a0}rounds"), "{}", table.caption);
    assert!(table.caption.contains("1 of them drawn from fewer rounds"), "{}", table.caption);
}

#[test]
fn a_mean_over_fewer_cells_than_asked_says_so() {
    let mut run = imagined::run(&SMALL);
    let cell = cells_of(&run, "burn/flex").remove(0);
    run.latencies.remove(&cell);
    let table = table(&run, "speedup-by-pattern");
    assert!(table.rows.iter().any(|row| (row.cells, row.cells_asked) == (15, 16)), "{table:?}");
}

#[test]
fn settings_that_differ_are_never_merged() {
    let mut run = imagined::run(&SMALL);
    let more_threads: Vec<_> = run.cells.values().cloned().collect();
    for mut cell in more_threads {
        let slower = run.latencies.get(&cell.cell).cloned();
        let key = format!("f{}", &cell.cell[1..]);
        let members = run.members.iter().filter(|row| row.cell == cell.cell).cloned();
        let members: Vec<_> = members.collect();
        for mut member in members {
            member.cell = key.clone();
            run.members.push(member);
        }
        if let Some(latencies) = slower {
            run.latencies.insert(key.clone(), latencies);
        }
        (cell.threads, cell.cell) = (2, key.clone());
        run.cells.insert(key, cell);
    }
    let table = table(&run, "network-speedup");
    let labels: Vec<_> = table.rows.iter().take(4).map(|row| row.series.label.as_str()).collect();
    let expected = ["burn/candle, 1 thread", "burn/candle, 2 threads"];
    assert_eq!(labels[..2], expected, "{labels:?}");
    assert_eq!(labels[2..], expected.map(|label| label.replace("candle", "flex")));
}

#[test]
fn a_figure_of_another_version_is_an_error_that_names_the_known() {
    let mut run = imagined::empty();
    run.experiments[0].figures.push("heatmap".to_string());
    let error = tables(&run).unwrap_err();
    assert!(matches!(error, ReportError::UnknownFigure { .. }));
    let text = error.to_string();
    assert!(text.starts_with("burn/patterns-by-depth: unknown figure `heatmap`; known: "));
}
