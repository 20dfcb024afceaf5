use super::Rewrite;
use crate::record::{Draft, DraftNode};
use crate::{Binary, Operator, Reduction, Unary};

/// `exp(x − max x)` over its sum along one axis: `Softmax`.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    let (Operator::Binary(Binary::Div), [above, below]) = (&node.operator, &node.inputs[..]) else {
        return None;
    };
    let sum = draft.only_for_one(*below)?;
    let axis = along(sum, Reduction::Sum)?;
    let exponential = draft.producer(*above).filter(|_| draft.uses(*above) == 2)?;
    if sum.inputs[0] != *above || exponential.operator != Operator::Unary(Unary::Exp) {
        return None;
    }
    let [x, largest] = draft.binary(exponential.inputs[0], Binary::Sub)?;
    let largest = draft.only_for_one(largest)?;
    (along(largest, Reduction::Max) == Some(axis) && largest.inputs[0] == x)
        .then(|| Rewrite::Operator(Operator::Softmax { axis }, vec![x]))
}

/// Returns the only axis along which a node reduces, if it stays.
pub(super) fn along(node: &DraftNode, which: Reduction) -> Option<usize> {
    match &node.operator {
        Operator::Reduce { reduction, axes, keep_dims: true } if *reduction == which => {
            axes.first().copied().filter(|_| axes.len() == 1)
        }
        _ => None,
    }
}
