//! Bottleneck: 1×1 to a quarter of the channels, 3×3, 1×1 back, added to a shortcut.
//!
//! Source: He et al. 2015, arXiv:1512.03385, figure 5 right. Departure: the stride is on the 3×3
//! convolution, as torchvision and Goyal et al. 2017, arXiv:1706.02677 have it ("v1.5").

use formbench_blueprint::{
    Activation::{Identity, Relu},
    Convolution, Features, Net,
};

use super::{Form, Pattern, Place};
use crate::block::projection;

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "bottleneck",
    source: "He et al. 2015, arXiv:1512.03385, figure 5 right",
    multiple: 1,
    form: Form::Stages(block),
};

/// Output channels for each channel of the 3×3 convolution.
const REDUCTION: usize = 4;

/// Three convolutions and a shortcut; a quarter of the output channels is rounded down, but is 1 at
/// least.
fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let inner = (place.channels_out / REDUCTION).max(1);
    with_inner(net, input, place, Convolution::new(3, inner), inner)
}

/// Adds the block with a 3×3 convolution of its own between `inner` channels.
pub(crate) fn with_inner(
    net: &mut Net,
    input: Features,
    place: &Place,
    spatial: Convolution,
    inner: usize,
) -> Features {
    let Place { channels_out, stride, .. } = *place;
    let branch = net.conv_norm("reduce", input, Convolution::new(1, inner), Relu);
    let branch = net.conv_norm("spatial", branch, spatial.stride(stride), Relu);
    let branch = net.conv_norm("expand", branch, Convolution::new(1, channels_out), Identity);
    let shortcut = projection(net, input, channels_out, stride);
    let sum = net.add(&[branch, shortcut]);
    net.activation(sum, Relu)
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // A k×k convolution from i to o channels with its norm has k²·i·o + 2·o parameters.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks with m = o / 4, (i·m + 2·m) + (9·m² + 2·m) + (m·o + 2·o) + shortcut (i·o + 2·o):
        //   8 → 8: 20 + 40 + 32; 8 → 16: 40 + 152 + 96 + 160;
        //   16 → 32: 144 + 592 + 320 + 576; 32 → 64: 544 + 2336 + 1152 + 2176.
        let expected = 1192 + 65_000 + 92 + 448 + 1632 + 6208;
        assert_eq!(probe::pattern("bottleneck", 4, 8).parameters(), expected);
    }

    #[test]
    fn the_inner_width_is_one_channel_at_least() {
        // Width 1, so that o = 1, 2, 4, 8 and m = 1, 1, 1, 2.
        // Stem: 147 + 2. Classifier: 8·1000 + 1000.
        //   1 → 1: 3 + 11 + 3; 1 → 2: 3 + 11 + 6 + 6;
        //   2 → 4: 4 + 11 + 12 + 16; 4 → 8: 12 + 40 + 32 + 48.
        let expected = 149 + 9000 + 17 + 26 + 43 + 132;
        assert_eq!(probe::pattern("bottleneck", 4, 1).parameters(), expected);
    }
}
