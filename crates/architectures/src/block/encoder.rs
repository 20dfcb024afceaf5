use formbench_blueprint::{Activation::Gelu, Features, Net};

/// Epsilon of the layer norms.
const EPSILON: f64 = 1e-6;
/// Hidden channels for each channel.
const EXPANSION: usize = 4;

/// An encoder block of a vision transformer on tokens: attention, then two linear layers with GELU between, each behind a
/// layer norm and added to what it read.
///
/// Source: Dosovitskiy et al. 2020, arXiv:2010.11929, figure 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encoder {
    /// Parts that the channels are cut into.
    pub(crate) heads: usize,
}

impl Encoder {
    /// Adds the block.
    pub(crate) fn forward(self, net: &mut Net, input: Features) -> Features {
        let channels = input.channels;
        let branch = net.within("attention", |net| {
            let normal = net.layer_norm("norm", input, EPSILON);
            let projected = net.linear("project", normal, 3 * channels);
            let means = net.attention(projected, self.heads);
            net.linear("join", means, channels)
        });
        let input = net.add(&[branch, input]);
        let branch = net.within("mlp", |net| {
            let normal = net.layer_norm("norm", input, EPSILON);
            let hidden = net.linear("expand", normal, EXPANSION * channels);
            let hidden = net.activation(hidden, Gelu);
            net.linear("contract", hidden, channels)
        });
        net.add(&[branch, input])
    }
}
