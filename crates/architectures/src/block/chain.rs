use formbench_blueprint::{Activation::Relu, Convolution, Features, Net};

/// Returns the features of convolutions one behind the other, each with norm and ReLU: `NAME.0`,
/// `NAME.1` and so on.
pub(crate) fn chain(
    net: &mut Net,
    name: &str,
    input: Features,
    convolutions: &[Convolution],
) -> Features {
    net.within(name, |net| {
        convolutions.iter().enumerate().fold(input, |features, (index, convolution)| {
            net.conv_norm(&index.to_string(), features, *convolution, Relu)
        })
    })
}
