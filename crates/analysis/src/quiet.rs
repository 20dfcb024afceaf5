//! Up to how much contention the turns of a run count as quiet.

use std::collections::BTreeMap;

use formbench_statistics::{QuietLimit, TurnMedians, Watched};

use crate::cells::compared;
use crate::rounds::turns;
use crate::{Pairs, Run};

/// Returns the limit of a run: wider than anywhere if it shows by itself that neither the speed-ups nor the latencies of any
/// engine move up to there.
pub fn quiet_limit(run: &Run) -> QuietLimit {
    let mut speed_ups = BTreeMap::<String, Vec<_>>::new();
    for pair in compared(run).into_values() {
        let of_engine = speed_ups.entry(pair.accelerated.engine_label()).or_default();
        of_engine.push(Pairs::of(run, pair).all.concat());
    }
    let mut latencies = BTreeMap::<String, Vec<TurnMedians>>::new();
    for cell in run.cells.values() {
        let of_cell = turns(run, &cell.cell).into_iter().map(|(key, turn)| (key, turn.median()));
        latencies.entry(cell.engine_label()).or_default().push(of_cell.collect());
    }
    let speed_ups =
        speed_ups.values().map(|pairs| Watched::speed_ups(pairs.iter().map(Vec::as_slice)));
    let latencies = latencies.values().map(Watched::latencies);
    QuietLimit::of(&speed_ups.chain(latencies).collect::<Vec<_>>())
}

/// Judges every turn by the limit of its run.
pub(crate) fn judge_by_own_limit(run: &mut Run) {
    let limit = quiet_limit(run);
    let blocks = run.latencies.values_mut().flat_map(BTreeMap::values_mut);
    for turn in blocks.flat_map(BTreeMap::values_mut).flat_map(|block| &mut block.turns) {
        turn.conditions = turn.conditions.map(|conditions| conditions.with_limit(limit));
    }
}
