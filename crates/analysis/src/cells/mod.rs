//! Every cell's numbers: medians and speed-ups with their intervals.

mod doubts;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::{DeviceKind, RefusalKind};
use formbench_statistics::{Bootstrap, Estimate, Found, Histogram, median_ns};
use formbench_store::{BlockRow, CellRow, RefusalRow};
use serde::Serialize;

pub use doubts::{doubts, name, refusals};

use crate::view::{Comparison, compared_members};
use crate::{Pairs, Rounds, Run};

const NS_PER_MS: f64 = 1e6;
const BYTES_PER_MIB: f64 = (1 << 20) as f64;

/// One cell's numbers: those of `formbench show` and of the page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellNumbers {
    /// Key of the cell.
    pub cell: String,
    /// Label of the architecture.
    pub architecture: String,
    /// Engine with its options, and its device where that is not the processor.
    pub engine: String,
    /// Threads the engine may compute on.
    pub threads: u32,
    /// Images per inference; none of other inputs.
    pub batch: Option<u32>,
    /// Height and width of the images; none of other inputs.
    pub resolution: Option<u32>,
    /// Inputs that are no images, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inputs: Option<String>,
    /// Rounds with samples.
    pub rounds: usize,
    /// Samples over all rounds.
    pub samples: usize,
    /// Median latency in ms, and both ends of its 95 % interval.
    pub median_ms: Option<[f64; 3]>,
    /// What nine of ten inferences do not exceed, in ms, turns on a busy host included; nothing of fewer than ten.
    pub p90_ms: Option<f64>,
    /// What 99 of a hundred inferences do not exceed, likewise; nothing of fewer than a hundred.
    pub p99_ms: Option<f64>,
    /// Median over processes of the duration of loading the model, in ms.
    pub load_ms: Option<f64>,
    /// Median over processes of the latency of their first inference, in ms.
    pub first_inference_ms: Option<f64>,
    /// Largest resident memory of a worker, in MiB.
    pub peak_memory_mib: Option<f64>,
    /// Speed-up over the baseline, and both ends of its 95 % interval.
    pub speed_up: Option<[f64; 3]>,
    /// Whether that interval is wider than the cell's experiment asks for.
    pub wide: Option<bool>,
    /// Whether both numbers are of quiet turns, or as found; nothing where nobody looked.
    pub found: Option<&'static str>,
    /// What the speed-up would be without contention, and both ends of its 95 % interval, by a line through
    /// all turns, quiet or not; nothing where nobody looked.
    pub without_contention: Option<[f64; 3]>,
    /// The baseline, with its options, if the cell is compared with one.
    pub over: Option<String>,
    /// Why the cell has no samples, or no more of them.
    pub refusal: Option<Refused>,
}

/// Why a cell has no samples, or no more of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Kind, such as `crashed` or `disagrees`.
    pub kind: RefusalKind,
    /// What happened.
    pub reason: String,
    /// What would make the cell run, if anything is known to.
    pub remedy: Option<String>,
}

/// Returns the numbers of the run's members that `takes` accepts, by architecture, resolution, threads
/// and engine. A cell is compared with the baseline of the first experiment that has both.
pub fn cell_numbers(run: &Run, takes: impl Fn(&CellRow) -> bool) -> Vec<CellNumbers> {
    let compared = compared(run);
    let members = members(run);
    let mut cells: Vec<&CellRow> = run
        .cells
        .values()
        .filter(|cell| members.contains(cell.cell.as_str()) && takes(cell))
        .collect();
    cells.sort_by_key(|cell| {
        (cell.architecture(), cell.input_shape(), cell.threads, cell.engine_label())
    });
    let of = |cell: &&CellRow| compared.get(cell.cell.as_str()).copied();
    cells.iter().map(|cell| numbers(run, cell, of(cell))).collect()
}

/// Returns the comparisons of a run, one per cell that is no baseline: that of the first experiment that has
/// both. By key of the cell.
pub fn compared(run: &Run) -> BTreeMap<&str, Comparison<'_>> {
    let mut found = BTreeMap::new();
    for pair in compared_members(run, run.members.iter()) {
        found.entry(pair.accelerated.cell.as_str()).or_insert(pair);
    }
    found
}

fn numbers(run: &Run, cell: &CellRow, compared: Option<Comparison<'_>>) -> CellNumbers {
    let rounds = Rounds::of(run, &cell.cell);
    let bootstrap = Bootstrap::default();
    let pairs = compared.map(|pair| (Pairs::of(run, pair), pair.half_width));
    let speed_up = pairs.as_ref().and_then(|(pairs, half_width)| {
        let ratio = bootstrap.speed_up(&pairs.rounds)?;
        Some((ratio, half_width.is_some_and(|asked| ratio.is_wider_than(asked))))
    });
    let all = [Some(rounds.found), pairs.as_ref().map(|(pairs, _)| pairs.found)];
    let without = pairs.as_ref().and_then(|(pairs, _)| pairs.without_contention());
    CellNumbers {
        cell: cell.cell.clone(),
        architecture: cell.architecture(),
        engine: engine(cell),
        threads: cell.threads,
        batch: cell.batch,
        resolution: cell.resolution,
        inputs: cell.input_shape().tensors(),
        rounds: rounds.len(),
        samples: rounds.samples,
        median_ms: bootstrap.latency(&rounds.medians_ns).map(|ns| triple(ns, 1e-6)),
        p90_ms: tail_ms(run, cell, 10),
        p99_ms: tail_ms(run, cell, 100),
        load_ms: of_processes_ms(run, cell, |block| block.load_ns),
        first_inference_ms: of_processes_ms(run, cell, |block| block.first_inference_ns),
        peak_memory_mib: peak_memory_mib(run, cell),
        speed_up: speed_up.map(|(ratio, _)| triple(ratio, 1.0)),
        found: worst(all.into_iter().flatten()),
        without_contention: without.map(|ratio| triple(ratio, 1.0)),
        wide: speed_up.map(|(_, wide)| wide),
        over: compared.map(|pair| engine(pair.baseline)),
        refusal: run.refusals.iter().find(|refusal| refusal.cell == cell.cell).map(Refused::from),
    }
}

/// Returns what all samples of a cell that count do not exceed, but one in so many; nothing of fewer samples than that.
fn tail_ms(run: &Run, cell: &CellRow, one_in: usize) -> Option<f64> {
    let rounds = run.latencies.get(&cell.cell)?.values();
    let (mut all, mut samples) = (Histogram::default(), 0);
    for block in rounds.flat_map(|blocks| blocks.values()) {
        all.merge(&block.histogram);
        samples += block.samples();
    }
    let quantile_ns = all.quantile_ns(1.0 - 1.0 / one_in as f64)?;
    (samples >= one_in).then_some(quantile_ns / NS_PER_MS)
}

/// Returns the median over a cell's processes of what each of their blocks says.
fn of_processes_ms(run: &Run, cell: &CellRow, ns: impl Fn(&BlockRow) -> u64) -> Option<f64> {
    let processes: BTreeMap<_, u64> = run
        .blocks_of(&cell.cell)
        .iter()
        .map(|block| ((block.round, block.session_unix_ns, block.process), ns(block)))
        .collect();
    Some(median_ns(&processes.into_values().collect::<Vec<_>>())? / NS_PER_MS)
}

fn peak_memory_mib(run: &Run, cell: &CellRow) -> Option<f64> {
    let most = run.blocks_of(&cell.cell).iter().map(|block| block.peak_rss_bytes).max()?;
    Some(most as f64 / BYTES_PER_MIB)
}

/// Returns how numbers were found: as they are if one of them was not found on a quiet host.
fn worst(found: impl Iterator<Item = Found>) -> Option<&'static str> {
    let known: Vec<Found> = found.filter(|found| *found != Found::Unknown).collect();
    let worst = known.iter().find(|found| **found == Found::AsFound).or_else(|| known.first());
    worst.map(|found| found.label())
}

/// Returns the engine with its options, and the device where it is not the processor.
fn engine(cell: &CellRow) -> String {
    match cell.device_kind {
        DeviceKind::Cpu | DeviceKind::Simulated | DeviceKind::Missing => cell.engine_label(),
        kind => format!("{} on {} ({})", cell.engine_label(), cell.device, kind.label()),
    }
}

fn triple(estimate: Estimate, scale: f64) -> [f64; 3] {
    [estimate.value * scale, estimate.low * scale, estimate.high * scale]
}

/// Returns the keys of the cells that some experiment of the run has.
pub fn members(run: &Run) -> BTreeSet<&str> {
    run.members.iter().map(|member| member.cell.as_str()).collect()
}

/// Sorts by the words that tables show.
impl Ord for Refused {
    fn cmp(&self, other: &Self) -> Ordering {
        let words = |one: &Self| (one.kind.label(), one.reason.clone(), one.remedy.clone());
        words(self).cmp(&words(other))
    }
}

impl PartialOrd for Refused {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<&RefusalRow> for Refused {
    fn from(row: &RefusalRow) -> Self {
        let RefusalRow { kind, reason, remedy, .. } = row.clone();
        Self { kind, reason, remedy }
    }
}

#[cfg(test)]
mod tests {
    use formbench_store::BlockRow;

    use super::*;
    use crate::{BlockLatency, TurnLatency};

    /// Returns two blocks of each of two processes: fifty samples each, 1 to 50 ms and 51 to 100 ms.
    fn run() -> Run {
        let mut run = Run::default();
        let cell = CellRow { cell: "c".into(), engine: "tract".into(), ..CellRow::default() };
        run.cells.insert("c".into(), cell);
        for round in 0..2 {
            for block in 0..2_u32 {
                let mut latency = BlockLatency::default();
                (1..=50)
                    .for_each(|ms| latency.histogram.add((u64::from(block) * 50 + ms) * 1_000_000));
                let turn = TurnLatency { turn: 0, median_ns: 1e6, samples: 50, conditions: None };
                latency.turns.push(turn);
                let rounds = run.latencies.entry("c".into()).or_default();
                rounds.entry(round).or_default().insert(block, latency);
                run.blocks.push(BlockRow {
                    cell: "c".into(),
                    round,
                    block,
                    load_ns: 2_000_000 * u64::from(round + 1),
                    first_inference_ns: 4_000_000 * u64::from(round + 1),
                    peak_rss_bytes: u64::from(10 * round + block) << 20,
                    ..BlockRow::default()
                });
            }
        }
        run
    }

    #[test]
    fn tails_are_of_all_samples_and_the_rest_of_processes() {
        let run = run();
        let cell = &run.cells["c"];
        // Of 1 to 100 ms twice.
        for (one_in, ms) in [(10, 90.0), (100, 99.0)] {
            let found = tail_ms(&run, cell, one_in).unwrap();
            assert!((found / ms - 1.0).abs() < 0.002, "{found}");
        }
        assert_eq!(tail_ms(&run, cell, 1000), None);
        assert_eq!(of_processes_ms(&run, cell, |block| block.load_ns), Some(3.0));
        assert_eq!(of_processes_ms(&run, cell, |block| block.first_inference_ns), Some(6.0));
        assert_eq!(peak_memory_mib(&run, cell), Some(11.0));
    }
}
