//! RegNet: residual bottlenecks whose widths follow a line, from a search that narrowed a space of
//! networks down; RegNetY with squeeze and excitation.
//!
//! Source: Radosavovic et al. 2020, arXiv:2003.13678, equations 2 to 4; parameters and blocks are
//! those of the authors' code. Departure: widths are made multiples of the groups' by rounding
//! halves up, as torchvision has it, so that RegNetX-400MF has 400 channels at the end, where the
//! authors have 384, and RegNetY-800MF 144 in its second and 784 in its last stage, not 128 and
//! 768.

use formbench_blueprint::{
    Activation::{Identity, Relu, Sigmoid},
    Blueprint, Convolution, Features, Net,
};
use formbench_protocol::{CLASSES, Origin::Searched};

use super::{Family, Variant};
use crate::block::{SqueezeExcite, projection, rounded, stage, strides};

/// Of which all widths are a multiple before they are made to fit the groups.
const QUANTUM: f64 = 8.0;
/// Channels out of the stem.
const STEM_CHANNELS: usize = 32;
/// By what a block's channels are divided to squeeze them.
const SQUEEZE: usize = 4;

/// What the widths are made of, and the blocks.
pub(crate) struct Config {
    /// Width of the first block, by how much it grows with each, and by what it is multiplied from
    /// one stage to the next: the paper's `w_0`, `w_a` and `w_m`.
    line: [f64; 3],
    /// Number of blocks.
    depth: usize,
    /// Channels of each group.
    group_width: usize,
    /// Whether blocks have squeeze and excitation.
    excited: bool,
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Radosavovic et al. 2020, arXiv:2003.13678, equations 2 to 4",
    origin: Searched,
    network,
    variants: &[
        row("regnet-x-200mf", [24.0, 36.44, 2.49], 13, 8, false),
        row("regnet-x-400mf", [24.0, 24.48, 2.54], 22, 16, false),
        row("regnet-x-600mf", [48.0, 36.97, 2.24], 16, 24, false),
        row("regnet-x-800mf", [56.0, 35.73, 2.28], 16, 16, false),
        row("regnet-x-1-6gf", [80.0, 34.01, 2.25], 18, 24, false),
        row("regnet-y-200mf", [24.0, 36.44, 2.49], 13, 8, true),
        row("regnet-y-400mf", [48.0, 27.89, 2.09], 16, 8, true),
        row("regnet-y-600mf", [48.0, 32.54, 2.32], 15, 16, true),
        row("regnet-y-800mf", [56.0, 38.84, 2.40], 14, 16, true),
        row("regnet-y-1-6gf", [48.0, 20.71, 2.65], 27, 24, true),
    ],
};

const fn row(
    name: &'static str,
    line: [f64; 3],
    depth: usize,
    group_width: usize,
    excited: bool,
) -> Variant<Config> {
    Variant { name, resolution: 224, config: Config { line, depth, group_width, excited } }
}

fn network(config: &Config) -> Blueprint {
    let mut net = Net::new();
    let images = net.images();
    let stem = Convolution::new(3, STEM_CHANNELS).stride(2);
    let mut features = net.conv_norm("stem", images, stem, Relu);
    let widths = widths(config);
    for (number, alike) in widths.chunk_by(|one, next| one == next).enumerate() {
        let strides = strides(alike.len(), 2);
        features = stage(&mut net, number, features, strides, |net, input, stride| {
            block(net, input, config, alike[0], stride)
        });
    }
    let logits = net.classifier("classifier", features, CLASSES);
    net.finish(logits)
}

/// Returns the channels out of each block: those on the line, rounded to the nearest power of `w_m`
/// times the first, in multiples of 8 and then of the groups' width.
fn widths(&Config { line: [w_0, w_a, w_m], depth, group_width, .. }: &Config) -> Vec<usize> {
    let width = |block: usize| {
        let on_the_line = w_0 + w_a * block as f64;
        let power = (on_the_line / w_0).log(w_m).round_ties_even();
        let width = (w_0 * w_m.powf(power) / QUANTUM).round_ties_even() * QUANTUM;
        rounded(width, group_width.min(width as usize))
    };
    (0..depth).map(width).collect()
}

fn block(net: &mut Net, input: Features, config: &Config, width: usize, stride: usize) -> Features {
    let groups = width / config.group_width.min(width);
    let pointwise = Convolution::new(1, width);
    let spatial = Convolution::new(3, width).stride(stride).groups(groups);
    let branch = net.conv_norm("reduce", input, pointwise, Relu);
    let mut branch = net.conv_norm("spatial", branch, spatial, Relu);
    if config.excited {
        let squeezed = input.channels / SQUEEZE;
        let excite = SqueezeExcite { squeezed, activation: Relu, gate: Sigmoid };
        branch = excite.forward(net, branch);
    }
    let branch = net.conv_norm("expand", branch, pointwise, Identity);
    let shortcut = projection(net, input, width, stride);
    let sum = net.add(&[branch, shortcut]);
    net.activation(sum, Relu)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_quantised_to_stages() {
        // RegNetX-200MF, on the line: 24, 60.44, 96.88 and so on to 461.28. The powers of 2.49
        // nearest to their 1, 2.52, 4.04, 5.56, 7.07, 8.59, 10.11, ... 19.22-fold: 0, 1, 2 (from
        // 2.49^1.5 = 3.93), 2, 2, 2, then 3 (from 2.49^2.5 = 9.78) to the end. 24 times 1, 2.49,
        // 6.20 and 15.44 is 24, 59.8, 148.8 and 370.5: 24, 56, 152 and 368 in multiples of 8.
        let widths = widths(&FAMILY.variants[0].config);
        let stages: Vec<_> =
            widths.chunk_by(|one, next| one == next).map(|all| (all[0], all.len())).collect();
        assert_eq!(stages, [(24, 1), (56, 1), (152, 4), (368, 7)]);
    }
}
