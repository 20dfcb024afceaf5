//! What all comparisons say together.

use formbench_statistics::{Bootstrap, Estimate};

use super::Line;
use super::verdict::Verdict;

/// How many comparisons are judged in which way, and their mean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Geometric mean of the ratios of all that are judged.
    pub mean: Option<Estimate>,
    /// Comparisons whose whole interval is no difference.
    pub faithful: usize,
    /// Comparisons whose interval holds both.
    pub undecided: usize,
    /// Comparisons whose whole interval is a difference.
    pub differ: usize,
}

impl Summary {
    /// Returns what lines say together; those without a comparison, or with latencies too short to
    /// be judged, say nothing.
    pub fn of(lines: &[Line]) -> Self {
        let compared = lines.iter().filter_map(|line| line.outcome.as_ref().ok());
        let judged: Vec<_> = compared.filter(|one| one.verdict != Verdict::Short).collect();
        let rounds: Vec<_> = judged.iter().map(|one| one.rounds.as_slice()).collect();
        let count = |verdict| judged.iter().filter(|one| one.verdict == verdict).count();
        Self {
            mean: Bootstrap::default().mean_ratio(&rounds),
            faithful: count(Verdict::Faithful),
            undecided: count(Verdict::Undecided),
            differ: count(Verdict::Differs),
        }
    }

    /// Returns this in words.
    pub fn sentence(&self) -> String {
        let Self { mean, faithful, undecided, differ } = self;
        let Some(Estimate { value, low, high }) = mean else {
            return "No pair is judged.".to_owned();
        };
        let judged = faithful + undecided + differ;
        format!(
            "Over {judged} judged pairs our latency is {value:.3} times theirs [{low:.3}, {high:.3}] \
             (geometric mean, 95 % interval): {faithful} faithful, {undecided} undecided, \
             {differ} differ."
        )
    }
}
