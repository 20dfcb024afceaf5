//! What an experiment compares: the one rule, of the scheduler and of every report.

use std::collections::BTreeMap;

/// A cell and the one that it is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison<C> {
    /// The cell whose latency is in the numerator.
    pub baseline: C,
    /// The cell that is said to be so many times faster.
    pub accelerated: C,
    /// Half-width that is asked of the speed-up's interval, relative to it, by whoever compares.
    pub half_width: Option<f64>,
}

/// Returns what an experiment's members are compared with, in their order: every member that is no baseline
/// with the baseline that is in the same `group`; of several baselines, the last.
///
/// `members` are cells, each with whether it is a baseline.
pub fn comparisons<C: Copy, G: Ord>(
    members: &[(C, bool)],
    half_width: Option<f64>,
    group: impl Fn(C) -> G,
) -> Vec<Comparison<C>> {
    let baselines = members.iter().filter(|(_, is_baseline)| *is_baseline);
    let baselines: BTreeMap<G, C> = baselines.map(|(cell, _)| (group(*cell), *cell)).collect();
    let others = members.iter().filter(|(_, is_baseline)| !is_baseline);
    others
        .filter_map(|&(accelerated, _)| {
            let baseline = *baselines.get(&group(accelerated))?;
            Some(Comparison { baseline, accelerated, half_width })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_compared_with_the_baseline_of_its_group() {
        // Groups are tens.
        let members = [(10, true), (11, false), (21, false), (30, false), (20, true)];
        let pairs: Vec<_> = comparisons(&members, None, |cell| cell / 10)
            .into_iter()
            .map(|pair| (pair.baseline, pair.accelerated))
            .collect();
        assert_eq!(pairs, [(10, 11), (20, 21)]);
    }
}
