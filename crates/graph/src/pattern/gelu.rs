use std::f64::consts::SQRT_2;

use super::Rewrite;
use crate::record::Draft;
use crate::{Binary, Element, Operator, Unary, ValueId};

/// Half of `x · (1 + erf(x / √2))`, halved by a product: so PyTorch's exporter writes GELU, and so ONNX Runtime knows it as
/// one operator. Halved by a division, as Burn does, it would be five. Both give the same bits.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    let (Operator::Binary(Binary::Div), &[whole, two]) = (&node.operator, &node.inputs[..]) else {
        return None;
    };
    let [one, other] =
        draft.binary(whole, Binary::Mul).filter(|_| draft.scalar(two) == Some(2.0))?;
    if !(is_of(draft, one, other) || is_of(draft, other, one)) {
        return None;
    }
    let half = draft.add_scalar(0.5, Element::F32);
    Some(Rewrite::Operator(Operator::Binary(Binary::Mul), vec![whole, half]))
}

/// Returns whether a factor is `1 + erf(x / √2)`.
fn is_of(draft: &Draft, factor: ValueId, x: ValueId) -> bool {
    let scaled = draft
        .with_scalar(factor, Binary::Add)
        .filter(|(_, number)| *number == 1.0)
        .and_then(|(erf, _)| draft.unary(erf, Unary::Erf))
        .and_then(|scaled| draft.with_scalar(scaled, Binary::Div));
    scaled.is_some_and(|(of, by)| of == x && (by - SQRT_2).abs() < 1e-6)
}
