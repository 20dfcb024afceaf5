//! Experiments by the folder that they share.

use std::collections::BTreeMap;

use formbench_store::ExperimentRow;

use crate::Run;

/// Returns the experiments of a run by set, the folder that they share; one outside any folder is
/// a set of its own.
pub fn sets(run: &Run) -> BTreeMap<&str, Vec<&ExperimentRow>> {
    let mut sets: BTreeMap<&str, Vec<&ExperimentRow>> = BTreeMap::new();
    for experiment in &run.experiments {
        sets.entry(set_of(&experiment.experiment)).or_default().push(experiment);
    }
    sets
}

fn set_of(experiment: &str) -> &str {
    experiment.rsplit_once('/').map_or(experiment, |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_the_folder_or_the_experiment_itself() {
        assert_eq!(set_of("burn/patterns-by-depth"), "burn");
        assert_eq!(set_of("paper/gpu/networks"), "paper/gpu");
        assert_eq!(set_of("alone"), "alone");
    }
}
