use super::Rewrite;
use crate::record::Draft;
use crate::{Binary, Operator, Unary};

/// `x` times its hard sigmoid of slope 1/6 and offset 1/2: `HardSwish`.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    if node.operator != Operator::Binary(Binary::Mul) {
        return None;
    }
    let orders = [[node.inputs[0], node.inputs[1]], [node.inputs[1], node.inputs[0]]];
    let found = orders.into_iter().find(|[x, gate]| {
        draft.only_for_one(*gate).is_some_and(|gate| {
            gate.inputs[0] == *x
                && matches!(gate.operator, Operator::HardSigmoid { alpha, beta: 0.5 }
                    if (alpha * 6.0 - 1.0).abs() <= f32::EPSILON)
        })
    });
    let [x, _] = found?;
    Some(Rewrite::Operator(Operator::Unary(Unary::HardSwish), vec![x]))
}
