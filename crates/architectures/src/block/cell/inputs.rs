use formbench_blueprint::{Convolution, Features, Net};

use super::Manner;
use super::projection::{factorized_reduction, relu_conv_norm};

/// What a cell reads: outputs of the cells before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CellInputs {
    /// Of the cell before the last.
    pub(crate) before: Before,
    /// Of the last cell.
    pub(crate) last: Features,
}

/// The output of the cell before the last.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Before {
    /// There is none: the last output stands in for it, not projected.
    Missing,
    /// As high and wide as the last output.
    Equal(Features),
    /// Twice as high and wide.
    Larger(Features),
}

impl Before {
    /// Returns features that the last cell took, which had this stride.
    pub(crate) fn of(features: Features, stride_of_last: usize) -> Self {
        match stride_of_last {
            1 => Self::Equal(features),
            _ => Self::Larger(features),
        }
    }
}

impl CellInputs {
    /// Returns the inputs of the next cell, from the output of this one and its stride.
    pub(crate) fn next(&self, output: Features, stride: usize) -> Self {
        Self { before: Before::of(self.last, stride), last: output }
    }

    /// Returns the first two states, of one size and `channels` each: `before`, `last`.
    pub(super) fn states(&self, net: &mut Net, channels: usize, manner: Manner) -> [Features; 2] {
        let convolution = Convolution::new(1, channels);
        let before = net.within("before", |net| match self.before {
            Before::Missing => self.last,
            Before::Equal(before) => relu_conv_norm(net, before, convolution),
            Before::Larger(before) => factorized_reduction(net, before, channels, manner),
        });
        let last = net.within("last", |net| relu_conv_norm(net, self.last, convolution));
        [before, last]
    }
}
