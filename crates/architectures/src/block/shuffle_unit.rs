use formbench_blueprint::{
    Activation::{Identity, Relu},
    Convolution, Features, Net,
};

/// Parts that are interleaved.
const HALVES: usize = 2;

/// Returns the features of two interleaved halves: one through 1×1, depthwise 3×3 and 1×1, one as
/// it comes; where the shape changes, both of the whole input, the second through depthwise 3×3 and
/// 1×1.
///
/// Source: Ma et al. 2018, arXiv:1807.11164, figures 3c and 3d.
pub(crate) fn shuffle_unit(
    net: &mut Net,
    input: Features,
    channels_out: usize,
    stride: usize,
) -> Features {
    let half = channels_out / HALVES;
    let (passed, worked) = if stride == 1 && input.channels == channels_out {
        (net.channels(input, 0, half), net.channels(input, half, input.channels))
    } else {
        (shortcut(net, input, half, stride), input)
    };
    let branch = net.conv_norm("reduce", worked, Convolution::new(1, half), Relu);
    let depthwise = Convolution::depthwise(3).stride(stride);
    let branch = net.conv_norm("depthwise", branch, depthwise, Identity);
    let branch = net.conv_norm("expand", branch, Convolution::new(1, half), Relu);
    let both = net.concatenate(&[passed, branch]);
    net.shuffle(both, HALVES)
}

fn shortcut(net: &mut Net, input: Features, channels: usize, stride: usize) -> Features {
    net.within("shortcut", |net| {
        let depthwise = Convolution::depthwise(3).stride(stride);
        let features = net.conv_norm("depthwise", input, depthwise, Identity);
        net.conv_norm("pointwise", features, Convolution::new(1, channels), Relu)
    })
}
