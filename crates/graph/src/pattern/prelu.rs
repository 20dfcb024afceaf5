use super::Rewrite;
use super::selection::Selection;
use crate::record::Draft;
use crate::{Binary, Operator};

/// `x` times a slope of its channel where `x` is negative, else `x`: `PRelu`.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let selection = Selection::of(draft, &draft.nodes()[at])?;
    let [scaled, slope] = draft.binary(selection.then, Binary::Mul)?;
    draft.constant(slope)?;
    let mut axes = draft.shape(slope).iter().enumerate();
    let by_channel = axes.all(|(axis, size)| axis == 1 || *size == 1);
    let same_rank = draft.shape(slope).len() == draft.shape(scaled).len();
    (selection.keeps_positive() && scaled == selection.value && by_channel && same_rank)
        .then(|| Rewrite::Operator(Operator::PRelu, vec![scaled, slope]))
}
