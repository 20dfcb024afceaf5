//! One row per comparison, for people and as JSON.

use serde_json::{Value, json};

use super::FidelityLine;
use super::pair::ToolComparison;
use super::summary::FidelitySummary;
use super::verdict::{FidelityVerdict, missing_turns};

/// What the columns hold.
pub const HEAD: [&str; 8] =
    ["network", "engine", "its own tool", "ours ms", "theirs ms", "ratio", "turns", "verdict"];

/// Returns a line's cells.
pub fn row(line: &FidelityLine) -> [String; 8] {
    let [ours, theirs, ratio, turns, verdict] = match &line.outcome {
        Ok(comparison) => {
            let [ours_ms, theirs_ms] = comparison.medians_ns().map(|ns| format!("{:.3}", ns / 1e6));
            let ratio = comparison.ratio;
            let interval = format!("{:.3} [{:.3}, {:.3}]", ratio.value, ratio.low, ratio.high);
            let turns = comparison.turns().to_string();
            [ours_ms, theirs_ms, interval, turns, verdict(comparison)]
        }
        Err(reason) => {
            [String::new(), String::new(), String::new(), String::new(), format!("{reason:#}")]
        }
    };
    let [engine, tool] = [line.tool.engine, line.tool.label].map(str::to_owned);
    [line.architecture.clone(), engine, tool, ours, theirs, ratio, turns, verdict]
}

/// Returns the verdict, and about how many more turns would decide it.
fn verdict(comparison: &ToolComparison) -> String {
    let label = comparison.verdict.label();
    match missing(comparison) {
        None => label.to_owned(),
        Some(Some(turns)) => format!("{label}; about {turns} more turns"),
        Some(None) => format!("{label}; too near a bound"),
    }
}

/// Returns nothing if there is a verdict, else the turns that would decide it, if any would.
fn missing(comparison: &ToolComparison) -> Option<Option<u64>> {
    let is_undecided = comparison.verdict == FidelityVerdict::Undecided;
    is_undecided.then(|| missing_turns(comparison.ratio, comparison.turns()))
}

/// Returns every line and what they show together.
pub fn json(lines: &[FidelityLine], summary: &FidelitySummary) -> Value {
    json!({
        "pairs": lines.iter().map(pair).collect::<Vec<_>>(),
        "ratio": summary.mean.map(|mean| [mean.value, mean.low, mean.high]),
        "faithful": summary.faithful,
        "undecided": summary.undecided,
        "differ": summary.differ,
    })
}

fn pair(line: &FidelityLine) -> Value {
    let mut pair = json!({
        "architecture": line.architecture,
        "engine": line.tool.engine,
        "tool": line.tool.label,
    });
    let outcome = match &line.outcome {
        Ok(comparison) => {
            let [ours_ns, theirs_ns] = comparison.medians_ns();
            let ratio = comparison.ratio;
            json!({
                "ours_ns": ours_ns,
                "theirs_ns": theirs_ns,
                "ratio": [ratio.value, ratio.low, ratio.high],
                "rounds": comparison.rounds.len(),
                "turns": comparison.turns(),
                "verdict": comparison.verdict,
                "processors": comparison.processors,
                "missing_turns": missing(comparison).flatten(),
            })
        }
        Err(reason) => json!({ "absent": format!("{reason:#}") }),
    };
    if let (Value::Object(pair), Value::Object(outcome)) = (&mut pair, outcome) {
        pair.extend(outcome);
    }
    pair
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;
    use formbench_statistics::{Estimate, TurnBlock};

    use super::super::tool::TOOLS;
    use super::*;

    fn line(verdict: FidelityVerdict, ratio: Estimate) -> FidelityLine {
        let block = TurnBlock { ours_ns: [10.5e6; 2], theirs_ns: [10e6; 2] };
        let comparison =
            ToolComparison { rounds: vec![vec![block; 3]; 2], ratio, verdict, processors: 1.0 };
        FidelityLine {
            architecture: "resnet18".to_owned(),
            tool: TOOLS[2],
            outcome: Ok(comparison),
        }
    }

    #[test]
    fn a_row_says_how_far_a_verdict_is() {
        let ratio = Estimate { value: 1.03_f64.powi(2), low: 1.0, high: 1.03_f64.powi(4) };
        let undecided = line(FidelityVerdict::Undecided, ratio);
        let expected = [
            "resnet18",
            "onnxruntime",
            "a Python loop",
            "10.500",
            "10.000",
            "1.061 [1.000, 1.126]",
            // Two rounds of three blocks of four.
            "24",
            // The lower end has to come twice as near to 1.03²: 4 × 24 turns in all.
            "undecided; about 72 more turns",
        ];
        assert_eq!(row(&undecided), expected);
        assert_eq!(pair(&undecided)["missing_turns"], 72);
    }

    #[test]
    fn a_reason_takes_a_verdict_s_place() {
        let absent = FidelityLine {
            architecture: "resnet18".to_owned(),
            tool: TOOLS[4],
            outcome: Err(anyhow!("no command `tract`")),
        };
        assert_eq!(row(&absent)[7], "no command `tract`");
        assert_eq!(pair(&absent)["absent"], "no command `tract`");
    }
}
