//! The harness measures engines whose latency is known: nothing, 1 ms and 20 ms of busy waiting.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use formbench_experiment::{Budget, Cell, EngineSetting};
use formbench_measure::{Conductor, Measured, Observer, RecordError, Recorder, RunCell, Turn};
use formbench_measure::{WorkerCommand, short_hash};
use formbench_protocol::{Architecture, EngineInfo, EngineKind, Input, Options, Refusal};
use formbench_statistics::median_ns;
use serde::Serialize;
use serde_json::json;

use crate::arguments::{Arguments, SelftestArguments};
use crate::exit::Exit;
use crate::{location, output, planning};

/// What the harness may add to one inference at most, in nanoseconds.
const MOST_OVERHEAD_NS: f64 = 5_000.0;
/// By how much a known latency may be missed, relative to it.
const MOST_ERROR: f64 = 0.01;
/// Known latencies in nanoseconds.
const KNOWN_NS: [u64; 2] = [1_000_000, 20_000_000];

const BUDGET: Budget = Budget {
    rounds: 3,
    blocks: 1,
    block_inferences: 50,
    block_s: 0.5,
    warm_up_inferences: 10,
    warm_up_s: 0.1,
    warm_up_cap_s: 1.0,
    warm_up_stable_within: 0.02,
    limit_s: 30.0,
    cell_limit_s: 60.0,
    ratio_half_width: 0.02,
};

/// One question to the harness and its answer.
#[derive(Debug, Serialize)]
struct Check {
    check: String,
    expected: String,
    measured: String,
    passed: bool,
}

/// Prints what the harness measures of engines that are known.
///
/// # Errors
/// The worker does not answer, or refuses its own instrument.
pub fn execute(arguments: &Arguments, selftest: &SelftestArguments) -> Result<Exit> {
    let worker = location::worker(arguments)?;
    let description = planning::describe(&worker)?;
    let instrument = (description.engines.into_iter())
        .find(|info| info.kind == EngineKind::Instrument)
        .ok_or_else(|| anyhow!("the worker has no instrument to test with"))?;
    let mut checks = overhead(&worker, &instrument)?;
    for known_ns in KNOWN_NS {
        checks.push(recovery(&worker, &instrument, known_ns)?);
    }
    if selftest.json {
        output::json(&checks)?;
    } else {
        output::table(["check", "expected", "measured", "passed"], checks.iter().map(row))?;
    }
    let passed = checks.iter().all(|check| check.passed);
    Ok(if passed { Exit::Done } else { Exit::SelfTestFailed })
}

fn row(check: &Check) -> [String; 4] {
    let passed = if check.passed { "yes" } else { "no" };
    [check.check.clone(), check.expected.clone(), check.measured.clone(), passed.to_owned()]
}

/// What the harness adds inside the timed span, and what an inference costs it in all.
fn overhead(worker: &WorkerCommand, instrument: &EngineInfo) -> Result<Vec<Check>> {
    let blocks = measure(worker, instrument, 0)?;
    let inferences: usize = blocks.iter().map(|block| block.taken.samples_ns.len()).sum();
    let wall_ns: u64 = blocks.iter().map(|block| block.taken.wall_ns).sum();
    let check = |what: &str, ns: f64| Check {
        check: format!("null engine, {what}"),
        expected: format!("at most {:.0} µs", MOST_OVERHEAD_NS / 1e3),
        measured: format!("{:.2} µs", ns / 1e3),
        passed: ns <= MOST_OVERHEAD_NS,
    };
    Ok(vec![
        check("median inside the timed span", median(&blocks)?),
        check("mean per inference, bookkeeping included", wall_ns as f64 / inferences as f64),
    ])
}

fn recovery(worker: &WorkerCommand, instrument: &EngineInfo, known_ns: u64) -> Result<Check> {
    let median_ns = median(&measure(worker, instrument, known_ns)?)?;
    let error = median_ns / known_ns as f64 - 1.0;
    Ok(Check {
        check: format!("busy waiting {} ms", known_ns / 1_000_000),
        expected: format!("within {:.0} %", MOST_ERROR * 100.0),
        measured: format!("{:.4} ms ({:+.3} %)", median_ns / 1e6, error * 100.0),
        passed: error.abs() <= MOST_ERROR,
    })
}

fn median(blocks: &[Measured]) -> Result<f64> {
    let samples: Vec<u64> =
        blocks.iter().flat_map(|block| block.taken.samples_ns.iter().copied()).collect();
    median_ns(&samples).ok_or_else(|| anyhow!("the instrument gave no samples"))
}

/// Returns the blocks of the instrument at a latency, taken as any cell's are.
fn measure(
    worker: &WorkerCommand,
    instrument: &EngineInfo,
    latency_ns: u64,
) -> Result<Vec<Measured>> {
    let interrupt = AtomicBool::new(false);
    let (mut kept, mut silent) = (Kept::default(), Silent);
    let cells = [cell(instrument, latency_ns)];
    let mut conductor = Conductor::new(worker, false, &interrupt, &mut kept, &mut silent);
    conductor.run(&cells, &[vec![0]])?;
    match kept.refusal {
        None => Ok(kept.blocks),
        Some(refusal) => bail!("the instrument was refused: {refusal}"),
    }
}

fn cell(instrument: &EngineInfo, latency_ns: u64) -> RunCell {
    let options: Options =
        [("time".into(), json!("busy")), ("latency_ns".into(), json!(latency_ns))].into();
    let cell = Cell {
        architecture: Architecture::Network { name: "resnet18".to_owned() },
        engine: EngineSetting { engine: instrument.identity.name.clone(), options },
        input: Input { batch: 1, resolution: 32, seed: 7 },
        weights_seed: 1,
        threads: 1,
    };
    let key = short_hash(&format!("{cell:?}"));
    RunCell {
        key,
        cell,
        engine: instrument.clone(),
        reference: Some(instrument.clone()),
        budget: BUDGET,
    }
}

/// Blocks in memory.
#[derive(Default)]
struct Kept {
    blocks: Vec<Measured>,
    refusal: Option<Refusal>,
}

impl Recorder for Kept {
    fn has_block(&self, _key: &str, _round: u32, _block: u32) -> bool {
        false
    }

    fn is_refused(&self, _key: &str) -> bool {
        self.refusal.is_some()
    }

    fn spent(&self, _key: &str) -> Duration {
        Duration::ZERO
    }

    fn block(&mut self, _key: &str, measured: &Measured) -> Result<(), RecordError> {
        self.blocks.push(measured.clone());
        Ok(())
    }

    fn refusal(
        &mut self,
        _key: &str,
        _round: u32,
        refusal: &Refusal,
        _stderr_tail: &str,
    ) -> Result<(), RecordError> {
        self.refusal = Some(refusal.clone());
        Ok(())
    }
}

/// Shows nothing: a self-test takes seconds.
struct Silent;

impl Observer for Silent {
    fn turn(&mut self, _turn: Turn<'_>) {}

    fn refused(&mut self, _cell: &RunCell, _refusal: &Refusal) {}
}
