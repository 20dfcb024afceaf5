//! What a reader of a table of cells has to be told.

use std::collections::BTreeSet;

use formbench_protocol::RefusalKind;

use super::{CellNumbers, Refused};
use crate::row::LEAST_ROUNDS;

/// Returns why rows have no numbers, or no more of them; the same of all rows that lack the same, once.
pub fn refusals(lines: &[CellNumbers]) -> BTreeSet<String> {
    let refusal = |line: &CellNumbers| {
        let Refused { kind, reason, remedy } = line.refusal.as_ref()?;
        let remedy = remedy.as_ref().map_or(String::new(), |remedy| format!("; {remedy}"));
        let of = match kind {
            RefusalKind::Unavailable => line.engine.clone(),
            _ => format!("{} on {}", name(line, lines), line.engine),
        };
        Some(format!("refused ({}): {of}: {reason}{remedy}", kind.label()))
    };
    lines.iter().filter_map(refusal).collect()
}

/// Returns what a row calls its architecture: with its input, where it was measured at several.
pub fn name(line: &CellNumbers, lines: &[CellNumbers]) -> String {
    let is_other =
        |one: &CellNumbers| one.architecture == line.architecture && one.inputs != line.inputs;
    match &line.inputs {
        Some(inputs) if lines.iter().any(is_other) => format!("{}, {inputs}", line.architecture),
        _ => line.architecture.clone(),
    }
}

/// Returns which numbers deserve doubt, a sentence each.
pub fn doubts(lines: &[CellNumbers]) -> Vec<String> {
    let measured = || lines.iter().filter(|line| line.samples > 0);
    let (all, as_found) =
        (measured().count(), measured().filter(|line| line.found == Some("as found")).count());
    let disturbed = |line: &&CellNumbers| line.samples == 0 && line.refusal.is_none();
    let left_out = lines.iter().filter(disturbed).count();
    let few = measured().filter(|line| line.rounds < LEAST_ROUNDS).count();
    let doubts = [
        (
            as_found,
            format!(
                "{as_found} of {all} rows are as found: other guests of this host were busy; at another hour they may differ"
            ),
        ),
        (
            left_out,
            format!(
                "{left_out} rows have no numbers: all their blocks were disturbed or none was taken, which `formbench show` explains"
            ),
        ),
        (
            few,
            format!(
                "{few} of {all} rows are of fewer than {LEAST_ROUNDS} rounds: give more time with `--budget` and `--fresh`"
            ),
        ),
    ];
    doubts.into_iter().filter(|(count, _)| *count > 0).map(|(_, doubt)| doubt).collect()
}
