//! Patches, equal blocks of tokens, classifier: what patterns have in common that see an image as patches.
//!
//! Source: Dosovitskiy et al. 2020, arXiv:2010.11929, section 3.1.

use formbench_blueprint::{Blueprint, Convolution, Features, Net};
use formbench_protocol::CLASSES;

/// Height and width of a patch.
const PATCH: usize = 16;
/// Epsilon of the last layer norm.
const EPSILON: f64 = 1e-6;

/// Returns a network of so many equal blocks, all of the same channels.
pub(crate) fn patches(
    blocks: u32,
    channels: usize,
    block: impl Fn(&mut Net, Features) -> Features,
) -> Blueprint {
    let mut net = Net::new();
    let images = net.images();
    let patches = net.convolution("patches", images, Convolution::patches(PATCH, channels));
    let mut tokens = net.tokens(patches);
    for index in 0..blocks {
        tokens = net.within(format!("blocks.{index}"), |net| block(net, tokens));
    }
    let tokens = net.layer_norm("norm", tokens, EPSILON);
    let logits = net.classifier("classifier", tokens, CLASSES);
    net.finish(logits)
}
