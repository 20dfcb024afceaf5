use formbench_blueprint::{Convolution, Features, Net};

/// Returns the features of a convolution of each channel and a 1×1 convolution of all, with norm
/// behind the second only: `depthwise`, `pointwise`, `norm`.
///
/// Source: Chollet 2016, arXiv:1610.02357, section 3.
pub(crate) fn separable(
    net: &mut Net,
    input: Features,
    depthwise: Convolution,
    channels_out: usize,
) -> Features {
    let spatial = net.convolution("depthwise", input, depthwise);
    let mixed = net.convolution("pointwise", spatial, Convolution::new(1, channels_out));
    net.batch_norm("norm", mixed)
}
