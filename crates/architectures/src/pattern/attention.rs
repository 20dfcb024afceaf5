//! Attention: an encoder block of a vision transformer over patches of 16×16 pixels: all patches attend to all, then two
//! linear layers with GELU between, each behind a layer norm and added to what it read.
//!
//! Source: Dosovitskiy et al. 2020, arXiv:2010.11929, figure 1. Departures: no class token, the mean of all tokens is
//! classified; no learned positions, so that images of any size are taken; one head below 98 channels, else two, where the
//! published networks have heads of 64.

use formbench_blueprint::{Features, Net};

use super::{Form, Pattern};
use crate::block::Encoder;

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "attention",
    source: "Dosovitskiy et al. 2020, arXiv:2010.11929, figure 1",
    multiple: 2,
    form: Form::Patches(block),
};

/// Channels up to which there is one head.
const HEAD: usize = 96;

fn block(net: &mut Net, input: Features) -> Features {
    Encoder { heads: if input.channels <= HEAD { 1 } else { 2 } }.forward(net, input)
}

#[cfg(test)]
mod tests {
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // Patches: 768·8 + 8 = 6152. Classifier: 8·1000 + 1000 = 9000. A last norm: 16.
        // A block: norms 2·16; queries, keys, values 3·(64 + 8); joined 64 + 8; hidden 8·32 + 32; back 32·8 + 8.
        let block = 32 + 216 + 72 + 288 + 264;
        assert_eq!(probe::pattern("attention", 4, 8).parameters(), 6152 + 9000 + 16 + 4 * block);
    }

    #[test]
    fn all_blocks_have_the_width_of_the_first() {
        // At 224 pixels, 14 blocks of 196 tokens: 12·c² and 2·196·c each; patches 768·c, classifier 1000·c.
        let macs = |c: u64| 14 * 196 * (12 * c * c + 2 * 196 * c) + 196 * 768 * c + 1000 * c;
        assert_eq!(probe::pattern("attention", 14, 94).cost(224).unwrap().macs, macs(94));
    }
}
