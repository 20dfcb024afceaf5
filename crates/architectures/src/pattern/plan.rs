//! How many blocks of which size: what depth and width mean.

use std::ops::RangeInclusive;

use formbench_protocol::Width;

use super::{Pattern, Stage};
use crate::ArchitectureError;

/// Least depth: one block for each stage.
const LEAST_DEPTH: u32 = 4;
/// Largest depth; far beyond what an engine finishes in a run.
const MOST_DEPTH: u32 = 4096;
/// Largest width; the last stage's channels and their products stay well within 64 bits.
const MOST_WIDTH: u32 = 8192;

/// Returns the widths that a pattern can have: its multiple at least.
pub(super) const fn widths(pattern: &Pattern) -> RangeInclusive<Width> {
    RangeInclusive::new(Width::whole(pattern.multiple as u32), Width::whole(MOST_WIDTH))
}

/// Returns the stages of a pattern.
///
/// The first stage has `width` channels, each later one twice as many as the one before, each
/// rounded to the nearest of the pattern's multiples. Each stage has `depth / 4` blocks, rounded
/// down; the one, two or three blocks that remain go to the third, second and first stage, one each,
/// in this order: 14 blocks are 3, 4, 4 and 3.
///
/// # Errors
/// `depth` is not 4 to 4096, or `width` is not the pattern's multiple at least, or over 8192.
pub(super) fn stages(
    pattern: &Pattern,
    depth: u32,
    width: Width,
) -> Result<[Stage; 4], ArchitectureError> {
    let name = || pattern.name.to_owned();
    if !(LEAST_DEPTH..=MOST_DEPTH).contains(&depth) {
        let (least, most) = (LEAST_DEPTH, MOST_DEPTH);
        return Err(ArchitectureError::Depth { pattern: name(), depth, least, most });
    }
    if !widths(pattern).contains(&width) {
        let (least, most) = (pattern.multiple as u32, MOST_WIDTH);
        return Err(ArchitectureError::Width { pattern: name(), width, least, most });
    }
    let (each, remaining) = (depth as usize / 4, depth as usize % 4);
    let extra = [remaining >= 3, remaining >= 2, remaining >= 1, false].map(usize::from);
    let stage = |i: usize| Stage {
        blocks: each + extra[i],
        channels: channels(width, i, pattern.multiple),
    };
    Ok([0, 1, 2, 3].map(stage))
}

/// Returns the multiple that is nearest to `width · 2^stage`, halves up.
fn channels(width: Width, stage: usize, multiple: usize) -> usize {
    let eighths = (width.eighths() as usize) << stage;
    let step = 8 * multiple;
    (eighths + step / 2) / step * multiple
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::plain;

    fn plan(depth: u32, width: Width) -> Result<[Stage; 4], ArchitectureError> {
        stages(&plain::PATTERN, depth, width)
    }

    fn blocks(depth: u32) -> [usize; 4] {
        plan(depth, Width::whole(8)).unwrap().map(|stage| stage.blocks)
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
    fn later_stages_double_the_channels_before_they_are_rounded() {
        let channels = |width| plan(4, width).unwrap().map(|stage| stage.channels);
        assert_eq!(channels(Width::whole(8)), [8, 16, 32, 64]);
        // 15.375, 30.75, 61.5 and 123.
        assert_eq!(channels(Width::from_eighths(123)), [15, 31, 62, 123]);
    }

    #[test]
    fn channels_are_multiples_of_what_the_pattern_asks() {
        // 15.375 and 30.75 to multiples of 4; 8 is halfway between 0 and 16, and goes up.
        assert_eq!(channels(Width::from_eighths(123), 0, 4), 16);
        assert_eq!(channels(Width::from_eighths(123), 1, 4), 32);
        assert_eq!(channels(Width::whole(8), 0, 16), 16);
    }

    #[test]
    fn impossible_depths_and_widths_are_errors() {
        let text = |depth, width| plan(depth, Width::whole(width)).unwrap_err().to_string();
        assert_eq!(
            text(3, 8),
            "plain: depth `3` is impossible; expected 4 to 4096 blocks, one for each stage at least"
        );
        assert_eq!(
            text(4, 0),
            "plain: width `0` is impossible; expected 1 to 8192 channels out of the first stage"
        );
        assert!(plan(4097, Width::whole(8)).is_err() && plan(4, Width::whole(8193)).is_err());
    }
}
