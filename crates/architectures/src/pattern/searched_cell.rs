//! Searched cell: four sums of separable and dilated convolutions and skips, side by side, of the
//! outputs of the two blocks before.
//!
//! Source: Liu et al. 2018, arXiv:1806.09055, figure 4, the normal cell of DARTS (second order).
//! Departure: a block of stride 2 is this cell too, where DARTS has a reduction cell of its own: the
//! operations on the two outputs have stride 2, so that skips are factorized reductions. These take
//! odd heights and channels, which DARTS's do not.

use formbench_blueprint::{Features, Net};

use super::{Form, Pattern, Place};
use crate::block::cell::{Before, CellInputs};
use crate::network::darts;

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "searched-cell",
    source: "Liu et al. 2018, arXiv:1806.09055, figure 4",
    multiple: NODES,
    form: Form::Stages(block),
};

/// States that are concatenated, a quarter of the channels each.
const NODES: usize = 4;

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let before = Before::of(place.before, place.stride_before);
    let inputs = CellInputs { before, last: input };
    darts::V2.normal.forward(net, &inputs, place.channels_out / NODES, place.stride)
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // A projection from i to c channels, factorized or not, has i·c + 2·c parameters; a separable
        // convolution 2·(9·c + c² + 2·c), a dilated one 9·c + c² + 2·c. A cell has two projections,
        // five separable convolutions, a dilated one and two skips, which are projections from c to c
        // where the stride is 2: 11·c² + 121·c, or 13·c² + 125·c, and the projections of its inputs.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks of c = 2, 4, 8, 16, from what the block before took and from what it gave:
        //   stem and stem: (16 + 4) + (16 + 4) + 44 + 242;
        //   stem and 8:    (32 + 8) + (32 + 8) + 208 + 500;
        //   8 and 16:      (64 + 16) + (128 + 16) + 832 + 1000;
        //   16 and 32:     (256 + 32) + (512 + 32) + 3328 + 2000.
        let expected = 1192 + 65_000 + 326 + 788 + 2056 + 6160;
        assert_eq!(probe::pattern("searched-cell", 4, 8).parameters(), expected);
    }

    #[test]
    fn heights_are_divided_by_the_stride_and_rounded_up() {
        // 97 pixels: 49 behind the stem's convolution, 25 behind its pool, then 13, 7 and 4.
        let network = probe::pattern("searched-cell", 8, 12);
        let shapes = network.shapes(97).unwrap();
        let heights: Vec<usize> = ["0.1", "1.0", "1.1", "2.0", "2.1", "3.1"]
            .map(|block| format!("stages.{block}.concatenate"))
            .map(|name| network.steps().iter().position(|step| step.name == name).unwrap())
            .map(|step| shapes[step].size[0])
            .to_vec();
        assert_eq!(heights, [25, 13, 13, 7, 7, 4]);
        assert!((1..=66).all(|resolution| network.shapes(resolution).is_ok()));
    }
}
