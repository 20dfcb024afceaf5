//! What earlier runs on this host cost, and how fast it was.

use std::collections::BTreeMap;
use std::path::Path;

use formbench_analysis::run::readings;
use formbench_measure::{History, Host, PastBlock, PastCell, RunCell, past_rounds};
use formbench_protocol::HARNESS_VERSION;
use formbench_statistics::QuietLevel;
use formbench_store::{
    BlockRow, InputShape, RooflineQuantity, RooflineRow, Run, RunFolder, StoreError,
};

use crate::Notice;
use crate::run_folders::earlier_runs;

/// The tables that hold what was measured, once a run has ended.
const PACKED: [&str; 3] = ["blocks.parquet", "turns.parquet", "samples.parquet"];

/// Earlier runs on this host.
#[derive(Default)]
pub struct EarlierRuns {
    /// How many there are with blocks.
    pub runs: usize,
    /// What their cells cost.
    pub history: History,
    /// How long the probe's part from memory took where the latest of them were quiet, in nanoseconds.
    pub quiet_memory_ns: Option<f64>,
    macs: BTreeMap<Counted, u64>,
    /// Most work for each nanosecond.
    roofs: BTreeMap<(u32, RooflineQuantity), f64>,
}

/// Runs with a probe that a host's quiet level is taken from: the latest ones, since a host may become slower for
/// good.
const RUNS_OF_A_LEVEL: usize = 20;

/// What multiply-accumulates depend on: architecture and inputs.
type Counted = (String, InputShape);

/// What is collected from one run after the other.
#[derive(Default)]
struct Collected {
    runs: usize,
    cells: BTreeMap<String, PastCell>,
    blocks: Vec<PastBlock>,
    macs: BTreeMap<Counted, u64>,
    packed_bytes: u64,
    packed_blocks: usize,
    /// By start of the run.
    quiet_memory_ns: BTreeMap<u64, f64>,
    roofs: BTreeMap<(u32, RooflineQuantity), f64>,
}

impl EarlierRuns {
    /// Returns the runs in `data` and the committed ones beside it that were made on this host; a
    /// run that cannot be read is skipped with a notice.
    pub fn read(data: &Path, host: &Host, notice: Notice<'_>) -> Self {
        let mut collected = Collected::default();
        for folder in earlier_runs(data) {
            if let Err(error) = collected.add(&folder, host) {
                notice(&format!("passing over {}: {error}", folder.display()));
            }
        }
        let Collected { runs, cells, blocks, macs, packed_bytes, packed_blocks, .. } = collected;
        let levels_ns = collected.quiet_memory_ns.into_values().rev().take(RUNS_OF_A_LEVEL);
        let block_bytes = (packed_blocks > 0).then(|| packed_bytes as f64 / packed_blocks as f64);
        let history = History::new(cells.into_values(), &past_rounds(&blocks));
        Self {
            runs,
            history: history.with_block_bytes(block_bytes),
            quiet_memory_ns: levels_ns.reduce(f64::min),
            macs,
            roofs: collected.roofs,
        }
    }

    /// Returns what a roof that was just measured lacks of the best that this host has shown, as a share of
    /// that; nothing where it was not measured before.
    pub fn lack(&self, rows: &[RooflineRow], quantity: RooflineQuantity) -> Option<f64> {
        let of_quantity = || rows.iter().filter(|row| row.quantity == quantity);
        let best = self.roofs.get(&(of_quantity().next()?.threads, quantity))?;
        Some(1.0 - of_quantity().map(speed).reduce(f64::max)? / best)
    }

    /// Returns the multiply-accumulates of a cell's inference, if an earlier run counted them.
    pub fn macs(&self, run_cell: &RunCell) -> Option<u64> {
        let (architecture, input) = (&run_cell.cell.architecture, &run_cell.cell.input);
        self.macs.get(&(architecture.to_string(), InputShape::from(input))).copied()
    }
}

impl Collected {
    fn add(&mut self, folder: &Path, host: &Host) -> Result<(), StoreError> {
        let run_folder = RunFolder::open(folder)?;
        if !run_folder.has_plan() || run_folder.host()?.fingerprint != host.fingerprint {
            return Ok(());
        }
        let run = Run::read_without_samples(folder)?;
        for row in &run.rooflines {
            let best = self.roofs.entry((row.threads, row.quantity)).or_default();
            *best = best.max(speed(row));
        }
        // The probe of another version may have done other work.
        let is_comparable = run.host.harness_version == HARNESS_VERSION;
        let level = QuietLevel::of(&readings(&run), None).filter(|_| is_comparable);
        self.quiet_memory_ns.extend(level.map(|of| (run.host.started_unix_ns, of.memory_ns)));
        if run.blocks.is_empty() {
            return Ok(());
        }
        self.runs += 1;
        for (key, cell) in &run.cells {
            let macs = run.attributes_of(cell).map(|row| row.macs);
            let counted = (cell.architecture(), cell.input_shape());
            self.macs.extend(macs.map(|macs| (counted, macs)));
            let past = PastCell {
                cell: key.clone(),
                engine: cell.engine.clone(),
                setting: cell.engine_label(),
                threads: cell.threads,
                macs,
            };
            self.cells.insert(key.clone(), past);
        }
        if run_folder.is_finished() {
            let bytes =
                PACKED.map(|name| folder.join(name).metadata().map_or(0, |file| file.len()));
            self.packed_bytes += bytes.iter().sum::<u64>();
            self.packed_blocks += run.blocks.len();
        }
        self.blocks.extend(run.blocks.into_iter().map(past_block));
        Ok(())
    }
}

/// Returns the work for each nanosecond.
fn speed(row: &RooflineRow) -> f64 {
    row.work as f64 / row.ns.max(1) as f64
}

fn past_block(row: BlockRow) -> PastBlock {
    PastBlock {
        cell: row.cell,
        round: row.round,
        process: row.process,
        session_unix_ns: row.session_unix_ns,
        started_unix_ns: row.started_unix_ns,
        wall_ns: row.span_ns.unwrap_or(row.wall_ns),
        load_ns: row.load_ns.saturating_add(row.first_inference_ns),
        warm_up_ns: row.warm_up_ns,
        warm_up_inferences: row.warm_up_inferences,
    }
}
