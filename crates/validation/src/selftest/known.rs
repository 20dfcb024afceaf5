//! Engines whose latency is known: nothing, 1 ms and 20 ms of busy waiting, 10 ms and 3 % more; and fixed work, and
//! 1 % more of it.

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use formbench_experiment::Budget;
use formbench_measure::{Launcher, Measured};
use formbench_protocol::EngineInfo;
use formbench_statistics::{counting, median_ns};
use formbench_store::CheckRow;
use serde_json::json;

use super::cell::{BUDGET, cell};
use super::in_memory;

/// What the harness may add to one inference at most, in nanoseconds.
const MOST_OVERHEAD_NS: f64 = 5_000.0;
/// By how much a known latency may be missed, relative to it.
const MOST_ERROR: f64 = 0.01;
/// Known latencies in nanoseconds.
const KNOWN_NS: [u64; 2] = [1_000_000, 20_000_000];
/// Two latencies in nanoseconds that differ by 3 %.
const DIFFERENT_NS: [u64; 2] = [10_300_000, 10_000_000];
/// Steps of work that differ by 1 %.
const WORK_STEPS: [u64; 2] = [1_010_000, 1_000_000];
/// So often they are compared.
const TRIES: u32 = 10;
/// In so many of the quiet tries the difference has to be found.
const LEAST_SHARE: f64 = 0.9;
/// So long a try may time inferences, where a burst that has begun is finished.
const MOST_TIMED: Duration = Duration::from_millis(1100);

/// Returns what the harness adds, and whether known latencies and a known ratio are recovered.
///
/// # Errors
/// The worker refuses its own instrument.
pub fn checks(launcher: &dyn Launcher, instrument: &EngineInfo) -> Result<Vec<CheckRow>> {
    let mut checks = overhead(launcher, instrument)?;
    for known_ns in KNOWN_NS {
        checks.push(recovery(launcher, instrument, known_ns)?);
    }
    checks.push(difference(launcher, instrument)?);
    checks.push(one_per_cent(launcher, instrument)?);
    Ok(checks)
}

/// What the harness adds inside the timed span, and what an inference costs it in all.
fn overhead(launcher: &dyn Launcher, instrument: &EngineInfo) -> Result<Vec<CheckRow>> {
    let blocks = blocks(launcher, instrument, 0)?;
    let bursts = blocks.iter().flat_map(|block| &block.taken.bursts);
    let inferences: usize = bursts.map(|burst| burst.samples_ns.len()).sum();
    let wall_ns: u64 = blocks.iter().map(|block| block.taken.wall_ns()).sum();
    let check = |what: &str, ns: f64| CheckRow {
        check: format!("null engine, {what}"),
        expected: format!("at most {:.0} µs", MOST_OVERHEAD_NS / 1e3),
        measured: format!("{:.2} µs", ns / 1e3),
        passed: Some(ns <= MOST_OVERHEAD_NS),
    };
    Ok(vec![
        check("median inside the timed span", median(&blocks)?),
        check("mean per inference, bookkeeping included", wall_ns as f64 / inferences as f64),
    ])
}

fn recovery(launcher: &dyn Launcher, instrument: &EngineInfo, known_ns: u64) -> Result<CheckRow> {
    let median_ns = median(&blocks(launcher, instrument, known_ns)?)?;
    let error = median_ns / known_ns as f64 - 1.0;
    Ok(CheckRow {
        check: format!("busy waiting {} ms", known_ns / 1_000_000),
        expected: format!("within {:.0} %", MOST_ERROR * 100.0),
        measured: format!("{:.4} ms ({:+.3} %)", median_ns / 1e6, error * 100.0),
        passed: Some(error.abs() <= MOST_ERROR),
    })
}

/// Whether an engine that is slowed by 3 % is found to be slower, by about that.
fn difference(launcher: &dyn Launcher, instrument: &EngineInfo) -> Result<CheckRow> {
    let budget = Budget { rounds: 4, most_rounds: 12, ratio_half_width: 0.01, ..BUDGET };
    let cells = DIFFERENT_NS.map(|ns| cell(instrument, &ns.to_string(), busy(ns), budget));
    let measured = in_memory::measure(launcher, &cells, None)?;
    let speed_up =
        measured.speed_up(&cells[0], &cells[1]).context("the instrument took no blocks")?;
    Ok(CheckRow {
        check: "an engine slowed by 3 %".to_owned(),
        expected: "interval above 1, estimate within 1 % of 1.030".to_owned(),
        measured: format!("{:.4} [{:.4}, {:.4}]", speed_up.value, speed_up.low, speed_up.high),
        passed: Some(speed_up.low > 1.0 && (speed_up.value / 1.03 - 1.0).abs() <= MOST_ERROR),
    })
}

/// Whether 1 % more of the same work is found within a second of timing, by real processes on the real clock. Only
/// tries during which the host was quiet are judged.
fn one_per_cent(launcher: &dyn Launcher, instrument: &EngineInfo) -> Result<CheckRow> {
    // Four rounds of an eighth of a second of each side.
    let budget = Budget {
        rounds: 4,
        most_rounds: 4,
        blocks: 2,
        block_inferences: 1,
        block_s: 0.05,
        ..BUDGET
    };
    let (mut found, mut quiet, mut longest) = (0, 0, Duration::ZERO);
    for number in 0..TRIES {
        let mut cells = WORK_STEPS
            .map(|steps| cell(instrument, &format!("{steps} {number}"), work(steps), budget));
        // Whoever is first in the first turn, now the one and now the other.
        let is_swapped = number % 2 == 1;
        if is_swapped {
            cells.swap(0, 1);
        }
        let measured = in_memory::measure(launcher, &cells, None)?;
        let blocks = cells.iter().flat_map(|cell| measured.blocks(cell));
        let timed_ns = blocks.map(|block| block.taken.wall_ns()).sum();
        longest = longest.max(Duration::from_nanos(timed_ns));
        if measured.is_quiet(&cells[0], &cells[1]) {
            let speed_up =
                measured.speed_up(&cells[0], &cells[1]).context("the instrument took no blocks")?;
            quiet += 1;
            found += u32::from(if is_swapped { speed_up.high < 1.0 } else { speed_up.low > 1.0 });
        }
    }
    let is_long = longest > MOST_TIMED;
    let is_found = f64::from(found) >= LEAST_SHARE * f64::from(quiet);
    Ok(CheckRow {
        check: format!("1 % more of fixed work, {TRIES} times on a quiet host"),
        expected: format!("found {:.0} % of the times, each in 1 s of timing", LEAST_SHARE * 100.0),
        measured: format!(
            "{found} of {quiet} on a quiet host, {:.1} s of timing at most",
            longest.as_secs_f64()
        ),
        passed: (is_long || quiet > 0).then_some(!is_long && is_found),
    })
}

fn median(blocks: &[Measured]) -> Result<f64> {
    let bursts = blocks.iter().flat_map(|block| &block.taken.bursts);
    let samples: Vec<u64> = bursts.flat_map(|burst| counting(&burst.samples_ns)).copied().collect();
    median_ns(&samples).ok_or_else(|| anyhow!("the instrument gave no samples"))
}

/// Returns the blocks of the instrument at a latency, taken as any cell's are.
fn blocks(
    launcher: &dyn Launcher,
    instrument: &EngineInfo,
    latency_ns: u64,
) -> Result<Vec<Measured>> {
    let cells = [cell(instrument, "known", busy(latency_ns), BUDGET)];
    Ok(in_memory::measure(launcher, &cells, None)?.blocks(&cells[0]).to_vec())
}

fn work(steps: u64) -> formbench_protocol::Options {
    [("steps".into(), json!(steps))].into()
}

fn busy(latency_ns: u64) -> formbench_protocol::Options {
    [("time".into(), json!("busy")), ("latency_ns".into(), json!(latency_ns))].into()
}
