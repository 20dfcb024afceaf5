use super::Rewrite;
use super::selection::Selection;
use crate::record::Draft;
use crate::{Binary, Operator};

/// `x` times a number where `x` is negative, else `x`: `LeakyRelu`.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let selection = Selection::of(draft, &draft.nodes()[at])?;
    let (scaled, alpha) = draft.with_scalar(selection.then, Binary::Mul)?;
    let operator = Operator::LeakyRelu { alpha: alpha as f32 };
    (selection.keeps_positive() && scaled == selection.value)
        .then(|| Rewrite::Operator(operator, vec![scaled]))
}
