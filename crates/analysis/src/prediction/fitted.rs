use std::collections::BTreeMap;

use formbench_protocol::OperatorClass;

use super::neighbours::Neighbours;
use super::{Example, OperatorWork, Unpredictable};
use crate::Roof;

/// What a latency is predicted from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// What each operator takes that the engine makes of the graph.
    Operators,
    /// What each of the graph's nodes would take as an operator of its own.
    Unfused,
    /// Multiply-accumulates alone.
    Macs,
    /// The least time that the machine's roof allows each node: GFLOP and GB a second.
    Roof([f64; 2]),
}

impl Method {
    /// Returns the method that knows a machine's roof alone.
    pub fn roof(roof: &Roof) -> Self {
        Self::Roof([roof.gflop_per_s, roof.gbyte_per_s])
    }

    /// Returns the words of tables.
    pub fn label(self) -> &'static str {
        match self {
            Self::Operators => "operators as the engine fuses them",
            Self::Unfused => "operators alone",
            Self::Macs => "MACs alone",
            Self::Roof(_) => "roof alone",
        }
    }
}

/// What was learned of an engine.
pub(super) struct Fitted {
    method: Method,
    times: BTreeMap<OperatorClass, Neighbours>,
    /// Of the nodes of a kind, the share that the engine makes operators of their own; the others are fused into some.
    own_share: BTreeMap<OperatorClass, f64>,
    /// How much longer all operators take with those of the engine's own.
    with_own: f64,
    /// What is left of an inference for each operator, in nanoseconds.
    between_ns: f64,
}

impl Fitted {
    pub fn new(method: Method, examples: &[&Example]) -> Self {
        let mut times: BTreeMap<OperatorClass, Neighbours> = BTreeMap::new();
        let mut counts: BTreeMap<OperatorClass, [usize; 2]> = BTreeMap::new();
        let (mut operators_ns, mut own_ns, mut between) = (0.0, 0.0, Vec::new());
        for example in examples {
            for node in &example.nodes {
                counts.entry(node.class).or_default()[0] += 1;
            }
            let mut took_ns = example.own_ns;
            for (work, ns) in &example.operators {
                counts.entry(work.class).or_default()[1] += 1;
                times.entry(work.class).or_default().add(work, *ns);
                took_ns += ns;
            }
            own_ns += example.own_ns;
            operators_ns += took_ns - example.own_ns;
            between.push((example.profile_ns - took_ns) / example.operators.len().max(1) as f64);
        }
        let share = |[nodes, operators]: [usize; 2]| {
            if nodes == 0 { 1.0 } else { (operators as f64 / nodes as f64).min(1.0) }
        };
        Self {
            method,
            times,
            own_share: counts.into_iter().map(|(class, counts)| (class, share(counts))).collect(),
            with_own: if operators_ns > 0.0 { 1.0 + own_ns / operators_ns } else { 1.0 },
            between_ns: median(between),
        }
    }

    /// Returns the logarithm of the nanoseconds that a graph takes, up to a factor that all graphs share.
    ///
    /// # Errors
    /// Nothing of a kind of work was timed.
    pub fn log_ns(&self, nodes: &[OperatorWork]) -> Result<f64, Unpredictable> {
        let amount = match self.method {
            Method::Operators => {
                self.operators_ns(nodes, |class| self.own_share.get(&class).copied())?
            }
            Method::Unfused => self.operators_ns(nodes, |_| Some(1.0))?,
            Method::Macs => nodes.iter().map(|node| node.macs as f64).sum(),
            Method::Roof([gflop_per_s, gbyte_per_s]) => {
                let least_ns = |node: &OperatorWork| {
                    let compute_ns = 2.0 * node.macs as f64 / gflop_per_s;
                    compute_ns.max(node.bytes as f64 / gbyte_per_s)
                };
                nodes.iter().map(least_ns).sum()
            }
        };
        if amount > 0.0 { Ok(amount.ln()) } else { Err(Unpredictable::Nothing) }
    }

    fn operators_ns(
        &self,
        nodes: &[OperatorWork],
        share: impl Fn(OperatorClass) -> Option<f64>,
    ) -> Result<f64, Unpredictable> {
        // Blocks repeat: most nodes are there several times.
        let mut counts: BTreeMap<OperatorWork, f64> = BTreeMap::new();
        for node in nodes {
            *counts.entry(*node).or_default() += 1.0;
        }
        let (mut ns, mut operators) = (0.0, 0.0);
        for (node, count) in counts {
            let unknown = Unpredictable::Kind { class: node.class };
            let count = count * share(node.class).ok_or(unknown)?;
            if count > 0.0 {
                let known = self.times.get(&node.class).and_then(|times| times.ns(&node));
                ns += count * known.ok_or(unknown)?;
                operators += count;
            }
        }
        Ok((ns * self.with_own + operators * self.between_ns).max(0.0))
    }
}

/// Returns the middle of numbers, 0 of none.
pub(super) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    match numbers.as_slice() {
        [] => 0.0,
        all if all.len() % 2 == 1 => all[all.len() / 2],
        all => f64::midpoint(all[all.len() / 2 - 1], all[all.len() / 2]),
    }
}
