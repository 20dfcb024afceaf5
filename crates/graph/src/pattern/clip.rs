use super::Rewrite;
use super::selection::Selection;
use crate::record::Draft;
use crate::{Operator, Unary};

/// A bound where `x` is beyond it, else `x`: `Clip`, open at the other side.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let selection = Selection::of(draft, &draft.nodes()[at])?;
    let bound = draft.scalar(selection.then)?;
    if selection.otherwise != selection.value || bound != selection.number {
        return None;
    }
    let bound = bound as f32;
    let operator = match (selection.is_below(), selection.is_above()) {
        (true, _) => Operator::Clip { low: bound, high: f32::INFINITY },
        (_, true) => Operator::Clip { low: f32::NEG_INFINITY, high: bound },
        _ => return None,
    };
    Some(Rewrite::Operator(operator, vec![selection.value]))
}

/// `Clip` or `Relu` of another: one of them.
pub(super) fn of_clip(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let outer = &draft.nodes()[at];
    let (low, high) = bounds(&outer.operator).filter(|(low, high)| low <= high)?;
    let inner = draft.only_for_one(outer.inputs[0])?;
    let (inner_low, inner_high) = bounds(&inner.operator)?;
    let clip = match (inner_low.clamp(low, high), inner_high.clamp(low, high)) {
        (0.0, f32::INFINITY) => Operator::Unary(Unary::Relu),
        (low, high) => Operator::Clip { low, high },
    };
    Some(Rewrite::Operator(clip, inner.inputs.clone()))
}

fn bounds(operator: &Operator) -> Option<(f32, f32)> {
    match operator {
        Operator::Clip { low, high } => Some((*low, *high)),
        Operator::Unary(Unary::Relu) => Some((0.0, f32::INFINITY)),
        _ => None,
    }
}
