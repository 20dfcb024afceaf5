use super::{Becomes, Computed, Ruled};
use crate::onnx::read::source::Source;
use crate::{Element, Operator};

/// `QuantizeLinear`; without a zero point it gives unsigned bytes.
pub(super) fn quantize(source: &Source<'_>) -> Ruled {
    let inputs = source.ids(2..=3)?;
    let element = if source.has(2) { source.value(2)?.element } else { Element::U8 };
    let shape = source.shape(0)?.to_vec();
    Ok(Becomes::Computed(Computed { operator: Operator::QuantizeLinear, inputs, shape, element }))
}

/// `DequantizeLinear`; it gives what its scale holds.
pub(super) fn dequantize(source: &Source<'_>) -> Ruled {
    let inputs = source.ids(2..=3)?;
    let element = source.value(1)?.element;
    let shape = source.shape(0)?.to_vec();
    Ok(Becomes::Computed(Computed { operator: Operator::DequantizeLinear, inputs, shape, element }))
}
