use super::{Ruled, computed};
use crate::Operator;
use crate::onnx::read::source::Source;

/// First opset in which `Pad` takes its settings as inputs.
const PADS_AS_INPUTS: i64 = 11;

/// `Pad` with a constant.
pub(super) fn pad(source: &Source<'_>) -> Ruled {
    source.expect_text("mode", &["constant"])?;
    let input = source.shape(0)?;
    let (pads, value) = if source.opset >= PADS_AS_INPUTS {
        (source.integers(1)?, source.number(2)?.unwrap_or_default())
    } else {
        (source.ints("pads"), source.float("value", 0.0))
    };
    let pads = source.sizes("`pads`", &pads.unwrap_or_default())?;
    let axes = source.integers(3)?.unwrap_or_else(|| (0..input.len() as i64).collect());
    if pads.len() != 2 * axes.len() {
        return Err(source.error(format!("pads {} axes by {} numbers", axes.len(), pads.len())));
    }
    let (mut before, mut after) = (vec![0; input.len()], vec![0; input.len()]);
    for (index, axis) in axes.iter().enumerate() {
        let axis = source.axis(*axis, input.len())?;
        (before[axis], after[axis]) = (pads[index], pads[index + axes.len()]);
    }
    let grown = |axis: usize| before[axis] + input[axis] + after[axis];
    let shape = (0..input.len()).map(grown).collect();
    computed(source, Operator::Pad { before, after, value }, vec![source.id(0)?], shape)
}
