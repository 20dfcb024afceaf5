use crate::rounds::{Level, Rounds, ln_ns};
use crate::{Bootstrap, Estimate};

/// Four turns of two sides, two of each. The side that is first is also last, so that a machine
/// whose speed drifts steadily favours neither.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TurnBlock {
    /// Median latencies of the side that is judged, in nanoseconds.
    pub ours_ns: [f64; 2],
    /// Median latencies of the side that it is compared with, in nanoseconds.
    pub theirs_ns: [f64; 2],
}

impl TurnBlock {
    /// Turns of both sides in a block.
    pub const TURNS: usize = 4;

    /// Returns the logarithm of our latency over theirs.
    fn log_ratio(&self) -> f64 {
        let ln_mean = |[first, last]: [f64; 2]| f64::midpoint(ln_ns(first), ln_ns(last));
        ln_mean(self.ours_ns) - ln_mean(self.theirs_ns)
    }
}

impl Bootstrap {
    /// Returns our latency over theirs: the geometric mean over rounds of the median over a round's
    /// blocks. A round is one fresh process of each side. Rounds are drawn, then blocks within
    /// each. `None` if there is no round or one of them is empty.
    pub fn ratio(&self, of_turns: &[Vec<TurnBlock>]) -> Option<Estimate> {
        self.geometric_mean(&[rounds(of_turns)?], Level::RoundsAndTurns)
    }

    /// Returns the geometric mean over comparisons of their ratios. The comparisons are given, not
    /// drawn. `None` if there is none, or one of them has no ratio.
    pub fn mean_ratio(&self, comparisons: &[&[Vec<TurnBlock>]]) -> Option<Estimate> {
        let comparisons = comparisons.iter().map(|of_turns| rounds(of_turns));
        self.geometric_mean(&comparisons.collect::<Option<Vec<_>>>()?, Level::RoundsAndTurns)
    }
}

fn rounds(of_turns: &[Vec<TurnBlock>]) -> Option<Rounds> {
    let log_ratios = |round: &Vec<TurnBlock>| round.iter().map(TurnBlock::log_ratio).collect();
    Rounds::new(of_turns.iter().map(log_ratios).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine that slows down by 5 % a turn: latencies of four turns that would all be 10 ms.
    const DRIFTING_NS: [f64; 4] = [10e6, 10.5e6, 11.025e6, 11.57625e6];

    #[test]
    fn a_steady_drift_favours_neither_side() {
        let [a, b, c, d] = DRIFTING_NS;
        let block = TurnBlock { ours_ns: [a, d], theirs_ns: [b, c] };
        assert!(block.log_ratio().abs() < 1e-12, "{}", block.log_ratio());
    }

    #[test]
    fn the_ratio_is_the_geometric_mean_over_rounds_of_their_medians() {
        let block = |ratio| TurnBlock { ours_ns: [ratio; 2], theirs_ns: [1e6; 2] };
        // The medians are 2 and 8, whatever the disturbed blocks took: sqrt(2 * 8) = 4.
        let first = vec![block(2e6), block(90e6), block(1e6)];
        let second = vec![block(8e6), block(8e6), block(80e6)];
        let ratio = Bootstrap::default().ratio(&[first, second]).unwrap();
        assert!((ratio.value - 4.0).abs() < 1e-12, "{ratio:?}");
    }

    #[test]
    fn what_is_missing_has_no_ratio() {
        let bootstrap = Bootstrap::default();
        assert_eq!(bootstrap.ratio(&[]), None);
        assert_eq!(bootstrap.ratio(&[vec![]]), None);
        assert_eq!(bootstrap.mean_ratio(&[]), None);
    }
}
