use std::time::Duration;

use crate::{Group, RunCell};

use super::bounds::bounds_s;
use super::history::{CellCost, History, PastCell};

/// Bytes that the two parts of one block take while the run goes on; its end packs them together.
const BLOCK_BYTES: u64 = 6_000;

/// What is asked of a cell.
#[derive(Clone, Copy, Debug)]
pub struct CostRequest<'a> {
    /// The cell.
    pub cell: &'a RunCell,
    /// Whether its engine or an earlier command refused it.
    pub is_refused: bool,
    /// Rounds that it has already.
    pub rounds_done: u32,
    /// Multiply-accumulates of one inference, if they are known.
    pub macs: Option<u64>,
}

/// Where the numbers of a prediction come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// Cells that were measured on this host before.
    pub seen: usize,
    /// Cells that are new here, but whose engine was measured.
    pub scaled: usize,
    /// Cells of which nothing is known.
    pub bounded: usize,
}

/// Least and most that a plan costs; where it ends up depends on the latencies that are not known,
/// and on how many rounds narrow intervals take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PredictedCost {
    /// The rounds that budgets ask for at least; of unknown cells, with inferences much shorter than
    /// the budget's times.
    pub least: Duration,
    /// As many rounds as budgets allow; of unknown cells the least rounds, with every warm-up up to
    /// its cap, and blocks as long as their inferences need at one second each.
    pub most: Duration,
    /// Space for the samples of the least rounds while they are taken, in bytes.
    pub disk_bytes: u64,
    /// Space for the same once the run has ended, in bytes, if a run ended before.
    pub kept_bytes: Option<u64>,
    /// How many cells each kind of knowledge covers.
    pub sources: Sources,
}

/// What is known of a cell's cost.
enum Known {
    Seen(CellCost),
    Scaled(CellCost),
    Nothing,
}

/// Returns what measuring costs; refused cells cost nothing.
pub fn estimate(asked: &[CostRequest<'_>], history: &History) -> PredictedCost {
    let (mut least_s, mut most_s, mut blocks) = (0.0, 0.0, 0);
    let mut sources = Sources::default();
    for one in asked.iter().filter(|one| !one.is_refused) {
        let budget = &one.cell.budget;
        let known = known(one, history);
        let [cell_least_s, cell_most_s] = cell_s(one, &known);
        least_s += cell_least_s;
        most_s += cell_most_s;
        blocks += u64::from(one.rounds_left()) * u64::from(budget.blocks);
        *match known {
            Known::Seen(_) => &mut sources.seen,
            Known::Scaled(_) => &mut sources.scaled,
            Known::Nothing => &mut sources.bounded,
        } += 1;
    }
    PredictedCost {
        least: Duration::from_secs_f64(least_s),
        most: Duration::from_secs_f64(most_s),
        disk_bytes: blocks * BLOCK_BYTES,
        kept_bytes: history.block_bytes().map(|bytes| (bytes * blocks as f64) as u64),
        sources,
    }
}

/// Returns how many cells have a round at all within a time: groups take their first rounds one after
/// the other, and one that has begun is finished.
pub fn measured_within(
    limit: Duration,
    asked: &[CostRequest<'_>],
    groups: &[Group],
    history: &History,
) -> usize {
    let first_round_s = |one: &CostRequest<'_>| match known(one, history) {
        Known::Seen(cost) | Known::Scaled(cost) => cost.round_s(&one.cell.budget),
        Known::Nothing => bounds_s(&one.cell.budget, 1)[0],
    };
    let (mut measured, mut elapsed_s) = (0, 0.0);
    for group in groups {
        let cells = group.cells.iter().map(|&cell| &asked[cell]).filter(|one| !one.is_refused);
        let (done, missing): (Vec<_>, Vec<_>) = cells.partition(|one| one.rounds_done > 0);
        measured += done.len();
        if elapsed_s < limit.as_secs_f64() {
            measured += missing.len();
            elapsed_s += missing.into_iter().map(first_round_s).sum::<f64>();
        }
    }
    measured
}

impl CostRequest<'_> {
    fn rounds_left(&self) -> u32 {
        self.cell.budget.rounds.saturating_sub(self.rounds_done)
    }

    fn most_rounds_left(&self) -> u32 {
        self.cell.budget.most_rounds.saturating_sub(self.rounds_done).max(self.rounds_left())
    }

    fn as_past(&self) -> PastCell {
        let cell = &self.cell.cell;
        PastCell {
            cell: self.cell.key.clone(),
            engine: cell.engine.engine.clone(),
            setting: cell.engine.to_string(),
            threads: cell.threads,
            macs: self.macs,
        }
    }
}

fn known(one: &CostRequest<'_>, history: &History) -> Known {
    match (history.cost(&one.cell.key), history.likely(&one.as_past())) {
        (Some(cost), _) => Known::Seen(cost),
        (None, Some(cost)) => Known::Scaled(cost),
        (None, None) => Known::Nothing,
    }
}

/// Returns the least and the most that the rest of a cell takes, in seconds; once its time is spent,
/// it gets no further round.
fn cell_s(one: &CostRequest<'_>, known: &Known) -> [f64; 2] {
    let budget = &one.cell.budget;
    let (Known::Seen(cost) | Known::Scaled(cost)) = known else {
        return bounds_s(budget, one.rounds_left());
    };
    let round_s = cost.round_s(budget);
    let rounds_s = |rounds: u32| (f64::from(rounds) * round_s).min(budget.cell_limit_s + round_s);
    [rounds_s(one.rounds_left()), rounds_s(one.most_rounds_left())]
}

#[cfg(test)]
mod tests {
    use formbench_experiment::{Budget, Cell, EngineSetting};
    use formbench_protocol::{
        Architecture, Device, DeviceKind, EngineInfo, EngineKind, Identity, Images,
    };

    use super::*;
    use crate::estimate::PastRound;

    /// Two rounds of one block of 64 bursts, four rounds at most.
    const BUDGET: Budget = Budget {
        rounds: 2,
        most_rounds: 4,
        blocks: 1,
        block_inferences: 1,
        block_s: 0.96,
        warm_up_inferences: 1,
        warm_up_s: 1.0,
        warm_up_cap_s: 2.0,
        warm_up_stable_within: 0.02,
        limit_s: 20.0,
        cell_limit_s: 100.0,
        ratio_half_width: 0.02,
    };

    fn cell(key: &str, engine: &str) -> RunCell {
        let identity = Identity {
            name: engine.to_owned(),
            version: String::new(),
            build: String::new(),
            instruction_set: String::new(),
            device: Device { name: String::new(), kind: DeviceKind::Simulated },
        };
        let engine = EngineSetting { engine: engine.to_owned(), options: Default::default() };
        let cell = Cell {
            architecture: Architecture::Network { name: "resnet18".to_owned() },
            engine,
            input: Images { batch: 1, resolution: 32, seed: 7 }.into(),
            weights_seed: 1,
            threads: 1,
        };
        let engine = EngineInfo {
            reference: identity.name.clone(),
            identity,
            kind: EngineKind::Engine,
            options: Vec::new(),
            thread_variables: Vec::new(),
            runs_modules: false,
            takes_files: true,
            known_defect: None,
            refusal: None,
        };
        RunCell { key: key.to_owned(), cell, engine, reference: None, budget: BUDGET }
    }

    fn asked(cell: &RunCell) -> CostRequest<'_> {
        CostRequest { cell, is_refused: false, rounds_done: 0, macs: None }
    }

    /// A cell `a` on `tract` that took 10 s to its first inference; then inferences take half a second.
    fn history() -> History {
        let past = asked(&cell("a", "tract")).as_past();
        let (start_s, load_s, warm_up_s, inference_s) = (Some(4.0), 6.0, 1.0, 0.5);
        let cell = "a".to_owned();
        History::new([past], &[PastRound { cell, start_s, load_s, warm_up_s, inference_s }])
    }

    #[test]
    fn seen_cells_cost_what_they_did_and_others_what_their_engine_did() {
        let cells = [cell("a", "tract"), cell("b", "tract"), cell("c", "candle")];
        let asked = cells.each_ref().map(asked);
        let found = estimate(&asked, &history());
        assert_eq!(found.sources, Sources { seen: 1, scaled: 1, bounded: 1 });
        // A round of `a`: 10 + 1 + 1; two of each of `a` and `b`; two of `c` at 0.15 + 1 + 0.96.
        assert_eq!(found.least, Duration::from_secs_f64(2.0 * 24.0 + 4.22));
        // Four rounds of `a` and `b`; two of `c` at 6 + 2 + 2: a burst has two inferences.
        assert_eq!(found.most, Duration::from_secs_f64(2.0 * 48.0 + 20.0));
        // Two rounds of one block each.
        assert_eq!((found.disk_bytes, found.kept_bytes), (3 * 2 * BLOCK_BYTES, None));
        let packed = estimate(&asked, &history().with_block_bytes(Some(10.5)));
        assert_eq!(packed.kept_bytes, Some(63));
    }

    #[test]
    fn without_history_the_bounds_are_those_of_the_budget() {
        let cells = [cell("a", "tract")];
        let found = estimate(&[asked(&cells[0])], &History::default());
        assert_eq!(found.sources, Sources { bounded: 1, ..Sources::default() });
        let [least, most] = bounds_s(&BUDGET, 2).map(Duration::from_secs_f64);
        assert_eq!([found.least, found.most], [least, most]);
    }

    #[test]
    fn what_is_refused_or_done_costs_nothing() {
        let cells = [cell("a", "tract"), cell("b", "tract")];
        let refused = CostRequest { is_refused: true, ..asked(&cells[0]) };
        let half = CostRequest { rounds_done: 1, ..asked(&cells[1]) };
        let found = estimate(&[refused, half], &history());
        assert_eq!(found.sources.scaled, 1);
        assert_eq!([found.least, found.most].map(|time| time.as_secs()), [12, 36]);
        let done = CostRequest { rounds_done: 4, ..half };
        assert_eq!(estimate(&[done], &history()).most, Duration::ZERO);
    }

    #[test]
    fn a_cell_stops_when_its_own_time_is_spent() {
        let mut slow = cell("a", "tract");
        slow.budget.cell_limit_s = 15.0;
        let found = estimate(&[asked(&slow)], &history());
        // The second round begins before 15 s and ends at 24; none follows after 27.
        assert_eq!([found.least, found.most].map(|time| time.as_secs()), [24, 27]);
    }

    #[test]
    fn a_group_that_begins_in_time_is_measured() {
        let cells = [cell("a", "tract"), cell("b", "tract"), cell("c", "tract")];
        let asked = cells.each_ref().map(asked);
        let group = |cells: &[usize]| Group { cells: cells.to_vec(), comparisons: Vec::new() };
        let groups = [group(&[0, 1]), group(&[2])];
        let within = |s: u64| measured_within(Duration::from_secs(s), &asked, &groups, &history());
        // The first group takes 24 s.
        assert_eq!([within(0), within(1), within(24), within(25)], [0, 2, 2, 3]);
    }
}
