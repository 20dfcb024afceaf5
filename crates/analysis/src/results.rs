//! Every cell as a row of `results.csv`.

use formbench_store::{CellKind, CellRow};
use serde::Serialize;

use crate::{CellNumbers, Run, cell_numbers};

/// One cell as a row of `results.csv`; what the columns mean is in `data/SCHEMA.md`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ResultRow {
    /// Short name of the machine.
    pub host: String,
    /// Name of the run.
    pub run: String,
    /// Kind of architecture: `network`, `pattern` or `file`.
    pub kind: &'static str,
    /// Label of the architecture.
    pub architecture: String,
    /// Registry name of the engine.
    pub engine: String,
    /// Version of the engine.
    pub engine_version: String,
    /// The engine's settings as a JSON object; `{}` where all are its own.
    pub options: String,
    /// Device that executes.
    pub device: String,
    /// Threads the engine may compute on.
    pub threads: u32,
    /// Images per inference; empty of other inputs.
    pub batch: Option<u32>,
    /// Height and width of the images in pixels; empty of other inputs.
    pub resolution: Option<u32>,
    /// Inputs that are no images, in words.
    pub inputs: Option<String>,
    /// Rounds with samples.
    pub rounds: usize,
    /// Samples over all rounds.
    pub samples: usize,
    /// Median latency in ms: the median over rounds of the median over turns.
    pub median_ms: Option<f64>,
    /// Lower end of its 95 % interval.
    pub median_ms_low: Option<f64>,
    /// Upper end of its 95 % interval.
    pub median_ms_high: Option<f64>,
    /// What nine of ten inferences do not exceed, in ms, turns on a busy host included.
    pub p90_ms: Option<f64>,
    /// What 99 of a hundred inferences do not exceed, in ms, likewise.
    pub p99_ms: Option<f64>,
    /// Median over processes of the duration of loading the model, in ms.
    pub load_ms: Option<f64>,
    /// Median over processes of the latency of their first inference, in ms.
    pub first_inference_ms: Option<f64>,
    /// Largest resident memory of a worker, in MiB.
    pub peak_memory_mib: Option<f64>,
    /// The baseline that it is compared with, with its options; empty of a baseline.
    pub over: Option<String>,
    /// Speed-up over the baseline.
    pub speed_up: Option<f64>,
    /// Lower end of its 95 % interval.
    pub speed_up_low: Option<f64>,
    /// Upper end of its 95 % interval.
    pub speed_up_high: Option<f64>,
    /// Whether the numbers are of `quiet` turns or `as found`; empty where nobody looked.
    pub host_was: Option<&'static str>,
    /// What the speed-up would be without contention; empty where nobody looked.
    pub speed_up_without_contention: Option<f64>,
    /// Kind of refusal, if it was refused in some round.
    pub refusal: Option<&'static str>,
}

/// Returns a row for each member of a run, in the order of [`cell_numbers`].
pub fn result_rows(run: &Run) -> Vec<ResultRow> {
    let numbers = cell_numbers(run, |_| true).into_iter();
    numbers.filter_map(|numbers| Some(row(run, run.cells.get(&numbers.cell)?, &numbers))).collect()
}

fn row(run: &Run, cell: &CellRow, numbers: &CellNumbers) -> ResultRow {
    let ends = |triple: Option<[f64; 3]>| triple.map_or([None; 3], |ends| ends.map(Some));
    let [median_ms, median_ms_low, median_ms_high] = ends(numbers.median_ms);
    let [speed_up, speed_up_low, speed_up_high] = ends(numbers.speed_up);
    ResultRow {
        host: run.host.host.clone(),
        run: run.host.run.clone(),
        kind: match cell.kind {
            CellKind::Network => "network",
            CellKind::Pattern => "pattern",
            CellKind::File => "file",
        },
        architecture: numbers.architecture.clone(),
        engine: cell.engine.clone(),
        engine_version: cell.engine_version.clone(),
        options: cell.options.clone(),
        device: cell.device.clone(),
        threads: cell.threads,
        batch: cell.batch,
        resolution: cell.resolution,
        inputs: numbers.inputs.clone(),
        rounds: numbers.rounds,
        samples: numbers.samples,
        median_ms,
        median_ms_low,
        median_ms_high,
        p90_ms: numbers.p90_ms,
        p99_ms: numbers.p99_ms,
        load_ms: numbers.load_ms,
        first_inference_ms: numbers.first_inference_ms,
        peak_memory_mib: numbers.peak_memory_mib,
        over: numbers.over.clone(),
        speed_up,
        speed_up_low,
        speed_up_high,
        host_was: numbers.found,
        speed_up_without_contention: numbers.without_contention.map(|[value, ..]| value),
        refusal: numbers.refusal.as_ref().map(|refused| refused.kind.label()),
    }
}
