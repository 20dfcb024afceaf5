//! Large-kernel depthwise: depthwise 7×7, layer norm, 1×1 to four times the channels, 1×1 back, a
//! factor of each channel, added to the input.
//!
//! Source: ConvNeXt's block, Liu et al. 2022, arXiv:2201.03545, figure 4. Departure: the layer norm
//! and convolution between stages begin a stage's first block, and their window is 3×3, padded, not
//! 2×2, so that odd sizes are rounded up; no layer norm stands behind stem or last stage.

use formbench_blueprint::{Activation::Gelu, Convolution, Features, Net};

use super::{Form, Pattern, Place};

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "large-kernel-depthwise",
    source: "Liu et al. 2022, arXiv:2201.03545, figure 4",
    multiple: 1,
    form: Form::Stages(block),
};

/// Hidden channels for each channel out.
const EXPANSION: usize = 4;
/// Epsilon of the layer norms.
const EPSILON: f64 = 1e-6;

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let channels = place.channels_out;
    let input = if place.keeps_shape(input) { input } else { downsampled(net, input, place) };
    let branch = net.convolution("depthwise", input, Convolution::depthwise(7).bias());
    let branch = net.layer_norm("norm", branch, EPSILON);
    let branch =
        net.convolution("expand", branch, Convolution::new(1, EXPANSION * channels).bias());
    let branch = net.activation(branch, Gelu);
    let branch = net.convolution("project", branch, Convolution::new(1, channels).bias());
    let branch = net.scale("scale", branch);
    net.add(&[branch, input])
}

fn downsampled(net: &mut Net, input: Features, place: &Place) -> Features {
    net.within("downsample", |net| {
        let features = net.layer_norm("norm", input, EPSILON);
        let convolution = Convolution::new(3, place.channels_out).stride(place.stride).bias();
        net.convolution("conv", features, convolution)
    })
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks, with biases and a norm, (49·o + o) + 2·o + (4·o² + 4·o) + (4·o² + o) + o:
        //   8: 400 + 16 + 288 + 264 + 8; 16: 800 + 32 + 1088 + 1040 + 16;
        //   32: 1600 + 64 + 4224 + 4128 + 32; 64: 3200 + 128 + 16640 + 16448 + 64.
        // Before the last three, 2·i + 9·i·o + o:
        //   8 → 16: 16 + 1168; 16 → 32: 32 + 4640; 32 → 64: 64 + 18496.
        let blocks = 976 + 2976 + 10_048 + 36_480;
        let expected = 1192 + 65_000 + blocks + 1184 + 4672 + 18_560;
        assert_eq!(probe::pattern("large-kernel-depthwise", 4, 8).parameters(), expected);
    }
}
