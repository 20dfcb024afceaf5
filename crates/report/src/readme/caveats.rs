//! What not to conclude, as far as it has numbers.

use formbench_analysis::number::{counted, percent};
use formbench_analysis::{DisturbedBlocks, Narrowing};

use super::{Committed, CommittedRun};

pub(super) fn part(committed: &Committed) -> String {
    let lines = [noise(&committed.references), fidelity(&committed.fidelity)];
    lines.into_iter().map(|line| format!("- {line}\n")).collect()
}

/// How wide intervals are, and how many blocks were disturbed.
fn noise(references: &[CommittedRun]) -> String {
    let of_host = |one: &CommittedRun| {
        let Narrowing { half_width, .. } = Narrowing::of(&one.run);
        let half_width = half_width.map_or_else(String::new, |share| {
            format!("the median speed-up is known to ±{}", percent(share))
        });
        let counts = DisturbedBlocks::of(&one.run).counts();
        format!(
            "on {}, {half_width} and {} of {} are left out as disturbed",
            one.host,
            percent(counts.share),
            counted(counts.blocks, "block")
        )
    };
    let hosts: Vec<String> = references.iter().map(of_host).collect();
    format!(
        "**Small differences.** The machines are virtual and have neighbours: {}.",
        hosts.join("; ")
    )
}

/// How our timings compare with engines' own tools, with each pair that differs.
fn fidelity(page: &str) -> String {
    let sentence = page.lines().find_map(|line| {
        line.strip_prefix("Does formbench measure what an engine's own tool measures? ")
    });
    let differing: Vec<String> = page.lines().filter_map(differing_pair).collect();
    let differing = if differing.is_empty() {
        String::new()
    } else {
        format!(" What differs: {}.", differing.join("; "))
    };
    format!(
        "**Equality with an engine's own tool, pair by pair.** {}{differing}",
        sentence.unwrap_or_default()
    )
}

/// Returns a row of the fidelity page whose verdict is that the two sides differ.
fn differing_pair(line: &str) -> Option<String> {
    let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
    let [network, engine, tool, _, _, ratio, _, "differs"] = cells[..] else { return None };
    Some(format!("{network} on {engine} against {tool}, {ratio}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_that_differ_are_named() {
        let row = |verdict: &str| {
            format!(
                "| resnet18 | openvino | benchmark_app | 7.1 | 6.7 | 1.057 [1.04, 1.07] | 96 | {verdict} |"
            )
        };
        let expected = "resnet18 on openvino against benchmark_app, 1.057 [1.04, 1.07]";
        assert_eq!(differing_pair(&row("differs")).as_deref(), Some(expected));
        assert_eq!(differing_pair(&row("faithful")), None);
        assert_eq!(differing_pair("| network | engine |"), None);
    }
}
