//! Whatever is written is read back, value by value.

use std::collections::BTreeMap;

use formbench_protocol::{Origin, Width};
use formbench_store::{
    AttributesRow, ExperimentRow, Latencies, RefusalRow, Run, RunFolder, Sample,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::fixture::{self, CELLS};

fn any_refusal() -> impl Strategy<Value = RefusalRow> {
    let texts = (".*", proptest::option::of(".*"), ".*");
    (0..2usize, any::<u32>(), texts, any::<u64>()).prop_map(|(cell, round, texts, unix_ns)| {
        let (reason, remedy, stderr_tail) = texts;
        RefusalRow { remedy, stderr_tail, unix_ns, ..fixture::refusal(CELLS[cell], round, &reason) }
    })
}

fn any_experiment() -> impl Strategy<Value = ExperimentRow> {
    let number = proptest::num::f64::NORMAL | proptest::num::f64::ZERO;
    (".*", vec(".*", 0..4), any::<bool>(), any::<u64>(), number).prop_map(
        |(question, figures, stand_in, cell_limit_ns, ratio_half_width)| ExperimentRow {
            question,
            figures,
            stand_in,
            cell_limit_ns,
            ratio_half_width,
            ..fixture::experiment()
        },
    )
}

fn any_attributes() -> impl Strategy<Value = AttributesRow> {
    let batch = (proptest::option::of(any::<u32>()), proptest::option::of(".*"));
    let numbers = (batch, proptest::option::of(1..9999u32), any::<u64>());
    let origin = proptest::sample::select(Origin::ALL.to_vec());
    let matches = (proptest::option::of(origin), proptest::option::of(any::<u64>()));
    (".*", proptest::option::of(0..99u32), ".*", numbers, matches).prop_map(
        |(name, depth, operator_mix, ((batch, inputs), eighths, macs), (origin, match_target))| {
            let width = eighths.map(|eighths| Width::from_eighths(eighths).channels());
            AttributesRow {
                name,
                depth,
                width,
                batch,
                inputs,
                origin,
                match_target,
                macs,
                operator_mix,
                ..fixture::attributes()
            }
        },
    )
}

fn any_sample() -> impl Strategy<Value = Sample> {
    let turn = proptest::option::of(any::<u32>());
    (turn, any::<u64>()).prop_map(|(turn, latency_ns)| Sample { turn, latency_ns })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_run_reads_back_as_written(
        experiments in vec(any_experiment(), 0..4),
        attributes in vec(any_attributes(), 0..4),
        refusals in vec(any_refusal(), 0..4),
        blocks in btree_map((0..2usize, 0..12u32, 0..12u32), vec(any_sample(), 1..40), 0..6),
        compacted_after in 0..6usize,
    ) {
        let runs = tempfile::tempdir().unwrap();
        let run = RunFolder::create(runs.path(), "2026-11-23", "hal").unwrap();
        run.write_plan(&fixture::host(run.name()), &experiments, &[], &[]).unwrap();
        run.write_attributes(&attributes).unwrap();
        let mut latencies = Latencies::new();
        for (done, ((cell, round, number), samples)) in blocks.iter().enumerate() {
            let block = fixture::block(CELLS[*cell], *round, *number);
            run.append_block(&block, samples).unwrap();
            let of_cell = latencies.entry(CELLS[*cell].to_owned()).or_default();
            of_cell.entry(*round).or_default().insert(*number, samples.clone());
            if done == compacted_after {
                run.compact().unwrap();
            }
        }
        let mut last = BTreeMap::new();
        for refusal in refusals {
            run.append_refusal(&refusal).unwrap();
            last.insert((refusal.cell.clone(), refusal.round), refusal);
        }
        let read = Run::read(run.path()).unwrap();
        prop_assert_eq!(read.experiments, experiments);
        prop_assert_eq!(read.attributes, attributes);
        prop_assert_eq!(read.refusals, last.into_values().collect::<Vec<_>>());
        prop_assert_eq!(read.blocks.len(), blocks.len());
        prop_assert_eq!(read.latencies, latencies);
    }
}
