use std::collections::BTreeMap;

use formbench_statistics::{Bootstrap, Estimate, Found};
use formbench_store::{CellRow, InputShape};

use crate::Run;
use crate::series::engine_label;
use crate::set::sets;
use crate::view::{Kinds, View};

/// What a comparison is by definition: the keys of cells differ from host to host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Definition {
    /// The architecture's label.
    pub(super) architecture: String,
    pub(super) input: InputShape,
    pub(super) threads: u32,
    seeds: [u64; 2],
    pub(super) baseline: String,
    /// Engine and options; a software adapter is another engine than a GPU.
    pub(super) engine: String,
}

/// A comparison's speed-up.
#[derive(Clone, Copy)]
pub(super) struct SpeedUp {
    pub(super) estimate: Estimate,
    pub(super) rounds: usize,
    pub(super) as_found: bool,
}

/// Returns the speed-ups of a run, over every set that compares.
pub(super) fn speed_ups(run: &Run) -> BTreeMap<Definition, SpeedUp> {
    let mut found = BTreeMap::new();
    for (set, experiments) in sets(run) {
        let view = View::of(run, set, experiments);
        for pair in view.comparisons(Kinds::All) {
            let definition = Definition::of(pair.baseline, pair.accelerated);
            if found.contains_key(&definition) {
                continue;
            }
            let pairs = view.pairs(pair);
            if let Some(estimate) = Bootstrap::default().speed_up(&pairs.rounds) {
                let as_found = pairs.found == Found::AsFound;
                let rounds = pairs.rounds.len();
                found.insert(definition, SpeedUp { estimate, rounds, as_found });
            }
        }
    }
    found
}

impl Definition {
    fn of(baseline: &CellRow, cell: &CellRow) -> Self {
        Self {
            architecture: cell.architecture(),
            input: cell.input_shape(),
            threads: cell.threads,
            seeds: [cell.input_seed, cell.weights_seed],
            baseline: engine_label(baseline),
            engine: engine_label(cell),
        }
    }
}
