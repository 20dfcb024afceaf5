//! What cells cost on this host before.

use std::collections::BTreeMap;

use formbench_experiment::Budget;

use crate::order;

use super::PastRound;
use super::bounds::START_S;
use super::line::{height_at, median};

/// What is known of a cell beside its rounds.
#[derive(Clone, Debug, PartialEq)]
pub struct PastCell {
    /// Key of the cell.
    pub cell: String,
    /// Engine by its registry name.
    pub engine: String,
    /// Engine with its options.
    pub setting: String,
    /// Threads.
    pub threads: u32,
    /// Multiply-accumulates of one inference, if they were counted.
    pub macs: Option<u64>,
}

/// What a process of a cell costs, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellCost {
    /// From the start of the process to the end of the first inference.
    pub ready_s: f64,
    /// Warm-up.
    pub warm_up_s: f64,
    /// One inference.
    pub inference_s: f64,
}

/// A cell of earlier runs with the median of what its processes cost.
#[derive(Clone, Debug)]
struct Seen {
    cell: PastCell,
    cost: CellCost,
}

/// Earlier runs on this host.
#[derive(Clone, Debug, Default)]
pub struct History {
    seen: BTreeMap<String, Seen>,
    block_bytes: Option<f64>,
}

impl History {
    /// Returns what rounds of known cells cost in the median.
    pub fn new(cells: impl IntoIterator<Item = PastCell>, rounds: &[PastRound]) -> Self {
        let mut of_cell = BTreeMap::<&str, Vec<&PastRound>>::new();
        for round in rounds {
            of_cell.entry(&round.cell).or_default().push(round);
        }
        let seen = cells.into_iter().filter_map(|cell| {
            let cost = CellCost::of(of_cell.get(cell.cell.as_str())?)?;
            Some((cell.cell.clone(), Seen { cell, cost }))
        });
        Self { seen: seen.collect(), block_bytes: None }
    }

    /// Adds what a block of finished runs takes on disk, in bytes.
    #[must_use]
    pub fn with_block_bytes(self, block_bytes: Option<f64>) -> Self {
        Self { block_bytes, ..self }
    }

    /// Returns what a block of a finished run takes on disk, in bytes.
    pub fn block_bytes(&self) -> Option<f64> {
        self.block_bytes
    }

    /// Returns whether no cell was measured before.
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// Returns what the cell itself cost.
    pub fn cost(&self, key: &str) -> Option<CellCost> {
        self.seen.get(key).map(|seen| seen.cost)
    }

    /// Returns what a cell that was never measured is likely to cost: the median of its engine with
    /// the same options and threads, else of the engine with any. Where multiply-accumulates are
    /// known, inference time is scaled by them, and the time before it grows with them as in
    /// earlier runs.
    pub fn likely(&self, cell: &PastCell) -> Option<CellCost> {
        let same =
            |seen: &&Seen| seen.cell.setting == cell.setting && seen.cell.threads == cell.threads;
        let alike = |seen: &&Seen| seen.cell.engine == cell.engine;
        let of = |seen: Vec<&Seen>| CellCost::scaled(&seen, cell.macs);
        of(self.seen.values().filter(same).collect())
            .or_else(|| of(self.seen.values().filter(alike).collect()))
    }
}

impl CellCost {
    fn of(rounds: &[&PastRound]) -> Option<Self> {
        let median_of = |of: fn(&PastRound) -> f64| median(rounds.iter().map(|one| of(one)));
        let start_s = median(rounds.iter().filter_map(|round| round.start_s));
        Some(Self {
            ready_s: start_s.unwrap_or(START_S[0]) + median_of(|round| round.load_s)?,
            warm_up_s: median_of(|round| round.warm_up_s)?,
            inference_s: median_of(|round| round.inference_s)?,
        })
    }

    fn scaled(seen: &[&Seen], macs: Option<u64>) -> Option<Self> {
        let per_mac = seen.iter().filter_map(|seen| {
            let macs = seen.cell.macs.filter(|&macs| macs > 0)?;
            Some(seen.cost.inference_s / macs as f64)
        });
        let scaled_s = macs.and_then(|macs| Some(median(per_mac)? * macs as f64));
        let median_of = |of: fn(&Self) -> f64| median(seen.iter().map(|seen| of(&seen.cost)));
        let points =
            seen.iter().filter_map(|seen| Some([seen.cell.macs? as f64, seen.cost.ready_s]));
        let fitted_s = macs.and_then(|macs| height_at(points.collect(), macs as f64));
        Some(Self {
            ready_s: fitted_s.or_else(|| median_of(|cost| cost.ready_s))?,
            warm_up_s: median_of(|cost| cost.warm_up_s)?,
            inference_s: scaled_s.or_else(|| median_of(|cost| cost.inference_s))?,
        })
    }

    /// Returns how long a round takes under a budget, in seconds: a warm-up as long as before,
    /// within the budget's limits, and blocks of whole inferences.
    pub fn round_s(&self, budget: &Budget) -> f64 {
        let whole = |least: u64, least_s: f64| {
            let inferences = least_s / self.inference_s;
            // Where an inference takes no time, the time that was asked for still passes.
            if inferences.is_finite() {
                inferences.ceil().max(least as f64) * self.inference_s
            } else {
                least_s
            }
        };
        let least_warm_up_s = whole(budget.warm_up_inferences, budget.warm_up_s);
        let warm_up_s = self.warm_up_s.min(budget.warm_up_cap_s).max(least_warm_up_s);
        let block_s = order::block_s(self.inference_s, budget);
        self.ready_s + warm_up_s + f64::from(budget.blocks) * block_s
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(key: &str, engine: &str, setting: &str, macs: Option<u64>) -> PastCell {
        let [cell, engine, setting] = [key, engine, setting].map(str::to_owned);
        PastCell { cell, engine, setting, threads: 1, macs }
    }

    fn round(cell: &str, start_s: Option<f64>, inference_s: f64) -> PastRound {
        PastRound { cell: cell.to_owned(), start_s, load_s: 1.0, warm_up_s: 2.0, inference_s }
    }

    fn history() -> History {
        let cells = [
            cell("a", "tract", "tract", Some(100)),
            cell("b", "tract", "tract", Some(400)),
            cell("c", "tract", "tract{optimize=false}", None),
        ];
        let rounds = [
            round("a", None, 0.1),
            round("a", Some(0.5), 0.3),
            round("a", Some(0.7), 0.2),
            round("b", Some(0.4), 1.2),
            round("c", Some(0.4), 9.0),
        ];
        History::new(cells, &rounds)
    }

    fn budget() -> Budget {
        Budget {
            rounds: 3,
            most_rounds: 6,
            blocks: 2,
            block_inferences: 10,
            block_s: 1.0,
            warm_up_inferences: 5,
            warm_up_s: 0.5,
            warm_up_cap_s: 4.0,
            warm_up_stable_within: 0.02,
            limit_s: 20.0,
            cell_limit_s: 60.0,
            ratio_half_width: 0.02,
        }
    }

    #[test]
    fn a_cell_costs_the_median_of_its_rounds() {
        // Starts of 0.5 and 0.7, loading of 1; inferences of 0.1, 0.2 and 0.3.
        let cost = history().cost("a").unwrap();
        assert!((cost.ready_s - 1.6).abs() < 1e-12);
        assert_eq!((cost.warm_up_s, cost.inference_s), (2.0, 0.2));
        assert_eq!(history().cost("z"), None);
    }

    #[test]
    fn a_new_cell_scales_the_inferences_of_its_engine() {
        // 0.2 s for 100 and 1.2 s for 400 are 2 and 3 ms each: 2.5 ms times 1000.
        let new = cell("n", "tract", "tract", Some(1000));
        assert!((history().likely(&new).unwrap().inference_s - 2.5).abs() < 1e-12);
        // Without multiply-accumulates the median of 0.2 and 1.2.
        let new = cell("n", "tract", "tract", None);
        assert!((history().likely(&new).unwrap().inference_s - 0.7).abs() < 1e-12);
    }

    #[test]
    fn other_options_count_only_where_the_same_were_never_measured() {
        let other = cell("n", "tract", "tract{optimize=declutter}", None);
        assert_eq!(history().likely(&other).unwrap().inference_s, 1.2);
        assert_eq!(history().likely(&cell("n", "candle", "candle", Some(5))), None);
    }

    #[test]
    fn a_round_holds_whole_inferences() {
        // 1.6 to the first inference; a warm-up of 2 s; two blocks of ten inferences of 0.2 s that count, one
        // of two in a burst: ten bursts, sixteen as a power of two.
        let cost = history().cost("a").unwrap();
        assert!((cost.round_s(&budget()) - (1.6 + 2.0 + 2.0 * 16.0 * 0.4)).abs() < 1e-9);
        // A block of 0.3 s holds one burst of two inferences; a cap below the warm-up ends it.
        let short = Budget { block_inferences: 1, block_s: 0.3, warm_up_cap_s: 1.5, ..budget() };
        assert!((cost.round_s(&short) - (1.6 + 1.5 + 2.0 * 0.4)).abs() < 1e-9);
    }

    #[test]
    fn inferences_without_duration_last_as_long_as_the_budget_asks() {
        let cost = CellCost { ready_s: 1.0, warm_up_s: 0.0, inference_s: 0.0 };
        // Bursts of 15 ms: 67 fill a block of a second, and 128 are the next power of two.
        assert!((cost.round_s(&budget()) - (1.0 + 0.5 + 2.0 * 128.0 * 0.015)).abs() < 1e-9);
    }
}
