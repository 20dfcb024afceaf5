//! Channel shuffle: half of the channels pass, the others go through 1×1, depthwise 3×3, 1×1; then
//! the halves are interleaved.
//!
//! Source: Ma et al. 2018, arXiv:1807.11164, figure 3c and 3d. Departure: none.

use formbench_blueprint::{Features, Net};

use super::{Form, Pattern, Place};
use crate::block::shuffle_unit;

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "channel-shuffle",
    source: "Ma et al. 2018, arXiv:1807.11164, figure 3",
    multiple: 2,
    form: Form::Stages(block),
};

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    shuffle_unit(net, input, place.channels_out, place.stride)
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // A 1×1 convolution from i to o channels with its norm has i·o + 2·o parameters, a depthwise
        // 3×3 one of i channels 11·i.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // First block with h = 4, (h·h + 2·h) + 11·h + (h·h + 2·h): 24 + 44 + 24.
        // Others with h = o / 2, shortcut (11·i + i·h + 2·h) + (i·h + 2·h) + 11·h + (h·h + 2·h):
        //   8 → 16: 168 + 80 + 88 + 80; 16 → 32: 464 + 288 + 176 + 288;
        //   32 → 64: 1440 + 1088 + 352 + 1088.
        let expected = 1192 + 65_000 + 92 + 416 + 1216 + 3968;
        assert_eq!(probe::pattern("channel-shuffle", 4, 8).parameters(), expected);
    }
}
