use super::Rewrite;
use super::softmax::along;
use crate::record::{Draft, DraftNode};
use crate::{Operator, Reduction, ValueId};

/// Mean over height and width, at once, one after the other or over their flattened plane:
/// `GlobalAveragePool`, then the mean's shape.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = draft.nodes()[at].clone();
    let x = over_both(draft, &node)
        .or_else(|| over_one_and_other(draft, &node))
        .or_else(|| over_plane(draft, &node))?;
    let shape = draft.shape(x);
    let pooled = vec![shape[0], shape[1], 1, 1];
    if *draft.shape(node.output) == pooled[..] {
        return Some(Rewrite::Operator(Operator::GlobalAveragePool, vec![x]));
    }
    let element = draft.value(x).element;
    let mean = draft.add_value(pooled, element);
    let pool = DraftNode { operator: Operator::GlobalAveragePool, inputs: vec![x], output: mean };
    let reshape =
        DraftNode { operator: Operator::Reshape, inputs: vec![mean], output: node.output };
    Some(Rewrite::Nodes(vec![pool, reshape]))
}

fn over_both(draft: &Draft, node: &DraftNode) -> Option<ValueId> {
    let Operator::Reduce { reduction: Reduction::Mean, axes, .. } = &node.operator else {
        return None;
    };
    let x = node.inputs[0];
    (axes[..] == [2, 3] && draft.shape(x).len() == 4).then_some(x)
}

fn over_one_and_other(draft: &Draft, node: &DraftNode) -> Option<ValueId> {
    let second = along(node, Reduction::Mean)?;
    let inner = draft.only_for_one(node.inputs[0])?;
    let first = along(inner, Reduction::Mean)?;
    let x = inner.inputs[0];
    let spatial = matches!((first, second), (2, 3) | (3, 2));
    (spatial && draft.shape(x).len() == 4).then_some(x)
}

fn over_plane(draft: &Draft, node: &DraftNode) -> Option<ValueId> {
    along(node, Reduction::Mean).filter(|axis| *axis == 2)?;
    let flat = draft.only_for_one(node.inputs[0])?;
    let x = *flat.inputs.first()?;
    let (Operator::Reshape, [n, c, h, w]) = (&flat.operator, draft.shape(x)) else { return None };
    (*draft.shape(flat.output) == [*n, *c, h * w]).then_some(x)
}
