use super::Rewrite;
use super::selection::Selection;
use crate::record::Draft;
use crate::{Operator, Unary};

/// Zero where `x` is not positive, else `x`: `Relu`.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let selection = Selection::of(draft, &draft.nodes()[at])?;
    let zero = draft.scalar(selection.then) == Some(0.0);
    let operator = Operator::Unary(Unary::Relu);
    (selection.keeps_positive() && zero).then(|| Rewrite::Operator(operator, vec![selection.value]))
}
