use std::collections::BTreeMap;

use formbench_protocol::InferencePart;
use formbench_store::{CellRow, OperatorRow};

use crate::Run;

/// Where the time of a cell's inference goes, in nanoseconds.
pub(super) struct Account<'a> {
    /// Latency without a profiler.
    pub latency_ns: f64,
    /// What each part takes.
    pub parts: BTreeMap<InferencePart, f64>,
    /// The engine's operators, those of its own included, and what each takes.
    pub operators: Vec<(&'a OperatorRow, f64)>,
}

impl<'a> Account<'a> {
    /// Returns the account of a cell, if its operators were timed. Operators take what the profiler says, and what is left of
    /// the latency without it is between them; only where they take more than that are they scaled to it.
    pub fn of(run: &'a Run, cell: &CellRow) -> Option<Self> {
        let rows = run.operators_of(&cell.cell);
        let latency_ns = rows.first()?.latency_ns;
        let operators = rows.into_iter().filter(|row| row.class != InferencePart::Between);
        let mut operators: Vec<_> = operators.map(|row| (row, row.ns)).collect();
        let all_ns: f64 = operators.iter().map(|(_, ns)| ns).sum();
        let scale = (latency_ns / all_ns).min(1.0);
        let mut parts: BTreeMap<InferencePart, f64> = BTreeMap::new();
        for (row, ns) in &mut operators {
            *ns *= scale;
            *parts.entry(row.class).or_default() += *ns;
        }
        parts.insert(InferencePart::Between, latency_ns - all_ns * scale);
        Some(Self { latency_ns, parts, operators })
    }

    /// Returns what some parts take.
    pub fn take(&self, parts: &[InferencePart]) -> f64 {
        parts.iter().filter_map(|part| self.parts.get(part)).sum()
    }
}
