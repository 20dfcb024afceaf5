use formbench_blueprint::{Features, Net};

use super::{CellInputs, Edge, Manner};

/// Two edges, each with the index of the state that it reads; their sum is the node's state.
pub(crate) type Node = [(Edge, usize); 2];

/// States that are inputs: 0 is the cell before the last, 1 the last; the nodes follow.
const INPUTS: usize = 2;

/// A directed graph of a few nodes, repeated as a block.
///
/// Source: Zoph et al. 2017, arXiv:1707.07012, section 3.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    /// Nodes; each reads states before its own.
    pub(crate) nodes: &'static [Node],
    /// Indices of the states that are the output, one after the other.
    pub(crate) concatenated: &'static [usize],
    /// How its edges are carried out.
    pub(crate) manner: Manner,
}

impl Cell {
    /// Returns the cell's features, `channels` for each concatenated state; edges from its inputs
    /// have the stride.
    pub(crate) fn forward(
        &self,
        net: &mut Net,
        inputs: &CellInputs,
        channels: usize,
        stride: usize,
    ) -> Features {
        let mut states = inputs.states(net, channels, self.manner).to_vec();
        for (number, node) in self.nodes.iter().enumerate() {
            let sum = net.within(format!("nodes.{number}"), |net| {
                let [left, right] = [("left", node[0]), ("right", node[1])].map(|(name, edge)| {
                    let (edge, state) = edge;
                    let stride = if state < INPUTS { stride } else { 1 };
                    net.within(name, |net| {
                        edge.forward(net, states[state], channels, stride, self.manner)
                    })
                });
                net.add(&[left, right])
            });
            states.push(sum);
        }
        let output: Vec<Features> = self.concatenated.iter().map(|state| states[*state]).collect();
        net.concatenate(&output)
    }
}

/// Returns what is wrong with a cell's indices, if anything: each node reads earlier states, and each
/// state is read or concatenated, once at most.
#[cfg(test)]
pub(crate) fn defect(cell: &Cell) -> Option<String> {
    let states = INPUTS + cell.nodes.len();
    let mut used = vec![false; states];
    for (number, node) in cell.nodes.iter().enumerate() {
        for (edge, state) in node {
            if *state >= INPUTS + number {
                return Some(format!("{edge:?} of node {number} reads state {state}"));
            }
            used[*state] = true;
        }
    }
    let mut concatenated = vec![false; states];
    for state in cell.concatenated {
        if *state >= states || concatenated[*state] {
            return Some(format!("state {state} is concatenated twice or does not exist"));
        }
        (concatenated[*state], used[*state]) = (true, true);
    }
    let unused = used.iter().position(|used| !used);
    unused.map(|state| format!("state {state} is lost"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::cell::Before;

    const CELL: Cell = Cell {
        nodes: &[
            [(Edge::Skip, 0), (Edge::Separable(5), 1)],
            [(Edge::MaxPool, 2), (Edge::Dilated(3), 0)],
        ],
        concatenated: &[2, 3],
        manner: Manner::DARTS,
    };

    #[test]
    fn edges_from_the_inputs_halve_and_those_from_nodes_do_not() {
        for manner in [Manner::NASNET, Manner::DARTS, Manner::SNAS] {
            let mut net = Net::new();
            let images = net.images();
            let inputs = CellInputs { before: Before::Missing, last: images };
            let cell = Cell { manner, nodes: &CELL.nodes[..1], concatenated: &[2] };
            let half = cell.forward(&mut net, &inputs, 4, 2);
            let inputs = inputs.next(half, 2);
            let output =
                net.within("next", |net| Cell { manner, ..CELL }.forward(net, &inputs, 4, 1));
            let blueprint = net.finish(output);
            for (resolution, expected) in [(8, 4), (9, 5), (1, 1)] {
                let shapes = blueprint.shapes(resolution).unwrap();
                assert_eq!(shapes.last().unwrap().size, [expected; 2]);
            }
            assert_eq!(output.channels, 8);
        }
    }

    #[test]
    fn defects_are_found() {
        assert_eq!(defect(&CELL), None);
        let late = Cell { nodes: &[[(Edge::Skip, 0), (Edge::Skip, 2)]], ..CELL };
        assert_eq!(defect(&late).unwrap(), "Skip of node 0 reads state 2");
        let twice = Cell { concatenated: &[2, 2], ..CELL };
        assert!(defect(&twice).unwrap().starts_with("state 2 is concatenated twice"));
        let lost = Cell { concatenated: &[2], ..CELL };
        assert_eq!(defect(&lost).unwrap(), "state 3 is lost");
    }
}
