//! Depthwise separable: depthwise 3×3, then 1×1 over the channels, no shortcut.
//!
//! Source: Howard et al. 2017, arXiv:1704.04861, table 1 and figure 3 right. Departure: none.

use formbench_blueprint::{Activation::Relu, Features, Net};

use super::{Form, Pattern, Place};
use crate::block::depthwise_separable;

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "depthwise-separable",
    source: "Howard et al. 2017, arXiv:1704.04861, table 1",
    multiple: 1,
    form: Form::Stages(block),
};

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    depthwise_separable(net, input, place.channels_out, place.stride, Relu)
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks with norms, (9·i + 2·i) + (i·o + 2·o):
        //   8 → 8: 88 + 80; 8 → 16: 88 + 160; 16 → 32: 176 + 576; 32 → 64: 352 + 2176.
        let expected = 1192 + 65_000 + 168 + 248 + 752 + 2528;
        assert_eq!(probe::pattern("depthwise-separable", 4, 8).parameters(), expected);
    }
}
