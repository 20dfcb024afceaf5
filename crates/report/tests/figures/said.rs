//! What is in tables and on pages, compared with what.

use formbench_protocol::DeviceKind;
use formbench_store::CellKind;
use std::collections::BTreeSet;

use formbench_analysis::{AxisValue, Row, Run, cell_numbers};
use formbench_report::{Committed, CommittedRun, ReportError, across, tables};

use crate::drawn::{SMALL, cells_of, rendered, small_paper, table};
use crate::imagined::{self, Scope};

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
fn a_cell_is_compared_with_the_baseline_of_its_own_experiment() {
    let run = small_paper();
    let numbers = cell_numbers(&run, |cell| cell.name == "resnet18");
    let over = |engine: &str| {
        let cell = numbers.iter().find(|one| one.engine == engine).unwrap();
        (cell.over.clone(), cell.speed_up.is_some())
    };
    let disabled = "onnxruntime{graph_optimization=disabled}";
    assert_eq!(over("openvino"), (Some(disabled.to_string()), true));
    assert_eq!(over("onnxruntime{graph_optimization=all}"), (Some(disabled.to_string()), true));
    assert_eq!(over(disabled), (None, false));
    // Refused, so that there is nothing to divide.
    assert_eq!(over("pytorch"), (Some(disabled.to_string()), false));
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
        let is_ratio = name.contains("speedup") && !name.contains("speedup-ladder");
        assert_eq!(text.contains(axis), is_ratio, "{name}");
    }
}

#[test]
fn equal_data_of_the_study_give_equal_bytes() {
    let run = small_paper();
    let (first, second) = (rendered(&run, "paper-first"), rendered(&run, "paper-second"));
    // What is drawn, in two formats, cells and two pages.
    let drawn = tables(&run).unwrap().iter().filter(|table| table.omitted.is_none()).count();
    assert!(drawn >= 6 && first.len() == 2 * drawn + 3, "{drawn} {}", first.len());
    assert!(first == second, "a file differs");
}

#[test]
fn a_page_of_a_run_on_a_gpu_does_not_say_that_none_was_measured() {
    let mut run = imagined::run(&SMALL);
    let unmeasured = "The GPU half of the study has not been measured";
    let page = |run: &Run| String::from_utf8(rendered(run, "gpu").pop().unwrap().1).unwrap();
    assert!(page(&run).contains(unmeasured));
    for cell in cells_of(&run, "burn/flex") {
        run.cells.get_mut(&cell).unwrap().device_kind = DeviceKind::DiscreteGpu;
    }
    assert!(!page(&run).contains(unmeasured));
}

#[test]
fn steps_of_a_ladder_are_in_the_order_of_the_experiment() {
    let table = table(&small_paper(), "speedup-ladder");
    let of_plain = table.rows.iter().filter(|row| row.group == "plain");
    let steps: Vec<_> = of_plain.map(|row| (row.series.label.as_str(), row.x)).collect();
    let expected = [
        ("graph_optimization=basic", Some(AxisValue::Count(1))),
        ("graph_optimization=extended", Some(AxisValue::Count(2))),
        ("graph_optimization=all", Some(AxisValue::Count(3))),
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
    // Of four patterns: openvino, tract, pytorch, and Burn's four.
    let left_out = "(28\u{a0}cells that differ from the baseline in more are not in this figure)";
    assert!(table.reading.contains(left_out), "{}", table.reading);
}

#[test]
fn a_share_of_the_peak_is_flops_over_latency_over_the_roof() {
    let table = table(&small_paper(), "roofline");
    let of = |group: &str| {
        let is_it =
            |row: &&Row| (row.group.as_str(), row.series.engine.as_str()) == (group, "openvino");
        table.rows.iter().find(is_it).unwrap()
    };
    // Imagined at 82 % of the peak; rounds and samples are up to 8 % slower. One architecture has no range.
    let plain = of("plain");
    assert!((0.92..1.0).contains(&(plain.value / 82.0)), "{plain:?}");
    assert!(!plain.has_interval() && plain.cells == 1, "{plain:?}");
    assert!(of("hand-designed networks").value > of("searched networks").value);
    // Best of 55.1, 57.6 and 57.0, and of 11.9, 12.3 and 12.1.
    assert_eq!((table.roofs[0].gflop_per_s, table.roofs[0].gbyte_per_s), (57.6, 12.3));
}

#[test]
fn a_roof_that_was_not_measured_is_said_to_be_so() {
    let mut run = small_paper();
    run.rooflines.clear();
    let table = table(&run, "roofline");
    assert!(table.roofs.is_empty() && table.rows.is_empty());
    let missing = "No roof of 1\u{a0}thread was measured.";
    assert!(table.reading.starts_with(missing), "{}", table.reading);
    assert!(table.omitted.is_some());
}

#[test]
fn a_gpu_is_not_under_the_processor_s_roof() {
    let mut run = small_paper();
    for cell in cells_of(&run, "tract") {
        run.cells.get_mut(&cell).unwrap().device_kind = DeviceKind::IntegratedGpu;
    }
    let table = table(&run, "roofline");
    assert!(table.rows.iter().all(|row| row.series.engine != "tract"));
    // Four patterns and two networks.
    let said = "Not on the processor: 6\u{a0}cells of tract.";
    assert!(table.reading.contains(said), "{}", table.reading);
}

#[test]
fn a_cell_whose_cost_is_unknown_is_said_to_be_so() {
    let mut run = small_paper();
    run.attributes.retain(|row| row.name != "plain");
    let table = table(&run, "latency-by-macs");
    assert!(table.rows.iter().all(|row| row.group != "plain"));
    let said = "Without attributes: 1\u{a0}cell of burn/flex.";
    assert!(table.reading.contains(said), "{}", table.reading);
}

#[test]
fn unusual_images_are_in_the_architecture_s_label_and_not_in_the_engine_s() {
    let mut run = small_paper();
    for cell in run.cells.values_mut().filter(|cell| cell.kind == CellKind::Pattern) {
        cell.resolution = Some(96);
    }
    for row in run.attributes.iter_mut().filter(|row| row.kind == CellKind::Pattern) {
        row.resolution = Some(96);
    }
    let table = table(&run, "latency-by-macs");
    let labels = table.rows.iter().map(|row| row.architecture.as_ref().unwrap().label.as_str());
    let labels: BTreeSet<&str> = labels.collect();
    assert!(labels.contains("plain-d8-w32") && labels.contains("resnet18, 224 × 224 pixels"));
    assert_eq!(table.rows[0].series.label, "burn/ndarray");
    let usual = "Where a name says no other: 96 × 96 pixels. ";
    assert!(table.reading.starts_with(usual), "{}", table.reading);
}

#[test]
fn equal_data_give_equal_bytes() {
    let run = imagined::run(&SMALL);
    let (first, second) = (rendered(&run, "first"), rendered(&run, "second"));
    // Five figures in two formats, cells and two pages.
    assert_eq!(first.len(), 13);
    assert!(first == second, "a file differs");
}

#[test]
fn a_run_without_cells_has_no_pictures_and_says_why() {
    let files = rendered(&imagined::empty(), "empty");
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["results.csv", "report.html", "README.md"]);
    let why = "is not drawn: no experiment of this run has cells for this figure";
    for (name, page) in &files[1..] {
        let page =
            String::from_utf8(page.clone()).unwrap().replace("Not drawn: ", "is not drawn: ");
        assert!(page.contains(why), "{name}");
    }
}

#[test]
fn a_figure_that_would_show_nothing_is_not_drawn_and_says_why() {
    let run =
        imagined::paper(&SMALL, &Scope { grid: &[(8, 32), (20, 32)], patterns: 2, networks: 0 });
    let omitted = |figure| table(&run, figure).omitted;
    assert_eq!(omitted("latency-by-macs"), None);
    let mut run = imagined::run(&SMALL);
    assert_eq!(table(&run, "latency-by-depth").omitted, None);
    let most = run.cells.values().filter_map(|cell| cell.depth).max().unwrap();
    let third =
        run.cells.values().filter_map(|cell| cell.depth).filter(|depth| *depth < most).max();
    run.members.retain(|member| {
        let depth = run.cells[&member.cell].depth;
        depth.is_none_or(|depth| depth == most || Some(depth) == third)
    });
    let said = table(&run, "latency-by-depth").omitted.unwrap();
    assert_eq!(said, "3 depths at least show a course, here are 2");
}

#[test]
fn a_former_name_of_a_figure_draws_what_it_is_called_now() {
    let mut run = small_paper();
    run.experiments[0].figures = vec!["l3-efficacy-by-depth".to_string()];
    assert!(tables(&run).unwrap().iter().any(|table| table.figure == "l3-efficacy-by-weights"));
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
fn networks_are_one_list_and_the_means_of_several_of_an_origin_end_it() {
    let scope = Scope { grid: &[], patterns: 0, networks: 7 };
    let mut run = imagined::paper(&SMALL, &scope);
    for cell in run.cells.values_mut().filter(|cell| cell.name == "resnet18") {
        (cell.kind, cell.name) = (CellKind::File, "models/mine.onnx".to_string());
    }
    let table = table(&run, "network-speedup");
    let of_engine = table.rows.iter().filter(|row| row.series.engine == "openvino");
    let (means, networks): (Vec<&Row>, Vec<&Row>) = of_engine.partition(|row| row.summary);
    let origins: BTreeSet<_> = networks.iter().map(|row| row.origin().unwrap().label()).collect();
    assert_eq!(origins, ["from outside", "hand-designed", "searched"].into());
    assert!(networks.is_sorted_by(|a, b| a.value >= b.value), "{networks:?}");
    // One network is its own mean.
    let means: Vec<&str> = means.iter().map(|row| row.group.as_str()).collect();
    assert_eq!(means, ["geometric mean, hand-designed", "geometric mean, searched"]);
    assert!(table.rows.iter().rev().take_while(|row| row.summary).count() >= means.len());
}

#[test]
fn a_geometric_mean_is_that_of_the_networks_above_it() {
    let scope = Scope { grid: &[], patterns: 0, networks: 7 };
    let table = table(&imagined::paper(&SMALL, &scope), "network-speedup");
    let of_tract = table.rows.iter().filter(|row| row.series.engine == "tract");
    let searched = |row: &&Row| {
        row.origin().is_some_and(|origin| origin.label() == "searched")
            || row.group.ends_with(", searched")
    };
    let of_tract: Vec<_> = of_tract.filter(searched).collect();
    let [first, second, mean] = of_tract[..] else { panic!("{of_tract:?}") };
    assert!((mean.value - (first.value * second.value).sqrt()).abs() < 1e-9, "{mean:?}");
    assert_eq!((mean.summary, mean.cells, first.summary), (true, 2, false));
    // Seven networks on six engines that have samples and are not the baseline; no mean counts.
    assert!(table.reading.contains("n\u{a0}=\u{a0}42\u{a0}pairs of cells"), "{}", table.reading);
}

#[test]
fn patterns_of_equal_cost_say_their_widths_and_what_is_left() {
    let mut run = small_paper();
    run.experiments[0].figures.push("speedup-at-equal-macs".to_string());
    let table = table(&run, "speedup-at-equal-macs");
    let sections: BTreeSet<_> = table.rows.iter().map(|row| row.section.clone().unwrap()).collect();
    assert_eq!(sections, ["300\u{a0}M MACs at depth 14".to_string()].into());
    for row in &table.rows {
        let found = row.matched.unwrap();
        assert!(found.difference.abs() < 0.005, "{row:?}");
        // Imagined at 7.1 million MACs a block: (300 / 7.1 / 14)^(1 / 1.9) · 32 = 57.2.
        assert!(row.group != "plain" || found.channels.channels() == 57.25, "{row:?}");
    }
    let widths =
        "300\u{a0}M MACs at depth 14: widths 57.25 to 152.75; costs within 0.1\u{a0}% of that";
    assert!(table.reading.starts_with(widths), "{}", table.reading);
    let drawn = rendered(&run, "equal-cost");
    let is_picture = |(name, _): &&(String, _)| name.ends_with("speedup-at-equal-macs.svg");
    let picture = String::from_utf8(drawn.iter().find(is_picture).unwrap().1.clone()).unwrap();
    let below_plain = "width 57.25, +0.1\u{a0}%";
    assert!(picture.contains(below_plain), "{picture}");
    // Four patterns at depth 8 on eight engines that are not the baseline.
    let left_out = "32\u{a0}pairs of cells whose width was not chosen for MACs are not in this";
    assert!(table.reading.contains(left_out), "{}", table.reading);
}

#[test]
fn a_speed_up_goes_with_the_depthwise_share_and_not_with_the_parallelism() {
    let run = imagined::paper(&SMALL, &Scope { grid: &[(8, 32)], patterns: 15, networks: 7 });
    let table = table(&run, "speedup-by-attribute");
    let of_openvino = |attribute: &str| {
        let is_it = |row: &&Row| row.series.engine == "openvino" && row.group == attribute;
        table.rows.iter().find(is_it).unwrap()
    };
    // Depthwise architectures are imagined to gain 3.25 times, others 1.49.
    let share = of_openvino("depthwise share of MACs");
    assert!(share.low > 0.5 && share.high <= 1.0, "{share:?}");
    // Patterns twice, networks once.
    assert_eq!((share.cells, share.cells_asked), (37, 37));
    assert!(table.reading.contains("n\u{a0}=\u{a0}37\u{a0}architectures"), "{}", table.reading);
    assert!(of_openvino("parallelism").value < share.value);
}

/// Adds each cell on two threads, taking as long.
fn add_two_threads(run: &mut Run) {
    let more_threads: Vec<_> = run.cells.values().cloned().collect();
    for mut cell in more_threads {
        let key = format!("f{}", &cell.cell[1..]);
        let members = run.members.iter().filter(|row| row.cell == cell.cell).cloned();
        let members: Vec<_> = members.collect();
        for mut member in members {
            member.cell = key.clone();
            run.members.push(member);
        }
        if let Some(latencies) = run.latencies.get(&cell.cell).cloned() {
            run.latencies.insert(key.clone(), latencies);
        }
        (cell.threads, cell.cell) = (2, key.clone());
        run.cells.insert(key, cell);
    }
}

#[test]
fn settings_that_differ_are_never_merged() {
    let mut run = imagined::run(&SMALL);
    add_two_threads(&mut run);
    let table = table(&run, "network-speedup");
    let labels: Vec<_> = table.rows.iter().take(4).map(|row| row.series.label.as_str()).collect();
    let expected = ["burn/candle, 1 thread", "burn/candle, 2 threads"];
    assert_eq!(labels[..2], expected, "{labels:?}");
    assert_eq!(labels[2..], expected.map(|label| label.replace("candle", "flex")));
}

#[test]
fn a_speed_up_on_all_threads_stands_over_that_on_one() {
    let mut run = imagined::run(&SMALL);
    run.experiments[2].figures.push("speedup-by-threads".to_string());
    assert!(table(&run, "speedup-by-threads").omitted.is_some());
    add_two_threads(&mut run);
    let table = table(&run, "speedup-by-threads");
    // Three networks on the two engines that have samples and are not the baseline.
    assert_eq!((table.rows.len(), table.omitted), (6, None));
    for row in &table.rows {
        assert_eq!(row.x, Some(AxisValue::Number(row.value)), "{row:?}");
        assert!(row.series.label == row.series.engine && row.cells == 2, "{row:?}");
    }
}

#[test]
fn a_machine_s_speed_ups_stand_over_another_s() {
    let committed = |host: &str| CommittedRun {
        host: host.to_string(),
        run: imagined::run(&SMALL),
        verdicts: Vec::new(),
    };
    let of_all = Committed {
        references: vec![committed("one"), committed("other")],
        patterns: committed("one"),
        sizes: committed("one"),
        networks: committed("one"),
        caches: committed("one"),
        fidelity: String::new(),
    };
    let out = tempfile::tempdir().unwrap();
    let files = across(&of_all, out.path()).unwrap();
    let hosts = files.iter().find(|file| file.ends_with("hosts.svg")).unwrap();
    let picture = std::fs::read_to_string(hosts).unwrap();
    assert!(
        picture.contains("100.0\u{a0}% agree") && picture.contains("x: one, y: other"),
        "{picture}"
    );
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
