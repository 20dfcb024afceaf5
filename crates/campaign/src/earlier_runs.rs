//! What earlier runs on this host cost.

use std::collections::BTreeMap;
use std::path::Path;

use formbench_measure::{History, Host, PastBlock, PastCell, RunCell, past_rounds};
use formbench_store::{BlockRow, Run, RunFolder, StoreError};

use crate::Notice;
use crate::run_folders::earlier_runs;

/// The tables that hold what was measured, once a run has ended.
const PACKED: [&str; 2] = ["blocks.parquet", "samples.parquet"];

/// Earlier runs on this host.
#[derive(Default)]
pub struct EarlierRuns {
    /// How many there are with blocks.
    pub runs: usize,
    /// What their cells cost.
    pub history: History,
    macs: BTreeMap<Counted, u64>,
}

/// What multiply-accumulates depend on: architecture, batch, resolution.
type Counted = (String, u32, u32);

/// What is collected from one run after the other.
#[derive(Default)]
struct Collected {
    runs: usize,
    cells: BTreeMap<String, PastCell>,
    blocks: Vec<PastBlock>,
    macs: BTreeMap<Counted, u64>,
    packed_bytes: u64,
    packed_blocks: usize,
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
        let Collected { runs, cells, blocks, macs, packed_bytes, packed_blocks } = collected;
        let block_bytes = (packed_blocks > 0).then(|| packed_bytes as f64 / packed_blocks as f64);
        let history = History::new(cells.into_values(), &past_rounds(&blocks));
        Self { runs, history: history.with_block_bytes(block_bytes), macs }
    }

    /// Returns the multiply-accumulates of a cell's inference, if an earlier run counted them.
    pub fn macs(&self, run_cell: &RunCell) -> Option<u64> {
        let (architecture, input) = (&run_cell.cell.architecture, &run_cell.cell.input);
        self.macs.get(&(architecture.to_string(), input.batch, input.resolution)).copied()
    }
}

impl Collected {
    fn add(&mut self, folder: &Path, host: &Host) -> Result<(), StoreError> {
        let run_folder = RunFolder::open(folder)?;
        if !run_folder.has_plan() || run_folder.host()?.fingerprint != host.fingerprint {
            return Ok(());
        }
        let run = Run::read_without_samples(folder)?;
        if run.blocks.is_empty() {
            return Ok(());
        }
        self.runs += 1;
        for (key, cell) in &run.cells {
            let macs = run.attributes_of(cell).map(|row| row.macs);
            let counted = (cell.architecture(), cell.batch, cell.resolution);
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
