use super::Rewrite;
use crate::Operator;
use crate::record::Draft;

/// A reshape to the same shape: nothing; of a reshape: one.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    if node.operator != Operator::Reshape {
        return None;
    }
    let input = node.inputs[0];
    if draft.shape(input) == draft.shape(node.output) {
        return Some(Rewrite::Value(input));
    }
    let inner = draft.producer(input).filter(|inner| inner.operator == Operator::Reshape)?;
    Some(Rewrite::Operator(Operator::Reshape, inner.inputs.clone()))
}
