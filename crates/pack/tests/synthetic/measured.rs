//! What imagined hosts measure: blocks and samples around the truth.

use formbench_store::{BlockRow, CellRow, Sample};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{Imagined, START_UNIX_NS, Truth};

/// Turns of a block, and inferences of a turn, of which the first does not count.
const TURNS: u32 = 2;
const INFERENCES: u32 = 3;

/// How far the samples of a turn are apart, as a log latency.
const SAMPLE_SD: f64 = 0.002;

/// Latency of the first architecture on the baseline of an average host.
const BASE_NS: f64 = 1e6;

impl Imagined {
    /// Returns the blocks of a host's cells with their samples, in the order of cell, round and block.
    pub(super) fn measured<'a>(
        &'a self,
        truth: &'a Truth,
        host: usize,
        cells: &'a [(usize, usize, CellRow)],
    ) -> impl Iterator<Item = (BlockRow, Vec<Sample>)> + 'a {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ ((host as u64 + 1) << 32));
        let mut normal = move || -> f64 { StandardNormal.sample(&mut rng) };
        cells.iter().flat_map(move |(architecture, engine, row)| {
            let gain = match engine.checked_sub(1) {
                Some(engine) => truth.log_speed_up(*architecture, engine, host),
                None => 0.0,
            };
            let log_ns = BASE_NS.ln() + (*architecture as f64 + 1.0).ln() - gain;
            let mut blocks = Vec::new();
            for round in 0..self.rounds {
                let of_round = log_ns + self.sd.round * normal();
                for block in 0..self.blocks {
                    blocks.push(measured_block(row, [round, block], of_round, &mut normal));
                }
            }
            blocks
        })
    }
}

fn measured_block(
    cell: &CellRow,
    [round, block]: [u32; 2],
    log_ns: f64,
    normal: &mut impl FnMut() -> f64,
) -> (BlockRow, Vec<Sample>) {
    let mut samples = Vec::new();
    for turn in 0..TURNS {
        for _ in 0..INFERENCES {
            let latency_ns = (log_ns + SAMPLE_SD * normal()).exp() as u64;
            samples.push(Sample { turn: Some(turn), latency_ns });
        }
    }
    let wall_ns = samples.iter().map(|sample| sample.latency_ns).sum();
    let row = BlockRow {
        cell: cell.cell.clone(),
        round,
        block,
        process: 1000 + round,
        session_unix_ns: START_UNIX_NS,
        started_unix_ns: START_UNIX_NS + 1_000_000_000 * u64::from(10 * round + block),
        load_ns: 20_000_000,
        first_inference_ns: wall_ns,
        warm_up_inferences: 3,
        warm_up_ns: wall_ns,
        warm_up_stable: true,
        wall_ns,
        cpu_ns: wall_ns,
        peak_rss_bytes: 100 << 20,
        span_ns: Some(2 * wall_ns),
        stopped: Some(true),
        ..BlockRow::default()
    };
    (row, samples)
}
