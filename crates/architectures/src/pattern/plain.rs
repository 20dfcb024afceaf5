//! Plain: two 3×3 convolutions, no shortcut.
//!
//! Source: the plain network of He et al. 2015, arXiv:1512.03385, figure 3, after Simonyan and
//! Zisserman 2014, arXiv:1409.1556. Departure: normalised, as in the former.

use formbench_blueprint::{Activation::Relu, Convolution, Features, Net};

use super::{Form, Pattern, Place};

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "plain",
    source: "He et al. 2015, arXiv:1512.03385, figure 3",
    multiple: 1,
    form: Form::Stages(block),
};

/// Two convolutions, near identity where the shape stays: after dozens of independent ones without
/// shortcuts all images would have the same logits (Zagoruyko and Komodakis 2017,
/// arXiv:1706.00388).
fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let first = Convolution::new(3, place.channels_out).stride(place.stride);
    let first = if place.keeps_shape(input) { first.near_identity() } else { first };
    let last = Convolution::new(3, place.channels_out).near_identity();
    let features = net.conv_norm("first", input, first, Relu);
    net.conv_norm("last", features, last, Relu)
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // A k×k convolution from i to o channels with its norm has k²·i·o + 2·o parameters.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks, 9·i·o + 2·o + 9·o² + 2·o:
        //   8 → 8: 1184; 8 → 16: 3520; 16 → 32: 13952; 32 → 64: 55552.
        let expected = 1192 + 65_000 + 1184 + 3520 + 13_952 + 55_552;
        assert_eq!(probe::pattern("plain", 4, 8).parameters(), expected);
    }
}
