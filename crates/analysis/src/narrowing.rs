//! How soon speed-ups are known as well as asked.

use std::collections::BTreeMap;

use formbench_statistics::{Bootstrap, log_ratio_sd, quiet_turns};
use formbench_store::BlockRow;
use serde::Serialize;

use crate::cells::compared;
use crate::view::Comparison;
use crate::{Pairs, Rounds, Run};

/// Latencies of the accelerated cell that are looked at, in milliseconds: shorter ones end a block
/// by its duration, longer ones by their own.
const LATENCY_MS: [f64; 2] = [5.0, 50.0];

/// How well speed-ups are known, and how soon they were known as well as their experiment asks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Narrowing {
    /// By what share the ratio of two bursts of one turn scatters: standard deviation within a round,
    /// median over rounds of all pairs of cells.
    pub log_ratio_sd: Option<f64>,
    /// Half-width of a speed-up's interval, relative to it: median over all pairs of cells.
    pub half_width: Option<f64>,
    /// Least and largest median latency of the accelerated cells that are looked at.
    pub latency_ms: [f64; 2],
    /// Pairs of cells that are looked at.
    pub pairs: usize,
    /// Pairs whose interval came to be as narrow as asked.
    pub narrow: usize,
    /// Median over pairs of the seconds that both cells had spent by then, loading, warming up and in
    /// blocks; nothing if fewer than half came to be narrow.
    pub median_s: Option<f64>,
}

impl Narrowing {
    /// Returns how soon speed-ups of a run were known.
    pub fn of(run: &Run) -> Self {
        let pairs: Vec<Comparison<'_>> = compared(run).into_values().collect();
        let looked_at = pairs.iter().filter(|pair| {
            let latency =
                Bootstrap::default().latency(&Rounds::of(run, &pair.accelerated.cell).medians_ns);
            let [least, most] = LATENCY_MS.map(|ms| ms * 1e6);
            latency.is_some_and(|ns| (least..=most).contains(&ns.value))
        });
        let spent = spent_by_round(run);
        let soon = |pair: &Comparison<'_>| seconds_until_narrow(run, pair, &spent);
        let mut seconds: Vec<f64> =
            looked_at.map(|pair| soon(pair).unwrap_or(f64::INFINITY)).collect();
        let median_s = upper_median(&mut seconds).filter(|seconds| seconds.is_finite());
        let rounds: Vec<_> = pairs.iter().map(|pair| Pairs::of(run, *pair).rounds).collect();
        let mut scatters: Vec<f64> =
            rounds.iter().flatten().filter_map(|round| log_ratio_sd(round)).collect();
        let speed_ups = rounds.iter().filter_map(|rounds| Bootstrap::default().speed_up(rounds));
        let mut half_widths: Vec<f64> =
            speed_ups.map(|speed_up| speed_up.relative_half_width()).collect();
        Self {
            log_ratio_sd: upper_median(&mut scatters),
            half_width: upper_median(&mut half_widths),
            latency_ms: LATENCY_MS,
            pairs: seconds.len(),
            narrow: seconds.iter().filter(|seconds| seconds.is_finite()).count(),
            median_s,
        }
    }
}

/// Returns the middle value, of two the larger: no mean is made where one of them is infinite.
fn upper_median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Seconds that a cell's round took, by cell and round.
type Spent<'a> = BTreeMap<(&'a str, u32), f64>;

fn spent_by_round(run: &Run) -> Spent<'_> {
    let mut spent = Spent::new();
    for block in &run.blocks {
        let of_round = spent.entry((block.cell.as_str(), block.round));
        let seconds = of_round.or_insert_with(|| before_blocks_ns(block) as f64 * 1e-9);
        *seconds += block.wall_ns as f64 * 1e-9;
    }
    spent
}

fn before_blocks_ns(block: &BlockRow) -> u64 {
    block.load_ns + block.first_inference_ns + block.warm_up_ns
}

/// Returns what both cells had spent after the first round that made the interval narrow enough.
fn seconds_until_narrow(run: &Run, pair: &Comparison<'_>, spent: &Spent<'_>) -> Option<f64> {
    let all = Pairs::of(run, *pair).all;
    let is_narrow = |count: &usize| {
        // As it was seen then: of the turns that were quiet by now.
        let (rounds, _) = quiet_turns(all[..*count].to_vec(), |turns| turns.conditions);
        let speed_up = Bootstrap::default().speed_up(&rounds);
        speed_up.is_some_and(|speed_up| {
            pair.half_width.is_none_or(|asked| !speed_up.is_wider_than(asked))
        })
    };
    let count = (2..=all.len()).find(is_narrow)?;
    let of_side = |cell: &str| -> f64 {
        let of_cell = spent.range((cell, 0)..=(cell, u32::MAX));
        of_cell.take(count).map(|(_, seconds)| seconds).sum()
    };
    Some(of_side(&pair.baseline.cell) + of_side(&pair.accelerated.cell))
}
