use super::Rewrite;
use crate::record::Draft;
use crate::{Binary, Operator};

/// A sum with 0, or a product with 1: what it is of.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    let Operator::Binary(binary) = node.operator else { return None };
    let neutral = match binary {
        Binary::Add | Binary::Sub => 0.0,
        Binary::Mul | Binary::Div | Binary::Pow => 1.0,
        _ => return None,
    };
    (draft.scalar(node.inputs[1])? == neutral).then(|| Rewrite::Value(node.inputs[0]))
}
