use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::OperatorClass;
use ndarray::{Array1, Array2};
use nnls::nnls;

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

/// Nodes of a kind behind another kind that have to be seen, so that what an engine makes of them counts apart.
const LEAST_NODES: usize = 3;

/// What was learned of an engine.
pub(super) struct Fitted {
    method: Method,
    times: BTreeMap<OperatorClass, Neighbours>,
    own_share: OwnShare,
    own: OwnOperators,
    /// What is left of an inference for each operator, in nanoseconds.
    between_ns: f64,
}

/// Of the nodes of a kind, the share that the engine makes operators of their own; the others are fused into some. What it
/// fuses depends on what a node reads first: a norm behind a convolution, and none behind a concatenation.
#[derive(Default)]
struct OwnShare {
    behind: BTreeMap<(OperatorClass, Option<OperatorClass>), Count>,
    all: BTreeMap<OperatorClass, Count>,
}

/// How many nodes were seen, and how many operators these became.
#[derive(Clone, Copy, Default)]
struct Count {
    nodes: usize,
    operators: usize,
}

impl OwnShare {
    fn count(&mut self, work: &OperatorWork, add: impl Fn(&mut Count)) {
        add(self.behind.entry((work.class, work.after)).or_default());
        add(self.all.entry(work.class).or_default());
    }

    /// Returns the share of such nodes; nothing of a kind that was never seen.
    fn of(&self, work: &OperatorWork) -> Option<f64> {
        let behind = self.behind.get(&(work.class, work.after));
        let seen = behind.filter(|count| count.nodes >= LEAST_NODES);
        let Count { nodes, operators } = *seen.or_else(|| self.all.get(&work.class))?;
        Some(if nodes == 0 { 1.0 } else { (operators as f64 / nodes as f64).min(1.0) })
    }
}

/// What an engine's own operators take, such as changes of layout: nanoseconds for each byte of the graph's nodes, by kind.
#[derive(Default)]
struct OwnOperators(BTreeMap<OperatorClass, f64>);

impl OwnOperators {
    /// Returns the non-negative times for each byte that come nearest to what was seen, each architecture by about its share.
    fn new(examples: &[&Example]) -> Self {
        let typical_ns = median(examples.iter().map(|one| one.own_ns).collect());
        let nodes = || examples.iter().flat_map(|one| &one.nodes);
        let classes: Vec<OperatorClass> =
            nodes().map(|node| node.class).collect::<BTreeSet<_>>().into_iter().collect();
        if classes.is_empty() {
            return Self::default();
        }
        // A nanosecond more, so that an engine without operators of its own divides by something.
        let weight = |at: usize| 1.0 / (examples[at].own_ns.max(0.0) + typical_ns.max(0.0) + 1.0);
        let bytes = |(at, class): (usize, usize)| {
            let of_class = examples[at].nodes.iter().filter(|node| node.class == classes[class]);
            weight(at) * of_class.map(|node| node.bytes as f64).sum::<f64>()
        };
        let bytes = Array2::from_shape_fn((examples.len(), classes.len()), bytes);
        let took = Array1::from_shape_fn(examples.len(), |at| weight(at) * examples[at].own_ns);
        let (rates, _) = nnls(bytes.view(), took.view());
        Self(classes.into_iter().zip(rates).collect())
    }

    fn ns(&self, node: &OperatorWork) -> f64 {
        self.0.get(&node.class).map_or(0.0, |rate| rate * node.bytes as f64)
    }
}

impl Fitted {
    pub fn new(method: Method, examples: &[&Example]) -> Self {
        let mut times: BTreeMap<OperatorClass, Neighbours> = BTreeMap::new();
        let (mut own_share, mut between) = (OwnShare::default(), Vec::new());
        for example in examples {
            for node in &example.nodes {
                own_share.count(node, |count| count.nodes += 1);
            }
            let mut took_ns = example.own_ns;
            for (work, ns) in &example.operators {
                own_share.count(work, |count| count.operators += 1);
                times.entry(work.class).or_default().add(work, *ns);
                took_ns += ns;
            }
            between.push((example.profile_ns - took_ns) / example.operators.len().max(1) as f64);
        }
        let own = OwnOperators::new(examples);
        Self { method, times, own_share, own, between_ns: median(between) }
    }

    /// Returns the logarithm of the nanoseconds that a graph takes, up to a factor that all graphs share.
    ///
    /// # Errors
    /// Nothing of a kind of work was timed.
    pub fn log_ns(&self, nodes: &[OperatorWork]) -> Result<f64, Unpredictable> {
        let amount = match self.method {
            Method::Operators => self.operators_ns(nodes, |node| self.own_share.of(node))?,
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
        share: impl Fn(&OperatorWork) -> Option<f64>,
    ) -> Result<f64, Unpredictable> {
        // Blocks repeat: most nodes are there several times.
        let mut counts: BTreeMap<OperatorWork, f64> = BTreeMap::new();
        for node in nodes {
            *counts.entry(*node).or_default() += 1.0;
        }
        let (mut ns, mut operators) = (0.0, 0.0);
        for (node, nodes) in counts {
            let unknown = Unpredictable::Kind { class: node.class };
            ns += nodes * self.own.ns(&node);
            let count = nodes * share(&node).ok_or(unknown)?;
            if count > 0.0 {
                let known = self.times.get(&node.class).and_then(|times| times.ns(&node));
                ns += count * known.ok_or(unknown)?;
                operators += count;
            }
        }
        Ok((ns + operators * self.between_ns).max(0.0))
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
