use std::collections::BTreeMap;

use formbench_protocol::InferencePart;
use petgraph::unionfind::UnionFind;
use serde::Serialize;

use super::{Account, name};

/// What is saved on one operator of the graph, or on several that one of the engines made one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SavedOperator {
    /// Names of the graph's nodes, those of the baseline's operators, in the graph's order.
    pub nodes: Vec<String>,
    /// The baseline's kind of work that takes longest of it.
    pub part: &'static str,
    /// What it takes on the baseline, as a share of the baseline's latency.
    pub baseline_share: f64,
    /// What it takes on the engine, as a share of the baseline's latency.
    pub engine_share: f64,
}

/// An operator of both sides: those that stand for the same nodes.
#[derive(Default)]
struct Shared<'a> {
    nodes: Vec<&'a str>,
    /// What each of the baseline's kinds of work takes.
    parts: BTreeMap<InferencePart, f64>,
    engine_ns: f64,
}

impl Shared<'_> {
    fn baseline_ns(&self) -> f64 {
        self.parts.values().sum()
    }
}

/// Returns the operator on which most is saved. Operators of both sides are one where they stand for the same node: what an
/// engine fused is held against all that it replaces, and what became several against all of these. Nothing where nothing is
/// saved on any.
pub(super) fn most_saved(baseline: &Account<'_>, engine: &Account<'_>) -> Option<SavedOperator> {
    let sides: Vec<_> = baseline.operators.iter().chain(&engine.operators).collect();
    let mut alike = UnionFind::new(sides.len());
    let mut first_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, (row, _)) in sides.iter().enumerate() {
        for node in &row.nodes {
            alike.union(at, *first_of.entry(node).or_insert(at));
        }
    }
    let mut shared: BTreeMap<usize, Shared<'_>> = BTreeMap::new();
    for (at, (row, ns)) in sides.into_iter().enumerate() {
        if row.nodes.is_empty() {
            continue;
        }
        let one = shared.entry(alike.find(at)).or_default();
        if at < baseline.operators.len() {
            let named = row.nodes.iter().map(String::as_str);
            let new: Vec<&str> = named.filter(|node| !one.nodes.contains(node)).collect();
            one.nodes.extend(new);
            *one.parts.entry(row.class).or_default() += ns;
        } else {
            one.engine_ns += ns;
        }
    }
    let saved_ns = |one: &Shared<'_>| one.baseline_ns() - one.engine_ns;
    let saving = shared.into_values().filter(|one| saved_ns(one) > 0.0);
    let most = saving.max_by(|a, b| saved_ns(a).total_cmp(&saved_ns(b)))?;
    let (part, _) = most.parts.iter().max_by(|a, b| a.1.total_cmp(b.1))?;
    Some(SavedOperator {
        nodes: most.nodes.iter().map(|node| (*node).to_string()).collect(),
        part: name(*part),
        baseline_share: most.baseline_ns() / baseline.latency_ns,
        engine_share: most.engine_ns / baseline.latency_ns,
    })
}

#[cfg(test)]
mod tests {
    use formbench_protocol::OperatorClass;
    use formbench_store::OperatorRow;

    use super::*;

    fn operator(nodes: &[&str], class: OperatorClass) -> OperatorRow {
        OperatorRow {
            nodes: nodes.iter().map(|node| (*node).to_string()).collect(),
            class: InferencePart::Work(class),
            ..OperatorRow::default()
        }
    }

    fn account<'a>(operators: &'a [(OperatorRow, f64)], latency_ns: f64) -> Account<'a> {
        let operators = operators.iter().map(|(row, ns)| (row, *ns)).collect();
        Account { latency_ns, parts: BTreeMap::new(), operators }
    }

    #[test]
    fn what_an_engine_fused_is_held_against_all_that_it_replaces() {
        use OperatorClass::{Activation, DenseConvolution, Normalisation, Pool};
        let baseline = [
            (operator(&["conv"], DenseConvolution), 40.0),
            (operator(&["norm"], Normalisation), 30.0),
            (operator(&["relu"], Activation), 5.0),
            (operator(&["pool"], Pool), 25.0),
        ];
        // The convolution and its norm save 35 together, the pool 20: neither alone has the most of both.
        let engine = [
            (operator(&["conv", "norm"], DenseConvolution), 35.0),
            (operator(&["relu"], Activation), 5.0),
            (operator(&["pool"], Pool), 2.0),
            (operator(&["pool"], Pool), 3.0),
            (OperatorRow { class: InferencePart::Own, ..OperatorRow::default() }, 1.0),
        ];
        let most = most_saved(&account(&baseline, 100.0), &account(&engine, 46.0)).unwrap();
        assert_eq!(
            (&most.nodes[..], most.part),
            (&["conv", "norm"].map(String::from)[..], "dense convolution")
        );
        assert_eq!((most.baseline_share, most.engine_share), (0.7, 0.35));
        // Without that convolution it is the pool, whose two operators count both.
        let most =
            most_saved(&account(&baseline[2..], 30.0), &account(&engine[1..], 11.0)).unwrap();
        assert_eq!((most.baseline_share * 30.0, most.engine_share * 30.0), (25.0, 5.0));
        // The other way round nothing is saved on any.
        assert_eq!(most_saved(&account(&engine[2..], 6.0), &account(&baseline[3..], 25.0)), None);
        assert_eq!(most_saved(&account(&[], 1.0), &account(&[], 1.0)), None);
    }
}
