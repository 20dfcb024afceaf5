//! Up to how much contention the turns of a run count as quiet.

use std::collections::BTreeMap;

use formbench_statistics::{QuietLimit, Watched};

use crate::cells::compared;
use crate::rounds::turns;
use crate::{Pairs, Run};

/// Returns the limit of a run: wider than anywhere if it shows by itself that neither the speed-ups nor the latencies of any
/// engine move up to there.
fn quiet_limit(run: &Run) -> QuietLimit {
    let mut watched = Watched::default();
    for pair in compared(run).into_values() {
        watched.add_speed_up(
            pair.accelerated.engine_label(),
            Pairs::of(run, pair).all.iter().flatten(),
        );
    }
    for cell in run.cells.values() {
        let turns = turns(run, &cell.cell).into_iter().map(|(key, turn)| (key, turn.median()));
        watched.add_latency(cell.engine_label(), &turns.collect());
    }
    QuietLimit::of(&watched)
}

/// Judges every turn by the limit of its run.
pub(crate) fn judge_by_own_limit(run: &mut Run) {
    let limit = quiet_limit(run);
    let blocks = run.latencies.values_mut().flat_map(BTreeMap::values_mut);
    for turn in blocks.flat_map(BTreeMap::values_mut).flat_map(|block| &mut block.turns) {
        turn.conditions = turn.conditions.map(|conditions| conditions.with_limit(limit));
    }
}
