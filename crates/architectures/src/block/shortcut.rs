use formbench_blueprint::{Activation::Identity, Convolution, Features, Net};

/// Returns the input as it is if a block keeps its shape, else behind a strided 1×1 convolution
/// with norm, `shortcut`.
pub(crate) fn projection(
    net: &mut Net,
    input: Features,
    channels_out: usize,
    stride: usize,
) -> Features {
    if stride == 1 && input.channels == channels_out {
        return input;
    }
    net.conv_norm("shortcut", input, Convolution::new(1, channels_out).stride(stride), Identity)
}
