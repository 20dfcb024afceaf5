use crate::record::Draft;
use crate::{Operator, OperatorPadding, ValueId};

/// A constant around the planes of an image.
pub(super) struct Padded {
    /// What it is around.
    pub(super) image: ValueId,
    /// The constant.
    pub(super) number: f32,
    /// How much of it.
    pub(super) padding: OperatorPadding,
}

impl Padded {
    /// Returns what a value is if a constant was put around its height and width alone.
    ///
    /// The pad may have other readers: each can do without it.
    pub(super) fn of(draft: &Draft, value: ValueId) -> Option<Self> {
        let node = draft.producer(value)?;
        let Operator::Pad { before, after, value: number } = &node.operator else { return None };
        let ([0, 0, top, left], [0, 0, bottom, right]) = (&before[..], &after[..]) else {
            return None;
        };
        let padding = OperatorPadding { top: *top, left: *left, bottom: *bottom, right: *right };
        Some(Self { image: node.inputs[0], number: *number, padding })
    }
}

/// Returns rows and columns of both.
pub(super) fn together(one: OperatorPadding, two: OperatorPadding) -> OperatorPadding {
    OperatorPadding {
        top: one.top + two.top,
        left: one.left + two.left,
        bottom: one.bottom + two.bottom,
        right: one.right + two.right,
    }
}

/// Returns whether no window lies in the padding alone, which ONNX asks of its pools.
pub(super) fn is_less_than(padding: OperatorPadding, [rows, columns]: [usize; 2]) -> bool {
    padding.top.max(padding.bottom) < rows && padding.left.max(padding.right) < columns
}
