//! A small run whose every value is known.

use std::fs;
use std::path::Path;

use formbench_protocol::{
    Architecture, Attributes, CostTarget, DeviceKind, Images, InferencePart, OperatorClass,
    RefusalKind, Roofline, Subject, Timed, Width,
};
use formbench_store::{
    AttributesRow, BlockKey, BlockRow, CacheRow, CacheSource, CellKind, CellRow, CheckRow,
    ExperimentRow, HostRow, MemberRow, OperatorRow, Provenance, RefusalRow, RooflineRow, RunFolder,
    Sample, Turn,
};

/// Keys of the run's cells.
pub const CELLS: [&str; 2] = ["00c0ffee00c0ffee", "0123456789abcdef"];

/// Returns a run with a plan of two cells in `runs`, with their attributes and the machine's roof.
pub fn planned_run(runs: &Path) -> RunFolder {
    let run = RunFolder::create(runs, "2026-11-23", "hal").unwrap();
    let cells = CELLS.map(cell);
    let members = CELLS.map(member);
    run.write_plan(&host(run.name()), &[experiment()], &members, &cells).unwrap();
    run.write_attributes(&[attributes()]).unwrap();
    run.write_rooflines(&rooflines()).unwrap();
    run.write_caches(&caches()).unwrap();
    run.write_checks(&[check()]).unwrap();
    run.write_operators(&[operator()]).unwrap();
    run
}

pub fn operator() -> OperatorRow {
    OperatorRow {
        cell: CELLS[0].to_owned(),
        position: 3,
        operator: "stem.conv/fused".to_owned(),
        kind: "Conv".to_owned(),
        nodes: vec!["stem.conv".to_owned(), "Relu_0".to_owned()],
        class: InferencePart::Work(OperatorClass::DenseConvolution),
        positions: Some(49),
        after: Some(InferencePart::Work(OperatorClass::Pool)),
        ns: 1500.5,
        macs: 100,
        flops: 210,
        bytes: 64,
        profiled_ns: 2000.0,
        latency_ns: 1900.0,
        accounted_ns: Some(1980.0),
    }
}

/// Appends blocks `blocks` of `round` of every cell, each of three samples.
pub fn append_round(run: &RunFolder, round: u32, blocks: std::ops::Range<u32>) {
    for cell in CELLS {
        for number in blocks.clone() {
            let block = block(cell, round, number);
            run.append_turns(&BlockKey::from(&block), &turns(round, number)).unwrap();
            run.append_block(&block, &samples(round, number)).unwrap();
        }
    }
}

/// Returns samples that name their round, block and index: 1 ms + round, block, index as digits.
/// The last is of a second turn.
pub fn samples(round: u32, block: u32) -> Vec<Sample> {
    let latency_ns = |index: u32| 1_000_000 + u64::from(round * 100 + block * 10 + index);
    let sample = |index| Sample { turn: Some(index / 2), latency_ns: latency_ns(index) };
    (0..3).map(sample).collect()
}

/// Returns the turns of these samples, which name their round, block and turn too.
pub fn turns(round: u32, block: u32) -> Vec<Turn> {
    let turn = |turn| {
        let ns = 1_000 + u64::from(round * 100 + block * 10 + turn);
        Turn {
            turn,
            started_unix_ns: ns,
            wall_ns: ns + 1,
            cpu_ns: ns + 2,
            before_ns: [ns + 3, ns + 4],
            after_ns: [ns + 5, ns + 6],
        }
    };
    (0..2).map(turn).collect()
}

/// Returns a sample of a first turn.
pub fn sample(latency_ns: u64) -> Sample {
    Sample { turn: Some(0), latency_ns }
}

pub fn host(run: &str) -> HostRow {
    HostRow {
        run: run.into(),
        host: "hal".into(),
        fingerprint: "5f0c".into(),
        cpu_model: "Example CPU @ 2.00GHz".into(),
        logical_cores: 2,
        memory_bytes: 8 << 30,
        l2_bytes: 1 << 20,
        l3_bytes: 32 << 20,
        os: "Debian 13".into(),
        kernel: "6.12".into(),
        rustc: "1.95.0".into(),
        harness_version: "0.1.0".into(),
        profile: "quick".into(),
        plan: "0123456789abcdef".into(),
        started_unix_ns: 1_795_000_000_000_000_000,
        software_gpu: false,
        microcode: Some("0x1000065".into()),
        governor: Some("performance".into()),
        turbo: Some(true),
        smt: Some("on".into()),
        hypervisor: Some("none".into()),
        libc: None,
        lock_hash: Some("89abcdef01234567".into()),
        allowed_processors: Some("0,1".into()),
        quota: Some(1.5),
        quiet_memory_ns: Some(374_000.5),
        machine: Some("fedcba9876543210".into()),
        environment: Some(r#"{"OMP_NUM_THREADS":"1"}"#.into()),
    }
}

pub fn experiment() -> ExperimentRow {
    ExperimentRow {
        experiment: "burn/networks".into(),
        question: "Which network gains most?".into(),
        figures: vec!["network-latency".into(), "network-speedup".into()],
        baseline: "pytorch".into(),
        stand_in: true,
        rounds: 2,
        blocks: 3,
        block_inferences: 3,
        block_ns: 100_000_000,
        warm_up_inferences: 10,
        warm_up_ns: 500_000_000,
        warm_up_cap_ns: 5_000_000_000,
        warm_up_stable_within: 0.02,
        limit_ns: 60_000_000_000,
        cell_limit_ns: 600_000_000_000,
        ratio_half_width: 0.02,
    }
}

fn member(cell: &str) -> MemberRow {
    MemberRow { experiment: "burn/networks".into(), cell: cell.into(), baseline: cell == CELLS[0] }
}

/// Returns a cell: the first is a network, the second a pattern.
pub fn cell(cell: &str) -> CellRow {
    let is_network = cell == CELLS[0];
    CellRow {
        cell: cell.into(),
        kind: if is_network { CellKind::Network } else { CellKind::Pattern },
        name: if is_network { "resnet18" } else { "bottleneck" }.into(),
        depth: (!is_network).then_some(14),
        width: (!is_network).then_some(32.5),
        engine: if is_network { "burn/ndarray" } else { "burn/candle" }.into(),
        engine_version: "0.21.0".into(),
        engine_build: "simd".into(),
        instruction_set: "avx2".into(),
        options: "{}".into(),
        device: "Example CPU".into(),
        device_kind: DeviceKind::Cpu,
        batch: Some(1),
        resolution: Some(224),
        inputs: None,
        input_seed: 7,
        weights_seed: 1,
        threads: 1,
    }
}

/// Returns the attributes of the second cell, a pattern.
pub fn attributes() -> AttributesRow {
    let width = Width::from_eighths(260);
    let architecture = Architecture::Pattern { name: "bottleneck".into(), depth: 14, width };
    let input = Images { batch: 1, resolution: 224, seed: 7 }.into();
    let subject = Subject { architecture, weights_seed: 1, input };
    let matched = Some(CostTarget::Macs(1_000_000_000));
    let operator_mix = [("Conv".into(), 44), ("Relu".into(), 43)].into();
    let attributes = Attributes {
        parameters: 8_000_000,
        macs: 1_000_000_000,
        flops: 2_010_000_000,
        operator_mix,
        ..Attributes::default()
    };
    AttributesRow::new(&subject, Provenance { origin: None, matched }, &attributes)
}

/// Returns a check of the self-test.
pub fn check() -> CheckRow {
    CheckRow {
        check: "busy waiting 1 ms".into(),
        expected: "within 1 %".into(),
        measured: "1.0005 ms".into(),
        passed: Some(true),
    }
}

/// Returns two repetitions of arithmetic and one of memory.
pub fn rooflines() -> Vec<RooflineRow> {
    let timed = |work| Timed { work, ns: 1_000_000 };
    let roofline = Roofline {
        instruction_set: "avx2".into(),
        compute: vec![timed(60_000_000), timed(61_000_000)],
        memory: vec![timed(12_000_000)],
    };
    RooflineRow::rows(1, &roofline)
}

/// Returns what the second cell, a pattern, asks of two simulated caches.
pub fn caches() -> [CacheRow; 2] {
    let simulated = |cache_bytes, llc_misses| CacheRow {
        key: "fedcba9876543210".into(),
        model_sha256: "5f0c".into(),
        source: CacheSource::Simulation,
        tool: "callgrind".into(),
        tool_version: "3.19.0".into(),
        instruction_set: "avx2".into(),
        cache_bytes,
        associativity: Some(16),
        line_bytes: Some(64),
        l1_bytes: Some(32 << 10),
        inferences: 1,
        instructions: Some(2_000_000),
        data_references: Some(900_000),
        l1_misses: Some(40_000),
        llc_references: 40_000,
        llc_misses,
        ..CacheRow::default().named_as(&cell(CELLS[1]))
    };
    [simulated(8 << 20, 1_000), simulated(4 << 20, 10_000)]
}

pub fn block(cell: &str, round: u32, block: u32) -> BlockRow {
    BlockRow {
        cell: cell.into(),
        round,
        block,
        position: 1,
        process: 4711,
        session_unix_ns: 1,
        started_unix_ns: 1_795_000_000_000_000_000 + u64::from(round),
        load_ns: 20_000_000,
        first_inference_ns: 3_000_000,
        warm_up_inferences: 12,
        warm_up_ns: 510_000_000,
        warm_up_stable: true,
        wall_ns: 3_000_000,
        cpu_ns: 2_900_000,
        peak_rss_bytes: 100 << 20,
        steal_ns: Some(10_000_000),
        host_busy_ns: Some(20_000_000),
        load_1m: Some(1.25),
        psi_cpu_ns: Some(1_000),
        psi_memory_ns: Some(2_000),
        psi_io_ns: Some(3_000),
        run_queue_ns: Some(4_000),
        voluntary_switches: Some(5),
        involuntary_switches: Some(6),
        minor_faults: Some(7),
        major_faults: Some(0),
        frequency_before_khz: Some(3_000_000),
        frequency_after_khz: Some(2_900_000),
        temperature_millicelsius: None,
        throttles: None,
        quota_throttled_ns: Some(0),
        span_ns: Some(900_000_000),
        processors: Some("0,1".into()),
        stopped: Some(true),
    }
}

pub fn refusal(cell: &str, round: u32, reason: &str) -> RefusalRow {
    RefusalRow {
        cell: cell.into(),
        round,
        kind: RefusalKind::Crashed,
        reason: reason.into(),
        remedy: None,
        stderr_tail: "killed\n".into(),
        unix_ns: 1_795_000_000_000_000_000,
    }
}

/// Copies a run's folder, parts included.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
