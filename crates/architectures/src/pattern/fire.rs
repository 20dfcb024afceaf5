//! Fire: 1×1 to an eighth of the channels, then 1×1 and 3×3 side by side, half of the channels each.
//!
//! Source: Iandola et al. 2016, arXiv:1602.07360, figure 1 and table 1, whose squeeze ratio this is.
//! Departure: normalised, as networks are since Ioffe and Szegedy 2015, arXiv:1502.03167. A stage
//! begins with the 3×3 max-pool of stride 2 that SqueezeNet has between some modules, here padded,
//! so that odd sizes are rounded up.

use formbench_blueprint::{Activation::Relu, Convolution, Features, Net, Pool};

use super::{Form, Pattern, Place};

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "fire",
    source: "Iandola et al. 2016, arXiv:1602.07360, figure 1",
    multiple: 2,
    form: Form::Stages(block),
};

/// Output channels for each channel of the squeeze layer.
const SQUEEZE: usize = 8;

/// Three convolutions, near identity for the reason that [`super::plain`] has; an eighth of the
/// channels is rounded to the nearest, halves up, but is 1 at least.
fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let Place { channels_out, stride, .. } = *place;
    let input = match stride {
        1 => input,
        _ => net.pool(input, Pool::max(3, stride).padding(1)),
    };
    let convolution = |kernel, channels| Convolution::new(kernel, channels).near_identity();
    let squeezed = ((channels_out + SQUEEZE / 2) / SQUEEZE).max(1);
    let squeezed = net.conv_norm("squeeze", input, convolution(1, squeezed), Relu);
    let points = net.conv_norm("expand-1x1", squeezed, convolution(1, channels_out / 2), Relu);
    let spatial = net.conv_norm("expand-3x3", squeezed, convolution(3, channels_out / 2), Relu);
    net.concatenate(&[points, spatial])
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // A k×k convolution from i to o channels with its norm has k²·i·o + 2·o parameters.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks with s = o / 8 and e = o / 2, (i·s + 2·s) + (s·e + 2·e) + (9·s·e + 2·e):
        //   8 → 8: 10 + 12 + 44; 8 → 16: 20 + 32 + 160;
        //   16 → 32: 72 + 96 + 608; 32 → 64: 272 + 320 + 2368.
        let expected = 1192 + 65_000 + 66 + 212 + 776 + 2960;
        assert_eq!(probe::pattern("fire", 4, 8).parameters(), expected);
    }
}
