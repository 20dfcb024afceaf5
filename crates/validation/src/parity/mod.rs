//! Every engine's logits beside the reference engine's, each option at single precision; of a file, the engines that load it
//! beside each other.

mod cells;
mod comparison;
mod page;

use std::num::NonZero;

use formbench_measure::{RunCell, WorkerCommand, available_memory};
use formbench_protocol::{Architecture, Description, Input};
use rayon::prelude::*;
use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

pub use comparison::{LogitDifference, Parity, ParityOutcome};
pub use page::{as_json, matrix, page, remarks};

/// What is compared.
#[derive(Clone, Debug, Default)]
pub struct ParityRequest {
    /// Models of one's own, with what they are given.
    pub files: Vec<(Architecture, Input)>,
    /// Architectures of the registry whose names contain one of these; all without any and without files.
    pub parts: Vec<String>,
    /// Engines whose names contain one of these; all without any.
    pub engines: Vec<String>,
    /// Height and width of all images; else what each network was published for.
    pub resolution: Option<u32>,
    /// Images at once.
    pub batch: u32,
    /// Whether options that are not the default are left out.
    pub defaults: bool,
    /// Whether software graphics adapters are compared too.
    pub software_gpu: bool,
}

/// A cell and how it compares.
#[derive(Clone, Debug)]
pub struct ParityLine {
    /// Label of the architecture.
    pub architecture: String,
    /// Height and width of the images; nothing of other inputs.
    pub resolution: Option<u32>,
    /// The engine with its options.
    pub engine: String,
    /// What is known to make the engine's logits wrong.
    pub known_defect: Option<String>,
    /// How it compares.
    pub outcome: ParityOutcome,
}

impl ParityLine {
    /// Returns whether logits were compared and differ.
    pub fn differs(&self) -> bool {
        matches!(self.outcome, ParityOutcome::Compared(compared) if !compared.agrees)
    }
}

/// So many architectures are compared side by side at most.
const MOST_AT_ONCE: usize = 4;
/// Memory that is set aside for each, in bytes: a bound, not a measurement.
const MOST_BYTES: u64 = 4 << 30;

/// Returns how every cell that is asked for compares; `progress` gets each cell's architecture and engine
/// before its turn. Nothing is timed, so that architectures are compared side by side, as many as there are processors and
/// four at most, if there is memory for them.
///
/// # Errors
/// The system starts no threads.
pub fn compare(
    worker: &WorkerCommand,
    description: &Description,
    request: &ParityRequest,
    progress: impl Fn(&str) + Sync,
) -> Result<Vec<ParityLine>, ThreadPoolBuildError> {
    let cells = cells::cells(description, request);
    let is_alike = |one: &RunCell, next: &RunCell| {
        (&one.cell.architecture, &one.cell.input) == (&next.cell.architecture, &next.cell.input)
    };
    let models: Vec<&[RunCell]> = cells.chunk_by(is_alike).collect();
    let of_model = |cells: &&[RunCell]| -> Vec<ParityLine> {
        let mut comparison = Parity::new(worker, request.software_gpu);
        cells.iter().map(|cell| line(cell, cells, &mut comparison, &progress)).collect()
    };
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    let fit = available_memory().map_or(MOST_AT_ONCE, |bytes| (bytes / MOST_BYTES) as usize);
    let at_once = processors.min(fit).clamp(1, MOST_AT_ONCE);
    let threads = ThreadPoolBuilder::new().num_threads(at_once).build()?;
    Ok(threads.install(|| models.par_iter().with_max_len(1).flat_map_iter(of_model).collect()))
}

fn line(
    cell: &RunCell,
    cells: &[RunCell],
    comparison: &mut Parity<'_>,
    progress: &dyn Fn(&str),
) -> ParityLine {
    let architecture = cell.cell.architecture.to_string();
    let engine = cell.cell.engine.to_string();
    progress(&format!("{architecture} on {engine}"));
    let resolution = cell.cell.input.images().map(|images| images.resolution);
    let known_defect = cell.engine.known_defect.clone();
    let outcome = comparison.of(cell, cells);
    ParityLine { architecture, resolution, engine, known_defect, outcome }
}
