//! Skeleton: one 3×3 convolution. Source: none. Departure: none.

use formbench_blueprint::{Activation::Relu, Convolution, Features, Net};

use super::{Form, Pattern, Place};

/// The registry's row.
pub(crate) const PATTERN: Pattern =
    Pattern { name: "skeleton", source: "nobody 2026", multiple: 1, form: Form::Stages(block) };

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let convolution = Convolution::new(3, place.channels_out).stride(place.stride);
    net.conv_norm("only", input, convolution, Relu)
}
