use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use formbench_statistics::{Bootstrap, Estimate, Found, log_speed_up_variance};
use formbench_store::{CellRow, InputShape};

use crate::Run;
use crate::comparison::Comparison;
use crate::rounds::Pairs;
use crate::series::engine_label;
use crate::set::sets;
use crate::view::{Kinds, View};

/// What a comparison is by definition: the keys of cells differ from host to host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Definition {
    /// The architecture's label.
    pub(crate) architecture: String,
    pub(crate) input: InputShape,
    pub(crate) threads: u32,
    /// Of the inputs and of the weights.
    pub(crate) seeds: [u64; 2],
    pub(crate) baseline: String,
    /// Engine and options; a software adapter is another engine than a GPU.
    pub(crate) engine: String,
}

/// A comparison's speed-up.
#[derive(Clone)]
pub(crate) struct SpeedUp {
    pub(crate) estimate: Estimate,
    /// Variance of its logarithm for the error of measuring.
    pub(crate) log_variance: f64,
    pub(crate) rounds: usize,
    /// What turns it is made of.
    pub(crate) found: Found,
    /// Versions of the baseline and of the engine.
    pub(crate) versions: [String; 2],
}

/// Returns the speed-ups of a run, over every set that compares.
pub(crate) fn speed_ups(run: &Run) -> BTreeMap<Definition, SpeedUp> {
    of_each_pair(run, |pair, pairs| {
        Some(SpeedUp {
            estimate: Bootstrap::default().speed_up(&pairs.rounds)?,
            log_variance: log_speed_up_variance(&pairs.rounds).unwrap_or_default(),
            rounds: pairs.rounds.len(),
            found: pairs.found,
            versions: [pair.baseline, pair.accelerated].map(|cell| cell.engine_version.clone()),
        })
    })
}

/// Returns what the speed-ups of a run would be without contention; those of which the probe tells nothing are left out.
pub(super) fn without_contention(run: &Run) -> BTreeMap<Definition, f64> {
    of_each_pair(run, |_, pairs| Some(pairs.without_contention()?.value))
}

/// Returns what is said of each comparison of a run, over every set, by the first that says something.
fn of_each_pair<T>(
    run: &Run,
    said: impl Fn(Comparison<'_>, Pairs) -> Option<T>,
) -> BTreeMap<Definition, T> {
    let mut found = BTreeMap::new();
    for (set, experiments) in sets(run) {
        let view = View::of(run, set, experiments);
        for pair in view.comparisons(Kinds::All) {
            if let Entry::Vacant(entry) =
                found.entry(Definition::of(pair.baseline, pair.accelerated))
                && let Some(of_pair) = said(pair, view.pairs(pair))
            {
                entry.insert(of_pair);
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
