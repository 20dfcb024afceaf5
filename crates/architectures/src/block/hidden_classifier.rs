use formbench_blueprint::{Activation::Relu, Features, Net};
use formbench_protocol::CLASSES;

/// Length of both hidden vectors.
const HIDDEN: usize = 4096;

/// Returns logits from `size` × `size` pixels, behind two hidden layers; larger images are averaged
/// to this size, as torchvision does.
///
/// Source: Krizhevsky et al. 2012, the last three layers of figure 2; its dropouts do nothing in
/// inference.
pub(crate) fn hidden_classifier(net: &mut Net, input: Features, size: usize) -> Features {
    let pixels = net.adaptive_average(input, size);
    let vectors = net.flatten(pixels, size);
    net.within("classifier", |net| {
        let first = net.linear("0", vectors, HIDDEN);
        let first = net.activation(first, Relu);
        let second = net.linear("1", first, HIDDEN);
        let second = net.activation(second, Relu);
        net.linear("2", second, CLASSES)
    })
}
