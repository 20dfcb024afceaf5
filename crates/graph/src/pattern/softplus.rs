use super::{Rewrite, sigmoid};
use crate::record::Draft;
use crate::{Operator, Unary};

/// `log(1 + exp(x))`: `Softplus`.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    if node.operator != Operator::Unary(Unary::Log) {
        return None;
    }
    let x = sigmoid::exponential(draft, node.inputs[0])?;
    Some(Rewrite::Operator(Operator::Unary(Unary::Softplus), vec![x]))
}
