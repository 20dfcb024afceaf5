use crate::record::{Draft, DraftNode};
use crate::{Binary, Operator, ValueId};

/// One of two values where a value compares with a number.
pub(super) struct Selection {
    /// How it compares.
    pub(super) comparison: Binary,
    /// What is compared.
    pub(super) value: ValueId,
    /// With which number.
    pub(super) number: f64,
    /// What comes out where it does.
    pub(super) then: ValueId,
    /// What comes out where it does not.
    pub(super) otherwise: ValueId,
}

impl Selection {
    /// Returns the selection that a node makes, its condition read by nothing else.
    pub(super) fn of(draft: &Draft, node: &DraftNode) -> Option<Self> {
        let (Operator::Where, [condition, then, otherwise]) = (&node.operator, &node.inputs[..])
        else {
            return None;
        };
        let condition = draft.only_for_one(*condition)?;
        let Operator::Binary(comparison) = condition.operator else { return None };
        let [value, number] = condition.inputs[..] else { return None };
        let number = draft.scalar(number)?;
        Some(Self { comparison, value, number, then: *then, otherwise: *otherwise })
    }

    /// Returns whether the value is not above the number, or not reaching it.
    pub(super) fn is_below(&self) -> bool {
        matches!(self.comparison, Binary::Less | Binary::LessOrEqual)
    }

    /// Returns whether the value is above the number, or reaching it.
    pub(super) fn is_above(&self) -> bool {
        matches!(self.comparison, Binary::Greater | Binary::GreaterOrEqual)
    }

    /// Returns whether the value itself comes out where it is not below zero.
    pub(super) fn keeps_positive(&self) -> bool {
        self.is_below() && self.number == 0.0 && self.otherwise == self.value
    }
}
