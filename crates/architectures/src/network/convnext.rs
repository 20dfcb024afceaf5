//! ConvNeXt: depthwise 7×7 convolutions, layer norms and two linear layers of each pixel's channels.
//!
//! Source: Liu et al. 2022, arXiv:2201.03545, table 9.

use formbench_blueprint::{Activation::Gelu, Blueprint, Convolution, Features, Net};
use formbench_protocol::{CLASSES, Origin::HandDesigned};

use super::{Family, Variant};

/// Hidden channels for each channel.
const EXPANSION: usize = 4;
/// Epsilon of the layer norms.
const EPSILON: f64 = 1e-6;

/// Blocks and channels of the four stages.
pub(crate) struct Config {
    blocks: [usize; 4],
    channels: [usize; 4],
}

/// The family.
pub(crate) const FAMILY: Family<Config> = Family {
    source: "Liu et al. 2022, arXiv:2201.03545, table 9",
    origin: HandDesigned,
    network,
    variants: &[Variant {
        name: "convnext-tiny",
        resolution: 224,
        config: Config { blocks: [3, 3, 9, 3], channels: [96, 192, 384, 768] },
    }],
};

fn network(Config { blocks, channels }: &Config) -> Blueprint {
    let mut net = Net::new();
    let images = net.images();
    let stem = net.convolution("stem.conv", images, Convolution::patches(4, channels[0]));
    let mut features = net.layer_norm("stem.norm", stem, EPSILON);
    for (stage, (blocks, channels)) in blocks.iter().zip(channels).enumerate() {
        if stage > 0 {
            features = net.within(format!("downsample.{stage}"), |net| {
                let normal = net.layer_norm("norm", features, EPSILON);
                net.convolution("conv", normal, Convolution::patches(2, *channels))
            });
        }
        for index in 0..*blocks {
            let name = format!("stages.{stage}.{index}");
            features = net.within(name, |net| block(net, features));
        }
    }
    let pooled = net.global_average(features);
    let vectors = net.flatten(pooled, 1);
    let vectors = net.layer_norm("norm", vectors, EPSILON);
    let logits = net.linear("classifier", vectors, CLASSES);
    net.finish(logits)
}

fn block(net: &mut Net, input: Features) -> Features {
    let branch = net.convolution("depthwise", input, Convolution::depthwise(7).bias());
    let branch = net.tokens(branch);
    let branch = net.layer_norm("norm", branch, EPSILON);
    let branch = net.linear("expand", branch, EXPANSION * input.channels);
    let branch = net.activation(branch, Gelu);
    let branch = net.linear("contract", branch, input.channels);
    let branch = net.planes(branch, input);
    let branch = net.scale("scale", branch);
    net.add(&[branch, input])
}
