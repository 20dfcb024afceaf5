//! What all comparisons show together.

use formbench_statistics::{Bootstrap, Estimate};

use super::FidelityLine;
use super::verdict::FidelityVerdict;

/// Where our turns have fewer processors, other programs run.
const FEWEST_PROCESSORS: f64 = 0.95;

/// How many comparisons are judged in which way, and their mean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FidelitySummary {
    /// Geometric mean of the ratios of all that are judged.
    pub mean: Option<Estimate>,
    /// Comparisons whose whole interval counts as no difference.
    pub faithful: usize,
    /// Comparisons whose interval holds both.
    pub undecided: usize,
    /// Comparisons whose whole interval counts as a difference.
    pub differ: usize,
    /// How many processors our turns had at worst, if that is too few.
    pub processors: Option<f64>,
}

impl FidelitySummary {
    /// Returns what lines show together; those without a comparison, or with latencies too short to
    /// be judged, do not count.
    pub fn of(lines: &[FidelityLine]) -> Self {
        let compared = lines.iter().filter_map(|line| line.outcome.as_ref().ok());
        let judged: Vec<_> = compared.filter(|one| one.verdict != FidelityVerdict::Short).collect();
        let rounds: Vec<_> = judged.iter().map(|one| one.rounds.as_slice()).collect();
        let count = |verdict| judged.iter().filter(|one| one.verdict == verdict).count();
        let processors = judged.iter().map(|one| one.processors).reduce(f64::min);
        Self {
            mean: Bootstrap::default().mean_ratio(&rounds),
            faithful: count(FidelityVerdict::Faithful),
            undecided: count(FidelityVerdict::Undecided),
            differ: count(FidelityVerdict::Differs),
            processors: processors.filter(|processors| *processors < FEWEST_PROCESSORS),
        }
    }

    /// Returns this in words.
    pub fn sentence(&self) -> String {
        let Self { mean, faithful, undecided, differ, processors } = self;
        let Some(Estimate { value, low, high }) = mean else {
            return "No pair is judged.".to_owned();
        };
        let judged = faithful + undecided + differ;
        let warning = processors.map_or_else(String::new, |processors| {
            format!(
                " Other programs ran meanwhile: our side had {processors:.2} processors at worst; \
                 measure again on an idle machine."
            )
        });
        format!(
            "Over {judged} judged pairs our latency is {value:.3} times theirs [{low:.3}, {high:.3}] \
             (geometric mean, 95 % interval): {faithful} faithful, {undecided} undecided, \
             {differ} differ.{warning}"
        )
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;
    use formbench_statistics::TurnBlock;

    use super::super::pair::ToolComparison;
    use super::super::tool::TOOLS;
    use super::*;

    /// Returns a line whose ratio is known without doubt.
    fn line(ratio: f64, verdict: FidelityVerdict, processors: f64) -> FidelityLine {
        let block = TurnBlock { ours_ns: [ratio * 1e7; 2], theirs_ns: [1e7; 2] };
        let ratio = Estimate { value: ratio, low: ratio, high: ratio };
        let comparison =
            ToolComparison { rounds: vec![vec![block]; 2], ratio, verdict, processors };
        FidelityLine { architecture: String::new(), tool: TOOLS[0], outcome: Ok(comparison) }
    }

    #[test]
    fn what_is_not_judged_is_not_in_the_mean() {
        let absent = FidelityLine {
            architecture: String::new(),
            tool: TOOLS[0],
            outcome: Err(anyhow!("gone")),
        };
        let lines = [
            line(1.0, FidelityVerdict::Faithful, 1.0),
            line(1.21, FidelityVerdict::Differs, 0.99),
            line(5.0, FidelityVerdict::Short, 0.5),
            absent,
        ];
        // sqrt(1 * 1.21) = 1.1, and no spread at all.
        let expected = "Over 2 judged pairs our latency is 1.100 times theirs [1.100, 1.100] \
                        (geometric mean, 95 % interval): 1 faithful, 0 undecided, 1 differ.";
        assert_eq!(FidelitySummary::of(&lines).sentence(), expected);
        assert_eq!(FidelitySummary::of(&lines[2..]).sentence(), "No pair is judged.");
    }

    #[test]
    fn a_busy_machine_is_told() {
        let lines =
            [line(1.0, FidelityVerdict::Faithful, 0.66), line(1.0, FidelityVerdict::Faithful, 1.0)];
        let sentence = FidelitySummary::of(&lines).sentence();
        assert!(sentence.contains("our side had 0.66 processors at worst"), "{sentence}");
    }
}
