//! Fused bottleneck: 3×3 to four times the channels, linear 1×1 back, added to the input where the
//! shape stays: an inverted residual whose first two convolutions are one.
//!
//! Source: the Fused-MBConv4 of Tan and Le 2021, arXiv:2104.00298, figure 2 and table 4, there
//! without squeeze and excitation. Departure: none.

use formbench_blueprint::{
    Activation::{Identity, Silu},
    Convolution, Features, Net,
};

use super::{Form, Pattern, Place};

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "fused-bottleneck",
    source: "Tan and Le 2021, arXiv:2104.00298, figure 2",
    multiple: 1,
    form: Form::Stages(block),
};

/// Hidden channels for each channel in.
const EXPANSION: usize = 4;

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let expand = Convolution::new(3, EXPANSION * input.channels).stride(place.stride);
    let branch = net.conv_norm("expand", input, expand, Silu);
    let project = Convolution::new(1, place.channels_out);
    let branch = net.conv_norm("project", branch, project, Identity);
    if place.keeps_shape(input) { net.add(&[branch, input]) } else { branch }
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // A k×k convolution from i to o channels with its norm has k²·i·o + 2·o parameters.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks with h = 4·i, (9·i·h + 2·h) + (h·o + 2·o):
        //   8 → 8: 2368 + 272; 8 → 16: 2368 + 544;
        //   16 → 32: 9344 + 2112; 32 → 64: 37120 + 8320.
        let expected = 1192 + 65_000 + 2640 + 2912 + 11_456 + 45_440;
        assert_eq!(probe::pattern("fused-bottleneck", 4, 8).parameters(), expected);
    }
}
