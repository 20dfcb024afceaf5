//! Stem, stages of equal blocks, classifier: all that the patterns have in common.
//!
//! Source: He et al. 2015, arXiv:1512.03385, table 1, whose stem and stages these are.

use formbench_blueprint::{Blueprint, Features, Net};
use formbench_protocol::CLASSES;

use super::Place;
use crate::block;

/// Blocks of one resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    /// Number of blocks.
    pub(crate) blocks: usize,
    /// Channels out of each block.
    pub(crate) channels: usize,
}

/// Returns a network of equal blocks; each stage but the first begins with a block of stride 2.
pub(crate) fn stack(
    stem_channels: usize,
    stages: &[Stage],
    block: impl Fn(&mut Net, Features, &Place) -> Features,
) -> Blueprint {
    let mut net = Net::new();
    let images = net.images();
    let mut input = block::stem(&mut net, images, stem_channels);
    let (mut before, mut stride_before) = (input, 1);
    for (number, stage) in stages.iter().enumerate() {
        for index in 0..stage.blocks {
            let stride = if index == 0 && number > 0 { 2 } else { 1 };
            let Stage { blocks, channels: channels_out } = *stage;
            let place =
                Place { channels_out, stride, stage: number, index, blocks, before, stride_before };
            let name = format!("stages.{number}.{index}");
            let output = net.within(name, |net| block(net, input, &place));
            (before, input, stride_before) = (input, output, stride);
        }
    }
    let logits = net.classifier("classifier", input, CLASSES);
    net.finish(logits)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use formbench_blueprint::Shape;
    use formbench_protocol::Width;

    use super::*;
    use crate::pattern::{Form, PATTERNS, Pattern, plan};

    const DEPTHS: [u32; 4] = [4, 8, 14, 44];
    const RESOLUTIONS: [usize; 4] = [32, 45, 64, 224];
    /// Eighths of a channel: narrow, odd and common widths up to 64 channels.
    const EIGHTHS: [u32; 12] = [8, 13, 16, 23, 36, 61, 64, 96, 123, 200, 389, 512];

    /// Shapes by stage and index of a block.
    type Shapes = BTreeMap<(usize, usize), Shape>;

    /// Returns the shape of each block's last step.
    fn features(blueprint: &Blueprint, resolution: usize) -> Shapes {
        let block = |name: &str| {
            let mut path = name.strip_prefix("stages.")?.split('.');
            Some((path.next()?.parse().unwrap(), path.next()?.parse().unwrap()))
        };
        let steps = blueprint.steps().iter().zip(blueprint.shapes(resolution).unwrap());
        steps.filter_map(|(step, shape)| Some((block(&step.name)?, shape))).collect()
    }

    /// Returns what a place promises of each block.
    fn promised(stages: &[Stage; 4], resolution: usize) -> Shapes {
        // The stem halves height and width twice, each stage but the first once.
        let side = |stage| (0..stage + 2).fold(resolution, |side: usize, _| side.div_ceil(2));
        let shape =
            |number: usize| Shape { channels: stages[number].channels, size: [side(number); 2] };
        let places = (0..4).flat_map(|number| (0..stages[number].blocks).map(move |i| (number, i)));
        places.map(|place| (place, shape(place.0))).collect()
    }

    fn check(pattern: &Pattern, depth: u32, width: Width) {
        let stages = plan::stages(pattern, depth, width).unwrap();
        let blueprint = pattern.blueprint(depth, width).unwrap();
        for resolution in RESOLUTIONS {
            let mut features = features(&blueprint, resolution);
            let mut promised = promised(&stages, resolution);
            if pattern.name == "dense" {
                // Its blocks grow to the channels of their stage.
                let last = |place: &(usize, usize)| place.1 + 1 == stages[place.0].blocks;
                features.retain(|place, _| last(place));
                promised.retain(|place, _| last(place));
            }
            let cell = format!("{}-d{depth}-w{width} at {resolution} pixels", pattern.name);
            assert_eq!(features, promised, "{cell}");
        }
    }

    #[test]
    fn every_block_of_every_pattern_keeps_its_promise() {
        let staged = |pattern: &&&Pattern| matches!(pattern.form, Form::Stages(_));
        for pattern in PATTERNS.iter().filter(staged) {
            let widths = EIGHTHS.map(Width::from_eighths);
            for width in widths.into_iter().filter(|width| pattern.widths().contains(width)) {
                DEPTHS.iter().for_each(|depth| check(pattern, *depth, width));
            }
        }
    }
}
