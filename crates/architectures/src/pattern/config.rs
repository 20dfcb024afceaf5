use std::ops::RangeInclusive;

use formbench_blueprint::{Blueprint, Features, Net};
use formbench_protocol::{ArchitectureInfo, ArchitectureKind, Width};

use super::{patches, plan, stack};
use crate::ArchitectureError;

/// What the registry knows of a pattern.
pub(crate) struct Pattern {
    /// What the user types.
    pub(crate) name: &'static str,
    /// Where it was published.
    pub(crate) source: &'static str,
    /// Of which the channels of each stage are a multiple.
    pub(crate) multiple: usize,
    /// Its block, and what surrounds it.
    pub(crate) form: Form,
}

/// How the blocks of a pattern are stacked.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// In four stages, each of half the height and width of the one before. The function adds a block and returns its
    /// features; behind the last block of a stage there are `channels_out` of them.
    Stages(fn(&mut Net, Features, &Place) -> Features),
    /// On tokens, one for each patch of the image, all of the width of the first stage. The function adds a block and returns
    /// as many tokens of as many channels.
    Patches(fn(&mut Net, Features) -> Features),
}

/// Where a block is, and what it has to make of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Channels out of the stage.
    pub(crate) channels_out: usize,
    /// By which height and width shrink: 2 in the first block of each stage but the first.
    pub(crate) stride: usize,
    /// Number of the stage, from 0.
    pub(crate) stage: usize,
    /// Number of the block in its stage, from 0.
    pub(crate) index: usize,
    /// Number of blocks of its stage.
    pub(crate) blocks: usize,
    /// What the block before took; the block's own input in the first one.
    pub(crate) before: Features,
    /// By which the block before has shrunk height and width.
    pub(crate) stride_before: usize,
}

impl Place {
    /// Returns whether the input can be added to the output as it is.
    pub(crate) fn keeps_shape(&self, input: Features) -> bool {
        self.stride == 1 && input.channels == self.channels_out
    }
}

impl Pattern {
    /// Returns the registry's answer.
    pub(crate) fn info(&self) -> ArchitectureInfo {
        ArchitectureInfo {
            name: self.name.to_owned(),
            kind: ArchitectureKind::Pattern,
            source: self.source.to_owned(),
            origin: None,
            resolution: None,
            parameters: None,
        }
    }

    /// Returns the widths that it can have.
    pub(crate) const fn widths(&self) -> RangeInclusive<Width> {
        plan::widths(self)
    }

    /// Returns the pattern at a depth and width.
    ///
    /// # Errors
    /// The depth or the width is impossible.
    pub(crate) fn blueprint(
        &self,
        depth: u32,
        width: Width,
    ) -> Result<Blueprint, ArchitectureError> {
        let stages = plan::stages(self, depth, width)?;
        Ok(match self.form {
            Form::Stages(block) => stack(stages[0].channels, &stages, block),
            Form::Patches(block) => patches(depth, stages[0].channels, block),
        })
    }
}
