//! DeiT: a vision transformer on patches of 16×16 pixels, without its distillation token.
//!
//! Source: Touvron et al. 2021, arXiv:2012.12877, table 1; blocks of Dosovitskiy et al. 2020,
//! arXiv:2010.11929. It takes images of 224 pixels alone: a learned position belongs to each patch.

use formbench_blueprint::{Blueprint, Convolution, Net};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};
use crate::block::Encoder;

/// Height and width of a patch.
const PATCH: usize = 16;
/// Patches of an image of 224 pixels, and the class token.
const TOKENS: usize = 14 * 14 + 1;
/// Encoder blocks.
const BLOCKS: usize = 12;
/// Epsilon of the last layer norm.
const EPSILON: f64 = 1e-6;

/// Channels, and the heads that they are cut into.
pub(crate) struct Config {
    channels: usize,
    heads: usize,
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Touvron et al. 2021, arXiv:2012.12877, table 1",
    origin: HandDesigned,
    network,
    variants: &[row("deit-tiny", 192, 3), row("deit-small", 384, 6)],
};

const fn row(name: &'static str, channels: usize, heads: usize) -> Variant<Config> {
    Variant { name, resolution: 224, config: Config { channels, heads } }
}

fn network(&Config { channels, heads }: &Config) -> Blueprint {
    let mut net = Net::new();
    let images = net.images();
    let patches = net.convolution("patches", images, Convolution::patches(PATCH, channels));
    let tokens = net.tokens(patches);
    let tokens = net.class_token("class", tokens);
    let mut tokens = net.positions("places", tokens, TOKENS);
    for index in 0..BLOCKS {
        tokens = net.within(format!("blocks.{index}"), |net| Encoder { heads }.forward(net, tokens));
    }
    let tokens = net.layer_norm("norm", tokens, EPSILON);
    let class = net.first_token(tokens);
    let logits = net.linear("classifier", class, CLASSES);
    net.finish(logits)
}
