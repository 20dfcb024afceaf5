use super::Rewrite;
use super::selection::Selection;
use crate::record::Draft;
use crate::{Binary, Operator, Unary};

/// 1 where `x` is positive, −1 where it is negative, else 0: `Sign`.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let outer = Selection::of(draft, &draft.nodes()[at])?;
    let inner = Selection::of(draft, draft.only_for_one(outer.otherwise)?)?;
    let positive = outer.comparison == Binary::Greater && outer.number == 0.0;
    let negative = inner.comparison == Binary::Less && inner.number == 0.0;
    let numbers = [outer.then, inner.then, inner.otherwise].map(|value| draft.scalar(value));
    let signs = numbers == [Some(1.0), Some(-1.0), Some(0.0)];
    let operator = Operator::Unary(Unary::Sign);
    (positive && negative && signs && outer.value == inner.value)
        .then(|| Rewrite::Operator(operator, vec![outer.value]))
}
