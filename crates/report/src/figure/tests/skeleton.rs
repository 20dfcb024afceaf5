//! The figure of CONTRIBUTING.md is a figure.

use formbench_protocol::DeviceKind;
use std::collections::BTreeMap;

use formbench_analysis::{BlockLatency, Run, TurnLatency, View};
use formbench_store::{CellKind, CellRow, ExperimentRow, MemberRow};

use super::super::skeleton::FIGURE;
use super::{drawn, texts_have_room};
use crate::FigureTable;

const EXPERIMENT: &str = "own/skeleton";

/// Returns a run of `count` networks on one engine: the first takes 1 ms, each other 1 ms more, in
/// two rounds that are as far below that as above it.
fn run(count: usize) -> Run {
    let experiment = ExperimentRow {
        experiment: EXPERIMENT.to_string(),
        figures: vec![FIGURE.name.to_string()],
        ..ExperimentRow::default()
    };
    let mut run = Run { experiments: vec![experiment], ..Run::default() };
    for number in 0..count {
        let key = format!("{number:016x}");
        let round = |share: f64| {
            let median_ns = 1e6 * (number + 1) as f64 * share;
            let turn = TurnLatency { turn: 0, median_ns, samples: 8, conditions: None };
            BTreeMap::from([(0, BlockLatency { turns: vec![turn], ..BlockLatency::default() })])
        };
        let rounds = BTreeMap::from([(0, round(0.95)), (1, round(1.0 / 0.95))]);
        run.latencies.insert(key.clone(), rounds);
        let (experiment, baseline) = (EXPERIMENT.to_string(), false);
        run.members.push(MemberRow { experiment, cell: key.clone(), baseline });
        run.cells.insert(key.clone(), cell(key, number));
    }
    run
}

fn cell(cell: String, number: usize) -> CellRow {
    CellRow {
        cell,
        kind: CellKind::Network,
        name: format!("network-{number:02}"),
        engine: "tract".to_string(),
        options: "{}".to_string(),
        device_kind: DeviceKind::Cpu,
        threads: 1,
        ..CellRow::default()
    }
}

/// Returns what the figure says of a run.
fn table(run: &Run) -> FigureTable {
    let experiments: Vec<&ExperimentRow> = run.experiments.iter().collect();
    (FIGURE.table)(&View::of(run, "own", experiments))
}

#[test]
fn contributing_quotes_the_skeleton_of_a_figure() {
    let manual = include_str!("../../../../../CONTRIBUTING.md");
    let source = include_str!("../skeleton.rs");
    let shown = &source[source.find("/// Everything the figure").unwrap()..];
    assert!(manual.contains(&format!("```rust\n{shown}```\n")));
}

#[test]
fn the_skeleton_of_a_figure_says_and_draws_no_one_and_forty_rows() {
    for count in [0, 1, 40] {
        let run = run(count);
        let table = table(&run);
        let numbers = table.rows.iter().map(|row| (row.value.round(), row.rounds, row.samples));
        // The median of two rounds is their geometric mean: 0.95 and 1 / 0.95 are 1. Each round has
        // 8 samples.
        let expected: Vec<_> = (1..=count).map(|ms| (ms as f64, 2, 16)).collect();
        assert_eq!(numbers.collect::<Vec<_>>(), expected);
        texts_have_room(&(FIGURE.draw)(&table).unwrap(), &format!("{count} networks"));
        drawn(&FIGURE, count);
    }
}
