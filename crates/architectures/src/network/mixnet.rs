//! MixNet: searched inverted residuals whose depthwise convolutions mix kernels of several sizes.
//!
//! Source: Tan and Le 2019, arXiv:1907.09595, and the authors' code. Departure, as in timm:
//! images are padded alike on all sides, and the norms' epsilon is 1e-5.

use formbench_blueprint::{
    Activation::{self, Identity, Relu, Sigmoid, Silu},
    Blueprint, Convolution, Features, Net,
};
use formbench_protocol::{CLASSES, Origin::Searched};

use super::{Family, Variant};
use crate::block::{SqueezeExcite, rounded, stage, strides};

/// Channels out of the head.
const HEAD_CHANNELS: usize = 1536;

/// Number of kernels, which are 3, 5, 7 and so on; parts of the first and of the last convolution;
/// expansion; channels out; blocks; first stride; by what a block's channels are divided to squeeze
/// them, if they are.
type Row = (usize, [usize; 2], usize, usize, usize, usize, Option<usize>);

const SMALL: [Row; 11] = [
    (1, [1, 1], 1, 16, 1, 1, None),
    (1, [2, 2], 6, 24, 1, 2, None),
    (1, [2, 2], 3, 24, 1, 1, None),
    (3, [1, 1], 6, 40, 1, 2, Some(2)),
    (2, [2, 2], 6, 40, 3, 1, Some(2)),
    (3, [1, 2], 6, 80, 1, 2, Some(4)),
    (2, [1, 2], 6, 80, 2, 1, Some(4)),
    (3, [2, 2], 6, 120, 1, 1, Some(2)),
    (4, [2, 2], 3, 120, 2, 1, Some(2)),
    (5, [1, 1], 6, 200, 1, 2, Some(2)),
    (4, [1, 2], 6, 200, 2, 1, Some(2)),
];

const MEDIUM: [Row; 11] = [
    (1, [1, 1], 1, 24, 1, 1, None),
    (3, [2, 2], 6, 32, 1, 2, None),
    (1, [2, 2], 3, 32, 1, 1, None),
    (4, [1, 1], 6, 40, 1, 2, Some(2)),
    (2, [2, 2], 6, 40, 3, 1, Some(2)),
    (3, [1, 1], 6, 80, 1, 2, Some(4)),
    (4, [2, 2], 6, 80, 3, 1, Some(4)),
    (1, [1, 1], 6, 120, 1, 1, Some(2)),
    (4, [2, 2], 3, 120, 3, 1, Some(2)),
    (4, [1, 1], 6, 200, 1, 2, Some(2)),
    (4, [1, 2], 6, 200, 3, 1, Some(2)),
];

/// Channels out of the stem, stages, and by what the channels of both are multiplied.
pub(crate) struct Config {
    stem: usize,
    stages: &'static [Row],
    width: f64,
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Tan and Le 2019, arXiv:1907.09595",
    origin: Searched,
    network,
    variants: &[
        row("mixnet-s", Config { stem: 16, stages: &SMALL, width: 1.0 }),
        row("mixnet-m", Config { stem: 24, stages: &MEDIUM, width: 1.0 }),
        row("mixnet-l", Config { stem: 24, stages: &MEDIUM, width: 1.3 }),
    ],
};

const fn row(name: &'static str, config: Config) -> Variant<Config> {
    Variant { name, resolution: 224, config }
}

fn network(Config { stem, stages, width }: &Config) -> Blueprint {
    let scaled = |channels: usize| rounded(channels as f64 * width, 8);
    let mut net = Net::new();
    let images = net.images();
    let stem = Convolution::new(3, scaled(*stem)).stride(2);
    let mut features = net.conv_norm("stem", images, stem, Relu);
    for (number, row) in stages.iter().enumerate() {
        let &(_, _, _, channels, blocks, stride, _) = row;
        let strides = strides(blocks, stride);
        features = stage(&mut net, number, features, strides, |net, input, stride| {
            block(net, input, row, scaled(channels), stride)
        });
    }
    let head = Convolution::new(1, HEAD_CHANNELS);
    let features = net.conv_norm("head", features, head, Relu);
    let logits = net.classifier("classifier", features, CLASSES);
    net.finish(logits)
}

/// Returns the features of an inverted residual; those with squeeze and excitation have SiLU.
fn block(net: &mut Net, input: Features, row: &Row, channels: usize, stride: usize) -> Features {
    let &(kernels, [first, last], expansion, _, _, _, squeeze) = row;
    let activation = if squeeze.is_some() { Silu } else { Relu };
    let mut branch = input;
    if expansion > 1 {
        let convolutions = pointwise(first, input.channels * expansion);
        branch = mixed(net, "expand", branch, &convolutions, activation);
    }
    let kernels = (0..kernels).map(|index| Convolution::depthwise(3 + 2 * index).stride(stride));
    branch = mixed(net, "depthwise", branch, &kernels.collect::<Vec<_>>(), activation);
    if let Some(divisor) = squeeze {
        let squeezed = input.channels / divisor;
        branch = SqueezeExcite { squeezed, activation, gate: Sigmoid }.forward(net, branch);
    }
    branch = mixed(net, "project", branch, &pointwise(last, channels), Identity);
    if stride == 1 && input.channels == channels { net.add(&[branch, input]) } else { branch }
}

/// Returns a 1×1 convolution for each part of the channels.
fn pointwise(parts: usize, channels: usize) -> Vec<Convolution> {
    vec![Convolution::new(1, channels / parts); parts]
}

/// Returns the features of convolutions, each of an equal part of the channels, with one norm and
/// activation behind all.
fn mixed(
    net: &mut Net,
    name: &str,
    input: Features,
    convolutions: &[Convolution],
    activation: Activation,
) -> Features {
    if let [only] = convolutions {
        return net.conv_norm(name, input, *only, activation);
    }
    let size = input.channels / convolutions.len();
    net.within(name, |net| {
        let parts = convolutions.iter().enumerate().map(|(index, convolution)| {
            let part = net.channels(input, index * size, (index + 1) * size);
            net.convolution(&format!("conv.{index}"), part, *convolution)
        });
        let parts: Vec<Features> = parts.collect();
        let joined = net.concatenate(&parts);
        let features = net.batch_norm("norm", joined);
        net.activation(features, activation)
    })
}
