use formbench_blueprint::{Activation::Relu, Convolution, Features, Net, Pool};

/// Returns the first features of ResNet: 7×7 convolution of stride 2, norm, ReLU, 3×3 max-pool of
/// stride 2.
pub(crate) fn stem(net: &mut Net, images: Features, channels: usize) -> Features {
    let features = net.conv_norm("stem", images, Convolution::new(7, channels).stride(2), Relu);
    net.within("stem", |net| net.pool(features, Pool::max(3, 2).padding(1)))
}
