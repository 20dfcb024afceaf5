use formbench_blueprint::{Activation::Relu, Convolution, Features, Net};

/// Returns the features of a convolution with bias and ReLU: the layers of networks older than
/// batch normalisation.
pub(crate) fn conv_relu(
    net: &mut Net,
    name: &str,
    input: Features,
    convolution: Convolution,
) -> Features {
    let features = net.convolution(name, input, convolution.bias());
    net.activation(features, Relu)
}
