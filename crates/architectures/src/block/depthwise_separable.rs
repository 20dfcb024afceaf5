use formbench_blueprint::{Activation, Convolution, Features, Net};

/// Returns the features of a depthwise 3×3 and a 1×1 convolution, each with norm and activation;
/// near identity where the shape stays, as there is no shortcut: after dozens of independent layers
/// all images would have the same logits (Zagoruyko and Komodakis 2017, arXiv:1706.00388).
///
/// Source: Howard et al. 2017, arXiv:1704.04861, figure 3 right.
pub(crate) fn depthwise_separable(
    net: &mut Net,
    input: Features,
    channels_out: usize,
    stride: usize,
    activation: Activation,
) -> Features {
    let mut depthwise = Convolution::depthwise(3).stride(stride);
    let mut pointwise = Convolution::new(1, channels_out);
    if stride == 1 && input.channels == channels_out {
        (depthwise, pointwise) = (depthwise.near_identity(), pointwise.near_identity());
    }
    let features = net.conv_norm("depthwise", input, depthwise, activation);
    net.conv_norm("pointwise", features, pointwise, activation)
}
