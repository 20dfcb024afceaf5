//! Which of the graph's nodes an engine's operator stands for.

use std::collections::{BTreeMap, BTreeSet};

use formbench_protocol::{Layer, OperatorTime};

/// What is in engines' words for operators that multiply and accumulate; `Convert` is no convolution.
const PRODUCTS: [&str; 5] = ["MatMul", "Conv", "Gemm", "FullyConnected", "DepthWise"];

/// The graph's nodes of each operator, as positions, ascending.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Matched {
    /// Those that it stands for, alone or with other operators.
    pub(crate) stands_for: Vec<Vec<usize>>,
    /// Of these, those whose costs are its own: each node is counted in one operator.
    pub(crate) counted: Vec<Vec<usize>>,
}

/// Returns the nodes of each operator.
///
/// An engine names an operator after nodes of the file, with words of its own behind, but seldom after all of them. One that
/// multiplies and is named after what was fused into it stands for the product before that, too. A node
/// that no operator names is part of one all the same. One with multiply-accumulates belongs to what comes next, up to the
/// next such node: what follows a convolution is fused into it and gives it its name. Any other belongs to what it reads last.
pub(crate) fn matched(operators: &[OperatorTime], layers: &[Layer]) -> Matched {
    let named = named(operators, layers);
    let mut owner: Vec<Option<usize>> = vec![None; layers.len()];
    for (operator, nodes) in named.iter().enumerate() {
        for &node in nodes {
            // Of several operators that one node became, the longest one is it.
            let is_longer = |other: usize| operators[other].ns < operators[operator].ns;
            if owner[node].is_none_or(is_longer) {
                owner[node] = Some(operator);
            }
        }
    }
    let readers = readers(layers);
    let mut owner: Vec<Option<usize>> = (0..layers.len())
        .map(|at| owner[at].or_else(|| ahead(at, layers, &readers, &owner)))
        .collect();
    for at in 0..layers.len() {
        let last = || layers[at].sources.iter().rev().find_map(|source| owner[*source]);
        owner[at] = owner[at].or_else(last);
    }
    let mut matched =
        Matched { counted: vec![Vec::new(); operators.len()], stands_for: Vec::new() };
    for (at, owner) in owner.iter().enumerate() {
        owner.iter().for_each(|operator: &usize| matched.counted[*operator].push(at));
    }
    let all = |(named, counted): (&Vec<usize>, &Vec<usize>)| {
        let all: BTreeSet<usize> = named.iter().chain(counted).copied().collect();
        all.into_iter().collect()
    };
    matched.stands_for = named.iter().zip(&matched.counted).map(all).collect();
    matched
}

/// Returns the nodes that operators name.
fn named(operators: &[OperatorTime], layers: &[Layer]) -> Vec<Vec<usize>> {
    let places: BTreeMap<&str, usize> =
        layers.iter().enumerate().map(|(at, layer)| (layer.name.as_str(), at)).collect();
    let of_operator = |time: &OperatorTime| {
        let found: BTreeSet<usize> =
            time.nodes.iter().filter_map(|name| place(name, &places)).collect();
        found.into_iter().collect()
    };
    let mut named: Vec<Vec<usize>> = operators.iter().map(of_operator).collect();
    for (time, nodes) in operators.iter().zip(&mut named) {
        let is_product = PRODUCTS.iter().any(|word| time.kind.contains(word))
            && !time.kind.starts_with("Convert");
        if is_product && nodes.iter().all(|at| layers[*at].macs == 0) {
            nodes.extend(nodes.first().and_then(|first| product_before(*first, layers)));
            nodes.sort_unstable();
        }
    }
    named
}

/// Returns the first node with multiply-accumulates that a node without reads, directly or through others without.
fn product_before(at: usize, layers: &[Layer]) -> Option<usize> {
    let mut at = at;
    while layers[at].macs == 0 {
        at = *layers[at].sources.last()?;
    }
    Some(at)
}

/// Returns the node of a name: that of the whole name, or of its longest beginning that ends before a `.`, `/` or `_`.
fn place(name: &str, places: &BTreeMap<&str, usize>) -> Option<usize> {
    let ends = name.match_indices(['.', '/', '_']).map(|(end, _)| end);
    let ends: Vec<usize> = ends.chain([name.len()]).collect();
    ends.into_iter().rev().find_map(|end| places.get(&name[..end]).copied())
}

/// Returns the nodes that read each node.
fn readers(layers: &[Layer]) -> Vec<Vec<usize>> {
    let mut readers = vec![Vec::new(); layers.len()];
    for (at, layer) in layers.iter().enumerate() {
        layer.sources.iter().for_each(|source: &usize| readers[*source].push(at));
    }
    readers
}

/// Returns the operator of the first node with one behind a node with multiply-accumulates, where each is read by one node
/// alone and none has such itself.
fn ahead(
    at: usize,
    layers: &[Layer],
    readers: &[Vec<usize>],
    owner: &[Option<usize>],
) -> Option<usize> {
    if layers[at].macs == 0 {
        return None;
    }
    let mut at = at;
    while let [next] = readers[at].as_slice() {
        if layers[*next].macs > 0 {
            return None;
        }
        if let Some(operator) = owner[*next] {
            return Some(operator);
        }
        at = *next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns nodes by name, multiply-accumulates and sources.
    fn layers(of: &[(&str, u64, &[usize])]) -> Vec<Layer> {
        let layer = |(name, macs, sources): &(&str, u64, &[usize])| Layer {
            name: (*name).to_owned(),
            macs: *macs,
            sources: sources.to_vec(),
            ..Layer::default()
        };
        of.iter().map(layer).collect()
    }

    fn operator(nodes: &[&str], ns: f64) -> OperatorTime {
        let nodes = nodes.iter().map(ToString::to_string).collect();
        OperatorTime { nodes, ns, ..OperatorTime::default() }
    }

    /// A block with a shortcut: two convolutions, an addition, activations.
    fn block() -> Vec<Layer> {
        layers(&[
            ("stem", 9, &[]),
            ("one.conv", 9, &[0]),
            ("one.norm", 0, &[1]),
            ("Relu_0", 0, &[2]),
            ("two.conv", 9, &[3]),
            ("two.norm", 0, &[4]),
            ("Add_0", 0, &[0, 5]),
            ("Relu_1", 0, &[6]),
            ("fc", 9, &[7]),
        ])
    }

    #[test]
    fn a_convolution_belongs_to_what_it_is_fused_with_and_the_rest_to_what_it_reads() {
        // As engines name them that fuse: after a norm or an activation.
        let operators = [
            operator(&["stem"], 1.0),
            operator(&["Relu_0_nchwc"], 1.0),
            operator(&["two.norm"], 1.0),
            operator(&["fc/fused"], 1.0),
            operator(&["reorder"], 1.0),
        ];
        let found = matched(&operators, &block());
        assert_eq!(found.counted, [vec![0], vec![1, 2, 3], vec![4, 5, 6, 7], vec![8], vec![]]);
        assert_eq!(found.stands_for, found.counted);
    }

    #[test]
    fn of_several_operators_of_one_node_the_longest_counts_it() {
        let operators = [operator(&["stem.pad"], 1.0), operator(&["stem.product"], 5.0)];
        let found = matched(&operators, &block()[..1]);
        assert_eq!(found.counted, [vec![], vec![0]]);
        assert_eq!(found.stands_for, [vec![0], vec![0]]);
    }

    #[test]
    fn an_operator_that_multiplies_stands_for_a_product_whatever_it_is_named_after() {
        let product = |kind: &str| {
            let kind = kind.to_owned();
            [operator(&["one.conv.pack"], 1.0), OperatorTime { kind, ..operator(&["Relu_0"], 5.0) }]
        };
        let counted = |kind: &str| matched(&product(kind), &block()[..4]).counted;
        assert_eq!(counted("OptMatMul"), [vec![], vec![1, 2, 3]]);
        assert_eq!(counted("OptMax"), [vec![1, 2], vec![3]]);
    }

    #[test]
    fn the_longest_beginning_of_a_name_counts() {
        let layers = layers(&[("layer1", 1, &[]), ("layer1.0.conv", 1, &[0])]);
        let operators = [operator(&["layer1.0.conv.pad"], 1.0), operator(&["layer1.pack"], 1.0)];
        assert_eq!(matched(&operators, &layers).counted, [vec![1], vec![0]]);
    }
}
