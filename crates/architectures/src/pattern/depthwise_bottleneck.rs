//! Depthwise bottleneck: 1×1 to six times the channels, depthwise 3×3, linear 1×1 back, added to
//! the input where the shape stays.
//!
//! Source: Sandler et al. 2018, arXiv:1801.04381, table 1 and figure 4d. Departure: none.

use formbench_blueprint::{Activation::Relu6, Features, Net};

use super::{Form, Pattern, Place};
use crate::block::InvertedResidual;

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "depthwise-bottleneck",
    source: "Sandler et al. 2018, arXiv:1801.04381, table 1",
    multiple: 1,
    form: Form::Stages(block),
};

/// Hidden channels for each channel in.
const EXPANSION: usize = 6;

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let hidden = input.channels * EXPANSION;
    InvertedResidual::new(3, hidden, place.channels_out, Relu6)
        .stride(place.stride)
        .forward(net, input)
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // A k×k convolution from i to o channels with its norm has k²·i·o + 2·o parameters.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks with h = 6·i, (i·h + 2·h) + (9·h + 2·h) + (h·o + 2·o):
        //   8 → 8: 480 + 528 + 400; 8 → 16: 480 + 528 + 800;
        //   16 → 32: 1728 + 1056 + 3136; 32 → 64: 6528 + 2112 + 12416.
        let expected = 1192 + 65_000 + 1408 + 1808 + 5920 + 21_056;
        assert_eq!(probe::pattern("depthwise-bottleneck", 4, 8).parameters(), expected);
    }
}
