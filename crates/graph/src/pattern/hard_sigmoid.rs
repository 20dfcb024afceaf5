use super::Rewrite;
use crate::record::{Draft, DraftNode};
use crate::{Binary, Operator, ValueId};

/// `α · x + β` between 0 and 1, as Burn has it, or `x + b` between 0 and `c`, then scaled by
/// `1 / c`: `HardSigmoid`.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    let (x, alpha, beta) = match node.operator {
        Operator::Clip { low: 0.0, high: 1.0 } => scaled_before(draft, node.inputs[0])?,
        _ => scaled_behind(draft, node)?,
    };
    let operator = Operator::HardSigmoid { alpha: alpha as f32, beta: beta as f32 };
    Some(Rewrite::Operator(operator, vec![x]))
}

fn scaled_before(draft: &Draft, sum: ValueId) -> Option<(ValueId, f64, f64)> {
    let (product, beta) = draft.with_scalar(sum, Binary::Add)?;
    let multiplied = draft.with_scalar(product, Binary::Mul);
    let divided = || draft.with_scalar(product, Binary::Div).map(|(x, by)| (x, 1.0 / by));
    let (x, alpha) = multiplied.or_else(divided)?;
    Some((x, alpha, beta))
}

fn scaled_behind(draft: &Draft, node: &DraftNode) -> Option<(ValueId, f64, f64)> {
    let scale = match node.operator {
        Operator::Binary(Binary::Mul) => draft.scalar(node.inputs[1])?,
        Operator::Binary(Binary::Div) => 1.0 / draft.scalar(node.inputs[1])?,
        _ => return None,
    };
    let clip = draft.only_for_one(node.inputs[0])?;
    let Operator::Clip { low: 0.0, high } = clip.operator else { return None };
    let (x, offset) = draft.with_scalar(clip.inputs[0], Binary::Add)?;
    let up_to_one = (f64::from(high) * scale - 1.0).abs() < f64::from(f32::EPSILON);
    up_to_one.then_some((x, scale, offset * scale))
}
