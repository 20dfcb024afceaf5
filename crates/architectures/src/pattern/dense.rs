//! Dense: each block adds channels of its own to all those before it.
//!
//! Source: Huang et al. 2016, arXiv:1608.06993, section 3, DenseNet-BC: norm, ReLU, 1×1 to four
//! times the growth, norm, ReLU, 3×3; in front of a stage a transition of norm, ReLU, 1×1 and 2×2
//! mean of stride 2.
//! Departure: the channels out of a stage are given, so half of them leave its transition, and its
//! blocks share the other half as evenly as whole channels can be, where DenseNet has one growth in
//! all stages. The first stage has a transition too, without the mean. The mean takes partial
//! windows at odd sizes. No norm stands before the classifier.

use formbench_blueprint::{Activation::Relu, Convolution, Features, Net, Pool};

use super::{Form, Pattern, Place};

/// The registry's row.
pub(crate) const PATTERN: Pattern = Pattern {
    name: "dense",
    source: "Huang et al. 2016, arXiv:1608.06993, section 3",
    multiple: 1,
    form: Form::Stages(block),
};

/// Channels of a block's 1×1 convolution for each channel that the block adds.
const REDUCTION: usize = 4;

fn block(net: &mut Net, input: Features, place: &Place) -> Features {
    let input = match place.index {
        0 => transition(net, input, place),
        _ => input,
    };
    let channels_out = channels_behind(place, place.index + 1);
    let growth = channels_out.saturating_sub(input.channels).max(1);
    let features = pre_activated(net, "reduce", input, Convolution::new(1, REDUCTION * growth));
    let new = pre_activated(net, "grow", features, Convolution::new(3, growth));
    appended(net, input, new, channels_out)
}

/// Returns the channels of a stage behind some of its blocks.
///
/// Half of the stage's channels are there from the start, or fewer if the blocks then can add one
/// each, and one at least.
fn channels_behind(place: &Place, blocks: usize) -> usize {
    let Place { channels_out, .. } = *place;
    let start = (channels_out / 2).min(channels_out.saturating_sub(place.blocks)).max(1);
    start + (channels_out - start) * blocks / place.blocks
}

/// Returns the new features behind the old ones; a stage with no more channels than blocks forgets
/// the oldest channel where there is no room.
fn appended(net: &mut Net, old: Features, new: Features, channels_out: usize) -> Features {
    let kept = channels_out - new.channels;
    if kept == 0 {
        return new;
    }
    let old = match old.channels - kept {
        0 => old,
        forgotten => net.channels(old, forgotten, old.channels),
    };
    net.concatenate(&[old, new])
}

fn transition(net: &mut Net, input: Features, place: &Place) -> Features {
    let channels_out = channels_behind(place, 0);
    let features = pre_activated(net, "transition", input, Convolution::new(1, channels_out));
    match place.stride {
        1 => features,
        stride => net.pool(features, Pool::average(stride, stride).ceil()),
    }
}

/// Adds norm, ReLU and convolution.
fn pre_activated(net: &mut Net, name: &str, input: Features, conv: Convolution) -> Features {
    net.within(name, |net| {
        let features = net.batch_norm("norm", input);
        let features = net.activation(features, Relu);
        net.convolution("conv", features, conv)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe;

    #[test]
    fn parameters_match_the_closed_form() {
        // A norm of i channels and a k×k convolution to o have 2·i + k²·i·o parameters.
        // Stem: 49·3·8 + 16 = 1192. Classifier: 64·1000 + 1000 = 65000.
        // Blocks with g = o / 2, transition (2·i + i·g) + (2·g + 4·g²) + (8·g + 36·g²):
        //   8 → 8: 48 + 72 + 608; 8 → 16: 80 + 272 + 2368;
        //   16 → 32: 288 + 1056 + 9344; 32 → 64: 1088 + 4160 + 37120.
        let expected = 1192 + 65_000 + 728 + 2720 + 10_688 + 42_368;
        assert_eq!(probe::pattern("dense", 4, 8).parameters(), expected);
    }

    /// Channels out of each block of a stage, its transition's first.
    fn channels(channels_out: usize, blocks: usize) -> Vec<usize> {
        let mut net = Net::new();
        let before = net.images();
        let (stride, stride_before) = (1, 1);
        let (stage, index) = (0, 0);
        let place = Place { channels_out, stride, stage, index, blocks, before, stride_before };
        let mut features = before;
        let behind = (0..blocks).map(|index| {
            features = block(&mut net, features, &Place { index, ..place });
            features.channels
        });
        [channels_behind(&place, 0)].into_iter().chain(behind).collect()
    }

    #[test]
    fn the_blocks_of_a_stage_share_half_of_its_channels() {
        assert_eq!(channels(16, 4), [8, 10, 12, 14, 16]);
        // 15 - 7 = 8 channels over 3 blocks: 2.7, 5.3 and 8, rounded down.
        assert_eq!(channels(15, 3), [7, 9, 12, 15]);
    }

    #[test]
    fn each_block_adds_a_channel_at_least() {
        // Half of 6 would leave 3 channels for 4 blocks.
        assert_eq!(channels(6, 4), [2, 3, 4, 5, 6]);
        // The first of 4 blocks replaces its only channel, the third its oldest.
        assert_eq!(channels(3, 4), [1, 1, 2, 2, 3]);
        assert_eq!(channels(1, 2), [1, 1, 1]);
    }
}
