//! Ghost: an inverted residual whose 1×1 convolutions compute half of their channels, and cheap
//! depthwise 3×3 ones of these the other half.
//!
//! Source: Han et al. 2019, arXiv:1911.11907, figures 2b and 3. Departure: six times the channels in
//! every block, as in the depthwise bottleneck and in GhostNet's last stage, where its table 1 has
//! one to six; no squeeze and excitation, which some of its blocks have.

use formbench_blueprint::{Features, Net};

use super::{Form, Pattern, Place};
use crate::block::GhostBottleneck;

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "ghost",
    source: "Han et al. 2019, arXiv:1911.11907, figure 3",
    multiple: 1,
    form: Form::Stages(block),
};

/// Hidden channels for each channel in.
const EXPANSION: usize = 6;

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let Place { channels_out, stride, .. } = *place;
    let hidden = EXPANSION * input.channels;
    GhostBottleneck { kernel: 3, hidden, channels_out, stride, excite: None }.forward(net, input)
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // A 1×1 convolution from i to o channels with its norm has i·o + 2·o parameters, a depthwise
        // 3×3 one of i channels 11·i; so a ghost module from i to o = 2·p has i·p + 13·p.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks with h = 6·i, module (i, h) + module (h, o), and where the stride is 2 also
        // 11·h + shortcut (11·i + i·o + 2·o):
        //   8 → 8: 504 + 244; 8 → 16: 504 + 488 + 528 + 248;
        //   16 → 32: 1392 + 1744 + 1056 + 752; 32 → 64: 4320 + 6560 + 2112 + 2528.
        let expected = 1192 + 65_000 + 748 + 1768 + 4944 + 15_520;
        assert_eq!(probe::pattern("ghost", 4, 8).parameters(), expected);
    }

    #[test]
    fn of_an_odd_number_the_last_channel_is_left_out() {
        // Width 1, so that o = 1, 2, 4, 8. Stem: 147 + 2. Classifier: 8·1000 + 1000.
        //   1 → 1: h = 6, 14·3 + 19·1;
        //   1 → 2: 14·3 + 19·1 + 66 + (11 + 2 + 4);
        //   2 → 4: h = 12, 15·6 + 25·2 + 132 + (22 + 8 + 8);
        //   4 → 8: h = 24, 17·12 + 37·4 + 264 + (44 + 32 + 16).
        let expected = 149 + 9000 + 61 + 144 + 310 + 708;
        assert_eq!(probe::pattern("ghost", 4, 1).parameters(), expected);
    }
}
