//! Verdicts per host.

use formbench_analysis::VerdictKind;
use formbench_analysis::hosts::{HostVerdicts, SideBySide};

use crate::markdown::cell_text;
use crate::theme::MOST_HOSTS;

const KINDS: [VerdictKind; 4] = [
    VerdictKind::Holds,
    VerdictKind::HoldsInPart,
    VerdictKind::DoesNotHold,
    VerdictKind::Undecided,
];

/// Returns a row per claim and engine that some host can judge, a column per host; of many hosts how many come out how.
pub(super) fn matrix(of: &SideBySide) -> String {
    let judged = |line: &&HostVerdicts| line.of_hosts.len() > line.count(VerdictKind::NotTestable);
    let lines: Vec<&HostVerdicts> = of.verdicts.iter().filter(judged).collect();
    if lines.is_empty() {
        return String::new();
    }
    let is_crowded = of.hosts.len() > MOST_HOSTS;
    let heads: Vec<String> = if is_crowded {
        KINDS.map(|kind| format!("{kind} on")).to_vec()
    } else {
        of.hosts.iter().map(|host| cell_text(&host.host)).collect()
    };
    let rules = if is_crowded { "--:|" } else { "---|" }.repeat(heads.len());
    let row = |line: &&HostVerdicts| {
        let cells = if is_crowded { counts(line) } else { by_host(line, of.hosts.len()) };
        let engine = cell_text(&line.engine);
        format!(
            "| **{}** | {}: {engine} | {} |\n",
            line.claim,
            line.interpretation,
            cells.join(" | ")
        )
    };
    let rows: String = lines.iter().map(row).collect();
    format!(
        "\n## Verdicts\n\nA claim holds only if its whole 95 % interval agrees. Empty: no run of the host has what the \
         claim is about.\n\n| claim | engine | {} |\n|---|---|{rules}\n{rows}\n{}",
        heads.join(" | "),
        statements(&lines),
    )
}

fn by_host(line: &HostVerdicts, hosts: usize) -> Vec<String> {
    let mut cells = vec![String::new(); hosts];
    let has_versions = line.has_several_versions();
    let tested = line.of_hosts.iter().filter(|one| one.verdict != VerdictKind::NotTestable);
    for one in tested {
        let version = format!(" ({})", cell_text(&one.version));
        cells[one.host] = one.says.clone() + if has_versions { &version } else { "" };
    }
    cells
}

fn counts(line: &HostVerdicts) -> Vec<String> {
    KINDS.map(|kind| line.count(kind).to_string()).to_vec()
}

/// Returns what each claim says, once.
fn statements(lines: &[&HostVerdicts]) -> String {
    let of_claims = lines.chunk_by(|one, other| one.claim == other.claim);
    let first = of_claims.filter_map(|of_claim| of_claim.first());
    first.map(|line| format!("- **{}**: {}\n", line.claim, cell_text(&line.statement))).collect()
}
