use super::{Ruled, computed, same_shape};
use crate::Operator;
use crate::onnx::read::source::Source;

/// First opset in which `Softmax` is over one axis alone.
const SOFTMAX_OF_ONE_AXIS: i64 = 13;

/// `BatchNormalization` of inference.
pub(super) fn batch(source: &Source<'_>) -> Ruled {
    source.expect_int("spatial", 1)?;
    source.expect_int("training_mode", 0)?;
    let operator = Operator::BatchNormalization { epsilon: source.float("epsilon", 1e-5) };
    computed(source, operator, source.ids(5..=5)?, source.shape(0)?.to_vec())
}

/// `LayerNormalization` with scale and bias.
pub(super) fn layer(source: &Source<'_>) -> Ruled {
    let axis = source.axis(source.int("axis", -1), source.shape(0)?.len())?;
    let operator = Operator::LayerNormalization { axis, epsilon: source.float("epsilon", 1e-5) };
    computed(source, operator, source.ids(3..=3)?, source.shape(0)?.to_vec())
}

/// `Softmax`; before opset 13 it is over all axes from one on.
pub(super) fn softmax(source: &Source<'_>) -> Ruled {
    let rank = source.shape(0)?.len();
    let one_axis = source.opset >= SOFTMAX_OF_ONE_AXIS;
    let axis = source.axis(source.int("axis", if one_axis { -1 } else { 1 }), rank)?;
    // Axes of size 1 behind the first add nothing.
    let is_one = source.shape(0)?[axis + 1..].iter().all(|size| *size == 1);
    if !one_axis && !is_one {
        let reason = format!("is over axes {axis} to {}, expected one", rank - 1);
        return Err(source.error(reason));
    }
    same_shape(source, Operator::Softmax { axis })
}

/// `LRN`, over channels.
pub(super) fn local_response(source: &Source<'_>) -> Ruled {
    let sizes = source.sizes("size", &[source.int("size", 0)])?;
    let operator = Operator::Lrn {
        size: sizes.first().copied().unwrap_or_default(),
        alpha: source.float("alpha", 1e-4),
        beta: source.float("beta", 0.75),
        bias: source.float("bias", 1.0),
    };
    same_shape(source, operator)
}
