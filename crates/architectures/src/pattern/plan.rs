//! How many blocks of which size: what depth and width mean.

use crate::ArchitectureError;
use crate::block::BlockShape;

/// Least depth: one block for each stage.
const LEAST_DEPTH: u32 = 4;
/// Largest depth; far beyond what an engine finishes in a run.
const MOST_DEPTH: u32 = 4096;
/// Largest width; the last stage's channels and their products stay well within 64 bits.
const MOST_WIDTH: u32 = 8192;

/// Blocks of one resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    /// Number of blocks.
    pub(crate) blocks: usize,
    /// Channels out of each block.
    pub(crate) channels: usize,
}

/// Numbers of a stacked network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Channels out of the stem.
    pub(crate) stem_channels: usize,
    /// The four stages; each but the first begins with a block of stride 2.
    pub(crate) stages: [Stage; 4],
}

impl Plan {
    /// Returns the plan of a pattern.
    ///
    /// The stem and the first stage have `width` channels, each later stage twice as many as the
    /// one before. Each stage has `depth / 4` blocks, rounded down; the one, two or three blocks
    /// that remain go to the third, second and first stage, one each, in this order: 14 blocks are
    /// 3, 4, 4 and 3.
    ///
    /// # Errors
    /// `depth` is not 4 to 4096, or `width` is not 1 to 8192.
    pub(crate) fn of(pattern: &str, depth: u32, width: u32) -> Result<Self, ArchitectureError> {
        let pattern = || pattern.to_owned();
        if !(LEAST_DEPTH..=MOST_DEPTH).contains(&depth) {
            let (least, most) = (LEAST_DEPTH, MOST_DEPTH);
            return Err(ArchitectureError::Depth { pattern: pattern(), depth, least, most });
        }
        if !(1..=MOST_WIDTH).contains(&width) {
            let most = MOST_WIDTH;
            return Err(ArchitectureError::Width { pattern: pattern(), width, most });
        }
        let (each, remaining) = (depth as usize / 4, depth as usize % 4);
        let extra = [remaining >= 3, remaining >= 2, remaining >= 1, false].map(usize::from);
        let width = width as usize;
        let stage = |i: usize| Stage { blocks: each + extra[i], channels: width << i };
        Ok(Self { stem_channels: width, stages: [0, 1, 2, 3].map(stage) })
    }

    /// Returns the shapes of the blocks, stage by stage.
    pub(crate) fn blocks(&self) -> [Vec<BlockShape>; 4] {
        let mut channels_in = self.stem_channels;
        [0, 1, 2, 3].map(|i| {
            let Stage { blocks, channels: channels_out } = self.stages[i];
            let first = if i == 0 { 1 } else { 2 };
            (0..blocks)
                .map(|block| {
                    let stride = if block == 0 { first } else { 1 };
                    let shape = BlockShape { channels_in, channels_out, stride };
                    channels_in = channels_out;
                    shape
                })
                .collect()
        })
    }

    /// Returns the channels into the classifier.
    pub(crate) fn channels_out(&self) -> usize {
        self.stages[3].channels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(depth: u32) -> [usize; 4] {
        Plan::of("plain", depth, 8).unwrap().stages.map(|stage| stage.blocks)
    }

    #[test]
    fn remaining_blocks_go_to_the_third_second_and_first_stage() {
        assert_eq!(blocks(4), [1, 1, 1, 1]);
        assert_eq!(blocks(5), [1, 1, 2, 1]);
        assert_eq!(blocks(14), [3, 4, 4, 3]);
        assert_eq!(blocks(15), [4, 4, 4, 3]);
        assert_eq!(blocks(16), [4, 4, 4, 4]);
    }

    #[test]
    fn the_blocks_of_all_stages_are_the_depth() {
        assert!((4..=64).all(|depth| blocks(depth).iter().sum::<usize>() == depth as usize));
    }

    #[test]
    fn later_stages_double_the_channels_and_begin_with_stride_two() {
        let [first, second, third, fourth] = Plan::of("plain", 6, 8).unwrap().blocks();
        let shape =
            |channels_in, channels_out, stride| BlockShape { channels_in, channels_out, stride };
        assert_eq!(first, [shape(8, 8, 1)]);
        assert_eq!(second, [shape(8, 16, 2), shape(16, 16, 1)]);
        assert_eq!(third, [shape(16, 32, 2), shape(32, 32, 1)]);
        assert_eq!(fourth, [shape(32, 64, 2)]);
    }

    #[test]
    fn impossible_depths_and_widths_are_errors() {
        let text = |depth, width| Plan::of("plain", depth, width).unwrap_err().to_string();
        assert_eq!(
            text(3, 8),
            "plain: depth `3` is impossible; expected 4 to 4096 blocks, one for each stage at least"
        );
        assert_eq!(
            text(4, 0),
            "plain: width `0` is impossible; expected 1 to 8192 channels out of the first stage"
        );
        assert!(Plan::of("plain", 4097, 8).is_err() && Plan::of("plain", 4, 8193).is_err());
    }
}
