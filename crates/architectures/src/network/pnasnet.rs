//! PNASNet-5: one cell in NASNet's network, as a reduction where NASNet has a reduction cell.
//!
//! Source: Liu et al. 2017, arXiv:1712.00559, figure 1 and section 5; how cells are joined from the
//! authors' code. Departure: as NASNet.

use formbench_protocol::Origin::Searched;

use super::nasnet::{self, Config};
use super::{Family, Variant};
use crate::block::cell::{
    Cell,
    Edge::{MaxPool, Separable, Skip},
    Manner,
};

const CELL: Cell = Cell {
    nodes: &[
        [(Separable(5), 0), (MaxPool, 0)],
        [(Separable(7), 1), (MaxPool, 1)],
        [(Separable(5), 1), (Separable(3), 1)],
        [(Separable(3), 4), (MaxPool, 1)],
        [(Separable(3), 0), (Skip, 1)],
    ],
    concatenated: &[2, 3, 4, 5, 6],
    manner: Manner::NASNET,
};

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Liu et al. 2017, arXiv:1712.00559, figure 1",
    origin: Searched,
    network: nasnet::network,
    variants: &[Variant { name: "pnasnet-5-large", resolution: 331, config: LARGE }],
};

/// Four cells a stage; the reductions of the later two are among them.
const LARGE: Config = Config {
    stem: 96,
    channels: 216,
    cells: [4, 3, 3],
    skip_reduction_input: false,
    normal: CELL,
    reduction: CELL,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::cell::defect;

    #[test]
    fn the_cell_is_well_formed() {
        assert_eq!(defect(&CELL), None);
    }

    #[test]
    fn images_of_any_size_are_taken() {
        let network = nasnet::network(&LARGE);
        assert!((3..=66).all(|resolution| network.shapes(resolution).is_ok()));
    }
}
