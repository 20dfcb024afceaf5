//! Depthwise bottleneck with squeeze and excitation: 1×1 to six times the channels, depthwise 3×3, a
//! factor for each channel, linear 1×1 back, added to the input where the shape stays.
//!
//! Source: the MBConv6 of Tan and Le 2019, arXiv:1905.11946, table 1, with its SiLU, a sigmoid as
//! gate, and a quarter of the block's input channels between the excitation's layers, as in the
//! authors' code; squeeze and excitation is Hu et al. 2017, arXiv:1709.01507. Departure: kernels are
//! 3×3 in every block, where a search chose some of 5×5.

use formbench_blueprint::{Activation::Sigmoid, Activation::Silu, Features, Net};

use super::{Form, Pattern, Place};
use crate::block::{InvertedResidual, SqueezeExcite};

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "depthwise-bottleneck-se",
    source: "Tan and Le 2019, arXiv:1905.11946, table 1",
    multiple: 1,
    form: Form::Stages(block),
};

/// Hidden channels for each channel in.
const EXPANSION: usize = 6;
/// Input channels for each channel between the layers of the excitation.
const SQUEEZE: usize = 4;

/// A quarter of the input channels is rounded down, but is 1 at least.
fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let squeezed = (input.channels / SQUEEZE).max(1);
    let excite = SqueezeExcite { squeezed, activation: Silu, gate: Sigmoid };
    InvertedResidual::new(3, input.channels * EXPANSION, place.channels_out, Silu)
        .stride(place.stride)
        .excite(Some(excite))
        .forward(net, input)
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // As the depthwise bottleneck, 96384, and excitations with biases, h = 6·i and q = i / 4,
        // (h·q + q) + (q·h + h):
        //   twice i = 8: 98 + 144; i = 16: 388 + 480; i = 32: 1544 + 1728.
        let expected = 96_384 + 2 * 242 + 868 + 3272;
        assert_eq!(probe::pattern("depthwise-bottleneck-se", 4, 8).parameters(), expected);
    }
}
