//! Residual: two 3×3 convolutions, added to a shortcut.
//!
//! Source: He et al. 2015, arXiv:1512.03385, figure 5 left, shortcut option B. Departure: none.

use formbench_blueprint::{
    Activation::{Identity, Relu},
    Convolution, Features, Net,
};

use super::{Form, Pattern, Place};
use crate::block::projection;

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "residual",
    source: "He et al. 2015, arXiv:1512.03385, figure 5 left",
    multiple: 1,
    form: Form::Stages(block),
};

/// Two convolutions and a shortcut.
pub(crate) fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let Place { channels_out, stride, .. } = *place;
    let branch = net.conv_norm("first", input, Convolution::new(3, channels_out).stride(stride), Relu);
    let branch = net.conv_norm("last", branch, Convolution::new(3, channels_out), Identity);
    let shortcut = projection(net, input, channels_out, stride);
    let sum = net.add(&[branch, shortcut]);
    net.activation(sum, Relu)
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // As plain, 140400, and projections of i·o + 2·o where the stride is 2:
        //   8 → 16: 160; 16 → 32: 576; 32 → 64: 2176.
        let expected = 140_400 + 160 + 576 + 2176;
        assert_eq!(probe::pattern("residual", 4, 8).parameters(), expected);
    }

    #[test]
    fn eight_blocks_of_width_64_are_resnet18() {
        assert_eq!(probe::pattern("residual", 8, 64).parameters(), 11_689_512);
    }
}
