use std::collections::BTreeSet;

use formbench_protocol::{Inspection, Layer, OperatorClass, OperatorProfile, OperatorTime};
use serde::Serialize;

use crate::matching::{Matched, matched};

/// Where the time of an inference goes, operator by operator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InferenceProfile {
    /// Latency without a profiler, in nanoseconds.
    pub latency_ns: f64,
    /// Latency with it, in nanoseconds.
    pub profiled_ns: f64,
    /// What the operators and the time between them add up to, measured apart from the whole, in nanoseconds; see
    /// [`OperatorProfile::accounted_ns`].
    pub accounted_ns: f64,
    /// In the order in which they run.
    pub operators: Vec<ProfiledOperator>,
}

/// An operator of an engine with what it stands for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProfiledOperator {
    /// The engine's name for it.
    pub name: String,
    /// The engine's word for what it does.
    pub kind: String,
    /// Names of the graph's nodes that it stands for, alone or with others, in the graph's order; none if it is one of the
    /// engine's own.
    pub nodes: Vec<String>,
    /// What kind of work the heaviest of them is; none of an operator of the engine's own.
    pub class: Option<OperatorClass>,
    /// Positions of that node's output, see [`Layer::positions`]; 0 of an operator of the engine's own.
    pub positions: u64,
    /// What kind of work that node reads first; none if it reads an input of the graph.
    pub after: Option<OperatorClass>,
    /// What it takes in an inference, in nanoseconds.
    pub ns: f64,
    /// Multiply-accumulates of its nodes; of a node that became several operators, those of the longest one alone.
    pub macs: u64,
    /// Likewise floating-point operations.
    pub flops: u64,
    /// Bytes that they read from outside and write to it: what stays between them is not moved.
    pub bytes: u64,
}

/// What one kind of work takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ClassShare {
    /// The kind; none of operators of the engine's own.
    pub class: Option<OperatorClass>,
    /// Operators.
    pub operators: usize,
    /// Time of all of them, in nanoseconds.
    pub ns: f64,
    /// Multiply-accumulates of all of them.
    pub macs: u64,
    /// Bytes that they move.
    pub bytes: u64,
}

impl InferenceProfile {
    /// Returns what an engine said with what its operators stand for.
    pub(crate) fn new(said: OperatorProfile, graph: &Inspection) -> Self {
        let Matched { stands_for, counted } = matched(&said.operators, &graph.layers);
        let operators = said.operators.iter().cloned().zip(stands_for.iter().zip(&counted));
        let operators = operators
            .map(|(time, (all, counted))| operator(time, all, counted, &graph.layers))
            .collect();
        let OperatorProfile { latency_ns, profiled_ns, accounted_ns, .. } = said;
        Self { latency_ns, profiled_ns, accounted_ns, operators }
    }

    /// Returns the time of all operators, in nanoseconds.
    pub fn operators_ns(&self) -> f64 {
        self.operators.iter().map(|one| one.ns).sum()
    }

    /// Returns what is left of an inference beside its operators, in nanoseconds: what the engine does between them, and what
    /// its profiler costs there.
    pub fn between_ns(&self) -> f64 {
        self.profiled_ns - self.operators_ns()
    }

    /// Returns the share of the operators' time in those that stand for nodes of the graph, 0 if none took any.
    pub fn matched_share(&self) -> f64 {
        let matched = self.operators.iter().filter(|one| one.class.is_some()).map(|one| one.ns);
        // A sum of nothing is -0.
        (matched.sum::<f64>() + 0.0) / self.operators_ns().max(f64::MIN_POSITIVE)
    }

    /// Returns the share of an inference with the profiler that operators and the time between them are, measured apart from it:
    /// near 1 if nothing of an inference is missed or counted twice.
    pub fn accounted_share(&self) -> f64 {
        self.accounted_ns / self.profiled_ns
    }

    /// Returns what is to be known of the profile as a whole, in one line.
    pub fn sentence(&self) -> String {
        format!(
            "{:.3} ms an inference, {:.3} with the profiler ({:.2} times), of which operators and the time between them, \
             measured apart, account for {:.1} %; {:.1} % of the operators' time is in those that stand for nodes of the graph",
            self.latency_ns / 1e6,
            self.profiled_ns / 1e6,
            self.profiled_ns / self.latency_ns,
            100.0 * self.accounted_share(),
            100.0 * self.matched_share(),
        )
    }

    /// Returns what each kind of work takes, in the order of kinds, operators of the engine's own last.
    pub fn by_class(&self) -> Vec<ClassShare> {
        let classes = OperatorClass::ALL.into_iter().map(Some).chain([None]);
        let share = |class| {
            let of_class: Vec<&ProfiledOperator> =
                self.operators.iter().filter(|one| one.class == class).collect();
            ClassShare {
                class,
                operators: of_class.len(),
                ns: of_class.iter().map(|one| one.ns).sum(),
                macs: of_class.iter().map(|one| one.macs).sum(),
                bytes: of_class.iter().map(|one| one.bytes).sum(),
            }
        };
        classes.map(share).filter(|share| share.operators > 0).collect()
    }
}

fn operator(
    time: OperatorTime,
    all: &[usize],
    counted: &[usize],
    layers: &[Layer],
) -> ProfiledOperator {
    let OperatorTime { name, kind, ns, .. } = time;
    let nodes: Vec<&Layer> = all.iter().map(|at| &layers[*at]).collect();
    let sum = |count: fn(&Layer) -> u64| counted.iter().map(|at| count(&layers[*at])).sum();
    let heaviest = heaviest(&nodes);
    let read_first = heaviest.and_then(|layer| layer.sources.first());
    ProfiledOperator {
        name,
        kind,
        class: heaviest.map(|layer| layer.class),
        positions: heaviest.map_or(0, Layer::positions),
        after: read_first.map(|source| layers[*source].class),
        ns,
        macs: sum(|layer| layer.macs),
        flops: sum(|layer| layer.flops),
        bytes: bytes(counted, layers),
        nodes: nodes.iter().map(|layer| layer.name.clone()).collect(),
    }
}

/// Returns the node with the most MACs; where there are none, that with the most operations. Of equals it is the first, but of three
/// and more the activation: a GELU is five such nodes.
fn heaviest<'a>(nodes: &[&'a Layer]) -> Option<&'a Layer> {
    let cost = |layer: &&'a Layer| (layer.macs, layer.flops);
    let most = nodes.iter().map(cost).max()?;
    let equals: Vec<&Layer> = nodes.iter().copied().filter(|layer| cost(layer) == most).collect();
    let mut activations = equals.iter().filter(|layer| layer.class == OperatorClass::Activation);
    let activation = activations.next().filter(|_| equals.len() >= 3);
    activation.or(equals.first()).copied()
}

/// Returns the bytes that nodes which run as one move: what each reads but for results of the others, and results that a node
/// outside reads, or nobody. A result that several of them read from outside counts once.
fn bytes(at: &[usize], layers: &[Layer]) -> u64 {
    let is_inside = |node: &usize| at.contains(node);
    let mut outside: BTreeSet<usize> = BTreeSet::new();
    let mut bytes = 0;
    for &node in at {
        let layer = &layers[node];
        // What is not a result of another node: weights, constants, the graph's inputs.
        let results: u64 = layer.sources.iter().map(|source| layers[*source].bytes_written).sum();
        bytes += layer.bytes_read.saturating_sub(results);
        outside.extend(layer.sources.iter().filter(|source| !is_inside(source)));
        let mut readers = (node + 1..layers.len()).filter(|at| layers[*at].sources.contains(&node));
        let is_read_inside_alone = readers.next().is_some_and(|first| is_inside(&first))
            && readers.all(|reader| is_inside(&reader));
        if !is_read_inside_alone {
            bytes += layer.bytes_written;
        }
    }
    bytes + outside.iter().map(|source| layers[*source].bytes_written).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(name: &str, class: OperatorClass, macs: u64, [read, written]: [u64; 2]) -> Layer {
        let name = name.to_owned();
        Layer {
            name,
            class,
            macs,
            flops: 1,
            bytes_read: read,
            bytes_written: written,
            ..Layer::default()
        }
    }

    fn time(name: &str, ns: f64) -> OperatorTime {
        let nodes = vec![name.to_owned()];
        OperatorTime { name: name.to_owned(), kind: String::new(), nodes, ns }
    }

    #[test]
    fn a_result_that_is_read_outside_too_is_written_and_one_that_is_read_twice_is_read_once() {
        let of = |sources: &[usize], bytes| Layer {
            sources: sources.to_vec(),
            ..layer("any", OperatorClass::Activation, 0, bytes)
        };
        // x · sigmoid(x), whose x another node reads as well.
        let layers = [of(&[], [8, 8]), of(&[0], [8, 8]), of(&[0, 1], [16, 8]), of(&[0], [8, 8])];
        assert_eq!(bytes(&[1, 2], &layers), 8 + 8);
        assert_eq!(bytes(&[0, 1, 2], &layers), 8 + 8 + 8);
    }

    #[test]
    fn a_gelu_is_an_activation_and_an_addition_with_its_activation_an_addition() {
        let of = |classes: &[OperatorClass]| {
            let nodes: Vec<Layer> =
                classes.iter().map(|class| layer("any", *class, 0, [8, 8])).collect();
            heaviest(&nodes.iter().collect::<Vec<_>>()).map(|layer| layer.class)
        };
        let (add, activation) = (OperatorClass::Combination, OperatorClass::Activation);
        assert_eq!(of(&[add, activation, add, add, add]), Some(activation));
        assert_eq!(of(&[add, activation]), Some(add));
        assert_eq!(of(&[add, add, add]), Some(add));
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn a_fused_operator_is_of_its_heaviest_node_and_moves_nothing_in_between() {
        let layers = vec![
            Layer {
                output: vec![1, 8, 7, 7],
                ..layer("conv", OperatorClass::DenseConvolution, 100, [50, 20])
            },
            Layer { sources: vec![0], ..layer("norm", OperatorClass::Normalisation, 0, [24, 20]) },
            Layer { sources: vec![1], ..layer("relu", OperatorClass::Activation, 0, [20, 20]) },
        ];
        let graph = Inspection { layers, ..Inspection::default() };
        let operators = vec![time("conv", 70.0), time("reorder", 10.0)];
        let said =
            OperatorProfile { latency_ns: 95.0, profiled_ns: 100.0, accounted_ns: 99.0, operators };
        let profile = InferenceProfile::new(said, &graph);
        let [conv, reorder] = profile.operators.as_slice() else { panic!("{profile:?}") };
        assert_eq!(conv.nodes, ["conv", "norm", "relu"]);
        assert_eq!(conv.class, Some(OperatorClass::DenseConvolution));
        assert_eq!((conv.macs, conv.bytes), (100, 50 + 4 + 20));
        assert_eq!((conv.positions, conv.after), (49, None));
        assert_eq!((reorder.class, reorder.bytes), (None, 0));
        assert!((profile.between_ns() - 20.0).abs() < 1e-9);
        assert!((profile.matched_share() - 0.875).abs() < 1e-9);
        assert!((profile.accounted_share() - 0.99).abs() < 1e-9);
        let classes: Vec<_> = profile.by_class().iter().map(|one| (one.class, one.ns)).collect();
        assert_eq!(classes, [(Some(OperatorClass::DenseConvolution), 70.0), (None, 10.0)]);
    }
}
