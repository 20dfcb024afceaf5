//! What the profiles of a run are worth: whether operators and the time between them add up to an inference.

use std::collections::BTreeMap;

use formbench_protocol::InferencePart;
use formbench_statistics::quantile;
use formbench_store::{OperatorRow, Run};

/// Heads of the columns of [`ProfileAccount::row`].
pub const PROFILE_ACCOUNTS: [&str; 6] = [
    "engine",
    "profiles",
    "with \u{f7} without profiler, median (most)",
    "operators and between \u{f7} latency, least to most",
    "in operators of the graph, median (least)",
    "neither those nor layouts, most",
];

/// What begins the engines' words for a change of layout.
const LAYOUT: &str = "Reorder";

/// What an engine's profiles account for, over the architectures of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileAccount {
    /// The engine with its options.
    pub engine: String,
    /// By architecture: latency with the profiler over that without it.
    pub slowdown: Vec<f64>,
    /// Operators and the time between them, measured apart from the whole, over the latency with the profiler.
    pub accounted: Vec<f64>,
    /// Share of the operators' time in those that stand for nodes of the graph.
    pub matched: Vec<f64>,
    /// Share of the operators' time in those that neither stand for nodes nor change a layout.
    pub unknown: Vec<f64>,
}

/// Returns an account of each engine whose operators were timed, by name. Profiles of earlier versions, which were not
/// accounted for, are left out.
pub fn profile_accounts<T>(run: &Run<T>) -> Vec<ProfileAccount> {
    let mut accounts: BTreeMap<String, ProfileAccount> = BTreeMap::new();
    for cell in run.cells.values() {
        let rows = run.operators_of(&cell.cell);
        let Some((first, accounted_ns)) =
            rows.first().and_then(|row| Some((row, row.accounted_ns?)))
        else {
            continue;
        };
        let share = |is_asked: &dyn Fn(&OperatorRow) -> bool| {
            let operators = || rows.iter().filter(|row| row.class != InferencePart::Between);
            let asked = operators().filter(|row| is_asked(row)).map(|row| row.ns).sum::<f64>();
            // A sum of nothing is -0.
            (asked + 0.0) / operators().map(|row| row.ns).sum::<f64>().max(f64::MIN_POSITIVE)
        };
        let is_own = |row: &OperatorRow| row.class == InferencePart::Own;
        let engine = cell.engine_label();
        let account = accounts.entry(engine.clone()).or_insert_with(|| ProfileAccount::new(engine));
        account.slowdown.push(first.profiled_ns / first.latency_ns);
        account.accounted.push(accounted_ns / first.profiled_ns);
        account.matched.push(share(&|row| !is_own(row)));
        account.unknown.push(share(&|row| is_own(row) && !row.kind.starts_with(LAYOUT)));
    }
    accounts.into_values().collect()
}

impl ProfileAccount {
    fn new(engine: String) -> Self {
        let [slowdown, accounted, matched, unknown] = [const { Vec::new() }; 4];
        Self { engine, slowdown, accounted, matched, unknown }
    }

    /// Returns the account as a row of a table.
    pub fn row(&self) -> [String; 6] {
        let of = |shares: &[f64], q: f64| {
            let mut sorted = shares.to_vec();
            sorted.sort_by(f64::total_cmp);
            quantile(&sorted, q).unwrap_or(f64::NAN)
        };
        let percent = |shares, q| format!("{:.1} %", 100.0 * of(shares, q));
        [
            self.engine.clone(),
            self.matched.len().to_string(),
            format!("{:.2} ({:.2})", of(&self.slowdown, 0.5), of(&self.slowdown, 1.0)),
            format!("{} to {}", percent(&self.accounted, 0.0), percent(&self.accounted, 1.0)),
            format!("{} ({})", percent(&self.matched, 0.5), percent(&self.matched, 0.0)),
            percent(&self.unknown, 1.0),
        ]
    }
}

#[cfg(test)]
mod tests {
    use formbench_protocol::OperatorClass;
    use formbench_store::CellRow;

    use super::*;

    fn rows(cell: &str, accounted_ns: Option<f64>) -> Vec<OperatorRow> {
        let row = |class, kind: &str, ns| OperatorRow {
            cell: cell.to_owned(),
            class,
            kind: kind.to_owned(),
            ns,
            profiled_ns: 110.0,
            latency_ns: 100.0,
            accounted_ns,
            ..OperatorRow::default()
        };
        vec![
            row(InferencePart::Work(OperatorClass::Pool), "Pool", 70.0),
            row(InferencePart::Own, "ReorderInput", 20.0),
            row(InferencePart::Own, "Gather", 10.0),
            row(InferencePart::Between, "", 10.0),
        ]
    }

    #[test]
    fn operators_that_neither_stand_for_nodes_nor_change_a_layout_are_told_apart() {
        let mut run = Run::<()>::default();
        for cell in ["new", "old"] {
            let row =
                CellRow { cell: cell.to_owned(), engine: "fake".to_owned(), ..CellRow::default() };
            run.cells.insert(cell.to_owned(), row);
        }
        run.operators = [rows("new", Some(108.9)), rows("old", None)].concat();
        let accounts = profile_accounts(&run);
        let [account] = accounts.as_slice() else { panic!("{accounts:?}") };
        let row = ["fake", "1", "1.10 (1.10)", "99.0 % to 99.0 %", "70.0 % (70.0 %)", "10.0 %"];
        assert_eq!(account.row(), row);
    }
}
