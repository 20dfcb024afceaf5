//! NASNet-A: stages of normal cells, a reduction cell between them.
//!
//! Source: Zoph et al. 2017, arXiv:1707.07012, figures 2 and 4 and appendix A; how cells are joined
//! from the authors' code. Departure: no auxiliary head; windows of stride 2 are padded alike on all
//! sides, where the authors pad an even height or width at its end only.

use formbench_blueprint::{
    Activation::{Identity, Relu},
    Blueprint, Convolution, Net,
};
use formbench_protocol::{CLASSES, Origin::Searched};

use super::{Family, Variant};
use crate::block::cell::{
    Before, Cell, CellInputs,
    Edge::{AveragePool, MaxPool, Separable, Skip},
    Manner,
};

/// Epsilon of the batch norms.
const EPSILON: f64 = 1e-3;

/// Cells, how many of them there are, and how wide.
pub(crate) struct Config {
    /// Channels of the stem's convolution.
    pub(crate) stem: usize,
    /// Channels of a node in the first stage; each later one has twice as many.
    pub(crate) channels: usize,
    /// Normal cells of each stage.
    pub(crate) cells: [usize; 3],
    /// Whether the cell behind a reduction reads, as the cell before the last, not the reduction's
    /// last input, but the one before it.
    pub(crate) skip_reduction_input: bool,
    /// Keeps height and width.
    pub(crate) normal: Cell,
    /// Halves them.
    pub(crate) reduction: Cell,
}

const NORMAL: Cell = Cell {
    nodes: &[
        [(Separable(5), 1), (Separable(3), 0)],
        [(Separable(5), 0), (Separable(3), 0)],
        [(AveragePool, 1), (Skip, 0)],
        [(AveragePool, 0), (AveragePool, 0)],
        [(Separable(3), 1), (Skip, 1)],
    ],
    concatenated: &[0, 2, 3, 4, 5, 6],
    manner: Manner::NASNET,
};

const REDUCTION: Cell = Cell {
    nodes: &[
        [(Separable(5), 1), (Separable(7), 0)],
        [(MaxPool, 1), (Separable(7), 0)],
        [(AveragePool, 1), (Separable(5), 0)],
        [(AveragePool, 2), (Skip, 3)],
        [(Separable(3), 2), (MaxPool, 1)],
    ],
    concatenated: &[3, 4, 5, 6],
    manner: Manner::NASNET,
};

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Zoph et al. 2017, arXiv:1707.07012, figure 4",
    origin: Searched,
    network,
    variants: &[
        row("nasnet-a-large", 331, 96, 168, 6, true),
        row("nasnet-a-mobile", 224, 32, 44, 4, false),
    ],
};

const fn row(
    name: &'static str,
    resolution: u32,
    stem: usize,
    channels: usize,
    cells: usize,
    skip_reduction_input: bool,
) -> Variant<Config> {
    let (normal, reduction) = (NORMAL, REDUCTION);
    let cells = [cells; 3];
    let config = Config { stem, channels, cells, skip_reduction_input, normal, reduction };
    Variant { name, resolution, config }
}

/// Returns the network of a row: a convolution, two reductions of a quarter and half of the channels,
/// and three stages, the later two begun by a reduction.
pub(crate) fn network(config: &Config) -> Blueprint {
    let mut net = Net::new().with_epsilon(EPSILON);
    let images = net.images();
    let convolution = Convolution::new(3, config.stem).stride(2).padding(0);
    let last = net.conv_norm("stem", images, convolution, Identity);
    let mut inputs = CellInputs { before: Before::Missing, last };
    for (index, divisor) in [4, 2].into_iter().enumerate() {
        let (name, channels) = (format!("stem.{index}"), config.channels / divisor);
        let reduce = |net: &mut Net| config.reduction.forward(net, &inputs, channels, 2);
        let output = net.within(name, reduce);
        inputs = inputs.next(output, 2);
    }
    for (stage, cells) in config.cells.into_iter().enumerate() {
        inputs = net.within(format!("stages.{stage}"), |net| {
            let channels = config.channels << stage;
            let inputs = if stage == 0 { inputs } else { reduced(net, &inputs, channels, config) };
            (0..cells).fold(inputs, |inputs, number| {
                let cell = |net: &mut Net| config.normal.forward(net, &inputs, channels, 1);
                let output = net.within(number, cell);
                inputs.next(output, 1)
            })
        });
    }
    let head = net.within("head", |net| net.activation(inputs.last, Relu));
    let logits = net.classifier("classifier", head, CLASSES);
    net.finish(logits)
}

/// Returns the inputs of the cell behind a reduction.
fn reduced(net: &mut Net, inputs: &CellInputs, channels: usize, config: &Config) -> CellInputs {
    let reduce = |net: &mut Net| config.reduction.forward(net, inputs, channels, 2);
    let output = net.within("reduction", reduce);
    match (config.skip_reduction_input, inputs.before) {
        (true, Before::Equal(before)) => {
            CellInputs { before: Before::Larger(before), last: output }
        }
        _ => inputs.next(output, 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::cell::defect;

    #[test]
    fn cells_are_well_formed() {
        assert_eq!(defect(&NORMAL), None);
        assert_eq!(defect(&REDUCTION), None);
    }

    #[test]
    fn images_of_any_size_are_taken() {
        for Variant { name, config, .. } in FAMILY.variants {
            let network = network(config);
            for resolution in 3..=66 {
                assert!(network.shapes(resolution).is_ok(), "{name} at {resolution}");
            }
        }
    }
}
