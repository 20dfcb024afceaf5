use super::Rewrite;
use crate::record::Draft;
use crate::{Binary, Operator, Unary, ValueId};

/// `exp(−log(1 + exp(−x)))`, as Burn has it, or `1 / (1 + exp(−x))`: `Sigmoid`.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    let sum = match node.operator {
        Operator::Unary(Unary::Exp) => {
            let logarithm = draft.unary(node.inputs[0], Unary::Neg)?;
            draft.unary(logarithm, Unary::Log)?
        }
        Operator::Unary(Unary::Reciprocal) => node.inputs[0],
        _ => return None,
    };
    let x = draft.unary(exponential(draft, sum)?, Unary::Neg)?;
    Some(Rewrite::Operator(Operator::Unary(Unary::Sigmoid), vec![x]))
}

/// Returns `x` of `1 + exp(x)`.
pub(super) fn exponential(draft: &Draft, sum: ValueId) -> Option<ValueId> {
    let (exponential, one) = draft.with_scalar(sum, Binary::Add)?;
    draft.unary(exponential, Unary::Exp).filter(|_| one == 1.0)
}
