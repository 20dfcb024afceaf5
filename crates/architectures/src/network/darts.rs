//! DARTS and its descendants: one network, whose normal and reduction cell each search found.
//!
//! Source: Liu et al. 2018, arXiv:1806.09055, section 3.3 and figures 4 and 5 (darts-v2); Xu et al.
//! 2019, arXiv:1907.05737 (pc-darts); Chen et al. 2019, arXiv:1904.12760 (p-darts); Xie et al. 2018,
//! arXiv:1812.09926 (snas-mild). From the authors' code are the cells of darts-v1, and the 50 channels
//! and normed pools of snas-mild. Departure: no auxiliary head; at odd heights and widths, which the
//! authors' factorized reduction does not take, a pixel of zeros is behind the last.

use formbench_blueprint::{
    Activation::{Identity, Relu},
    Blueprint, Convolution, Net,
};
use formbench_protocol::{CLASSES, Origin::Searched};

use super::{Family, Variant};
use crate::block::cell::{
    Before, Cell, CellInputs,
    Edge::{AveragePool, Dilated, MaxPool, Separable, Skip},
    Manner, Node,
};

/// Number of cells.
const CELLS: usize = 14;

/// What a search found.
pub(crate) struct Genotype {
    /// Keeps height and width.
    pub(crate) normal: Cell,
    /// Halves them.
    pub(crate) reduction: Cell,
}

/// Channels of a node in the first cells, and the cells.
pub(crate) struct Config(usize, Genotype);

const V1: Genotype = Genotype {
    normal: cell(&[
        [(Separable(3), 1), (Separable(3), 0)],
        [(Skip, 0), (Separable(3), 1)],
        [(Skip, 0), (Separable(3), 1)],
        [(Separable(3), 0), (Skip, 2)],
    ]),
    reduction: cell(&[
        [(MaxPool, 0), (MaxPool, 1)],
        [(Skip, 2), (MaxPool, 0)],
        [(MaxPool, 0), (Skip, 2)],
        [(Skip, 2), (AveragePool, 0)],
    ]),
};

/// DARTS, second order.
pub(crate) const V2: Genotype = Genotype {
    normal: cell(&[
        [(Separable(3), 0), (Separable(3), 1)],
        [(Separable(3), 0), (Separable(3), 1)],
        [(Separable(3), 1), (Skip, 0)],
        [(Skip, 0), (Dilated(3), 2)],
    ]),
    reduction: cell(&[
        [(MaxPool, 0), (MaxPool, 1)],
        [(Skip, 2), (MaxPool, 1)],
        [(MaxPool, 0), (Skip, 2)],
        [(Skip, 2), (MaxPool, 1)],
    ]),
};

const PC: Genotype = Genotype {
    normal: cell(&[
        [(Skip, 1), (Separable(3), 0)],
        [(Separable(3), 0), (Skip, 1)],
        [(Separable(3), 1), (Separable(3), 3)],
        [(Separable(3), 1), (Dilated(5), 4)],
    ]),
    reduction: cell(&[
        [(Separable(3), 0), (Skip, 1)],
        [(Dilated(5), 2), (MaxPool, 1)],
        [(Separable(3), 2), (Separable(3), 1)],
        [(Separable(5), 0), (Separable(3), 3)],
    ]),
};

const P: Genotype = Genotype {
    normal: cell(&[
        [(Skip, 0), (Dilated(3), 1)],
        [(Skip, 0), (Separable(3), 1)],
        [(Separable(3), 1), (Separable(3), 3)],
        [(Separable(3), 0), (Dilated(5), 4)],
    ]),
    reduction: cell(&[
        [(AveragePool, 0), (Separable(5), 1)],
        [(Separable(3), 0), (Dilated(5), 2)],
        [(MaxPool, 0), (Dilated(3), 1)],
        [(Dilated(3), 1), (Dilated(5), 3)],
    ]),
};

const SNAS_MILD: Genotype = Genotype {
    normal: snas(&[
        [(Separable(3), 0), (Separable(3), 1)],
        [(Skip, 0), (Dilated(3), 1)],
        [(Skip, 0), (Skip, 1)],
        [(Skip, 0), (Separable(3), 1)],
    ]),
    reduction: snas(&[
        [(MaxPool, 0), (MaxPool, 1)],
        [(MaxPool, 1), (Skip, 2)],
        [(MaxPool, 1), (Skip, 2)],
        [(MaxPool, 0), (Dilated(5), 2)],
    ]),
};

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Liu et al. 2018, arXiv:1806.09055, figures 4 and 5 (darts-v2), \
             the authors' code (darts-v1); pc-darts: Xu et al. 2019, \
             arXiv:1907.05737; p-darts: Chen et al. 2019, arXiv:1904.12760; snas-mild: Xie et al. \
             2018, arXiv:1812.09926",
    origin: Searched,
    network,
    variants: &[
        row("darts-v1", Config(48, V1)),
        row("darts-v2", Config(48, V2)),
        row("pc-darts", Config(48, PC)),
        row("p-darts", Config(48, P)),
        row("snas-mild", Config(50, SNAS_MILD)),
    ],
};

const fn row(name: &'static str, config: Config) -> Variant<Config> {
    Variant { name, resolution: 224, config }
}

/// Returns a cell of the search space: its four nodes are its output.
const fn cell(nodes: &'static [Node]) -> Cell {
    Cell { nodes, concatenated: &[2, 3, 4, 5], manner: Manner::DARTS }
}

const fn snas(nodes: &'static [Node]) -> Cell {
    Cell { manner: Manner::SNAS, ..cell(nodes) }
}

/// Returns the ImageNet network of any genotype: each reduction cell halves height and width and
/// doubles the channels.
fn network(Config(channels, genotype): &Config) -> Blueprint {
    let mut net = Net::new();
    let images = net.images();
    let convolution = |channels| Convolution::new(3, channels).stride(2);
    let first = net.conv_norm("stem.0", images, convolution(channels / 2), Relu);
    let before = net.conv_norm("stem.1", first, convolution(*channels), Identity);
    let active = net.within("stem.1", |net| net.activation(before, Relu));
    let last = net.conv_norm("stem.2", active, convolution(*channels), Identity);
    let mut inputs = CellInputs { before: Before::Larger(before), last };
    let mut channels = *channels;
    for number in 0..CELLS {
        let (cell, stride) = if number == CELLS / 3 || number == 2 * CELLS / 3 { (genotype.reduction, 2) } else { (genotype.normal, 1) };
        channels *= stride;
        let name = format!("cells.{number}");
        let output = net.within(name, |net| cell.forward(net, &inputs, channels, stride));
        inputs = inputs.next(output, stride);
    }
    let logits = net.classifier("classifier", inputs.last, CLASSES);
    net.finish(logits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::cell::defect;

    #[test]
    fn genotypes_are_well_formed() {
        for Variant { name, config: Config(_, genotype), .. } in FAMILY.variants {
            assert_eq!(defect(&genotype.normal), None, "{name}");
            assert_eq!(defect(&genotype.reduction), None, "{name}");
            assert_eq!(genotype.normal.nodes.len(), 4, "{name}");
            assert_eq!(genotype.reduction.nodes.len(), 4, "{name}");
        }
    }

    #[test]
    fn images_of_any_size_are_taken() {
        for Variant { name, config, .. } in FAMILY.variants {
            let network = network(config);
            for resolution in 1..=66 {
                assert!(network.shapes(resolution).is_ok(), "{name} at {resolution}");
            }
        }
    }
}
