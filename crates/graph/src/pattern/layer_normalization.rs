use std::sync::Arc;

use super::Rewrite;
use super::channels::{vector, with_constant};
use super::softmax::along;
use crate::record::{Constant, Draft, DraftNode};
use crate::{Binary, Operator, Reduction, Unary, ValueId};

/// `(x − mean) / √(variance + ε) · scale + bias` along the last axis: `LayerNormalization`.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let Parts { x, scale, bias, epsilon } = parts(draft, &draft.nodes()[at])?;
    let axis = draft.shape(x).len() - 1;
    let inputs = vec![x, draft.add_constant(&scale)?, draft.add_constant(&bias)?];
    Some(Rewrite::Operator(Operator::LayerNormalization { axis, epsilon }, inputs))
}

struct Parts {
    x: ValueId,
    scale: Arc<Constant>,
    bias: Arc<Constant>,
    epsilon: f32,
}

fn parts(draft: &Draft, node: &DraftNode) -> Option<Parts> {
    let (Operator::Binary(Binary::Add), [scaled, bias]) = (&node.operator, &node.inputs[..]) else {
        return None;
    };
    let bias = draft.constant(*bias)?;
    let (normalised, scale) = with_constant(draft, *scaled, Binary::Mul)?;
    let [centred, deviation] = draft.binary(normalised, Binary::Div)?;
    let axis = draft.shape(centred).len().checked_sub(1)?;
    let sum = draft.unary(deviation, Unary::Sqrt)?;
    let (variance, epsilon) = draft.with_scalar(sum, Binary::Add)?;
    is_variance(draft, variance, centred, axis).then_some(())?;
    let x = centred_from(draft, centred, axis)?;
    let (scale, bias) =
        (vector(&scale, draft.shape(x), axis)?, vector(bias, draft.shape(x), axis)?);
    Some(Parts { x, scale, bias, epsilon: epsilon as f32 })
}

/// Returns whether a value is the mean of another's square along an axis.
fn is_variance(draft: &Draft, variance: ValueId, centred: ValueId, axis: usize) -> bool {
    let Some(mean) = draft.only_for_one(variance) else { return false };
    along(mean, Reduction::Mean) == Some(axis)
        && draft.binary(mean.inputs[0], Binary::Mul) == Some([centred, centred])
}

/// Returns `x` of `x − mean(x)` along an axis, read by the division and, twice, by the square.
fn centred_from(draft: &Draft, centred: ValueId, axis: usize) -> Option<ValueId> {
    let node = draft.producer(centred).filter(|_| draft.uses(centred) == 3)?;
    let (Operator::Binary(Binary::Sub), [x, mean]) = (&node.operator, &node.inputs[..]) else {
        return None;
    };
    let mean = draft.only_for_one(*mean)?;
    (along(mean, Reduction::Mean) == Some(axis) && mean.inputs[0] == *x).then_some(*x)
}
