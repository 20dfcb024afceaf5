use std::sync::Arc;

use burn::tensor::TensorData;

use super::Rewrite;
use super::channels::{as_vector, vector, with_constant};
use crate::record::{Constant, Draft, DraftNode, Origin, new_id};
use crate::{Binary, Operator, ValueId};

/// `(x − mean) / deviation · scale + bias`, all four constant on each channel:
/// `BatchNormalization`.
///
/// The recorder has folded the deviation; its origin tells variance and epsilon.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let Parts { x, scale, bias, mean, variance, epsilon } = parts(draft, &draft.nodes()[at])?;
    let mut inputs = vec![x];
    for constant in [scale, bias, mean, variance] {
        inputs.push(draft.add_constant(&constant)?);
    }
    Some(Rewrite::Operator(Operator::BatchNormalization { epsilon }, inputs))
}

struct Parts {
    x: ValueId,
    scale: Arc<Constant>,
    bias: Arc<Constant>,
    mean: Arc<Constant>,
    variance: Arc<Constant>,
    epsilon: f32,
}

fn parts(draft: &Draft, node: &DraftNode) -> Option<Parts> {
    let (scaled, bias) = sum(draft, node)?;
    let (normalised, scale) = with_constant(draft, scaled, Binary::Mul)?;
    let (centred, deviation) = with_constant(draft, normalised, Binary::Div)?;
    let (x, mean) = with_constant(draft, centred, Binary::Sub)?;
    let shape = draft.shape(x);
    let channels = |constant| vector(constant, shape, 1);
    channels(&deviation)?;
    let (variance, epsilon) = variance(&deviation, shape[1])?;
    let (scale, bias, mean) = (channels(&scale)?, channels(&bias)?, channels(&mean)?);
    Some(Parts { x, scale, bias, mean, variance, epsilon })
}

/// Returns the value and the constant that a node adds.
fn sum(draft: &Draft, node: &DraftNode) -> Option<(ValueId, Arc<Constant>)> {
    let (Operator::Binary(Binary::Add), [one, two]) = (&node.operator, &node.inputs[..]) else {
        return None;
    };
    match (draft.constant(*one), draft.constant(*two)) {
        (None, Some(constant)) => Some((*one, Arc::clone(constant))),
        (Some(constant), None) => Some((*two, Arc::clone(constant))),
        _ => None,
    }
}

/// Returns variance and epsilon of a deviation: as the module has them if it is the root of their
/// sum, else its square and zero.
fn variance(deviation: &Arc<Constant>, channels: usize) -> Option<(Arc<Constant>, f32)> {
    let Origin::SquareRoot(sum) = &deviation.root().origin else {
        return squared(deviation).map(|variance| (variance, 0.0));
    };
    let (variance, epsilon) = match &sum.root().origin {
        Origin::AddedScalar(variance, epsilon) => (variance, *epsilon as f32),
        _ => (sum, 0.0),
    };
    Some((as_vector(variance, channels), epsilon))
}

fn squared(deviation: &Arc<Constant>) -> Option<Arc<Constant>> {
    let data = deviation.data();
    let squares: Vec<f32> =
        data.as_slice::<f32>().ok()?.iter().map(|value| value * value).collect();
    let count = squares.len();
    let constant = Constant::new(new_id(), TensorData::new(squares, [count]), Origin::Given);
    Some(Arc::new(constant.derived_from(deviation.derived_from.clone())))
}
