use std::collections::HashMap;

use crate::record::{Draft, DraftNode};
use crate::{Binary, Operator, Unary, ValueId};

/// Returns whether no element of a value can be negative, as far as its operators tell.
pub(super) fn is_non_negative(draft: &Draft, value: ValueId) -> bool {
    known(draft, value, &mut HashMap::new())
}

/// Each value is looked at once, for its paths to the input can be many.
fn known(draft: &Draft, value: ValueId, seen: &mut HashMap<ValueId, bool>) -> bool {
    if let Some(known) = seen.get(&value) {
        return *known;
    }
    let is = draft.producer(value).is_some_and(|node| by_operator(draft, node, seen));
    seen.insert(value, is);
    is
}

fn by_operator(draft: &Draft, node: &DraftNode, seen: &mut HashMap<ValueId, bool>) -> bool {
    match node.operator {
        Operator::Unary(unary) => {
            use Unary::{Abs, Exp, Relu, Sigmoid, Softplus, Sqrt};
            matches!(unary, Abs | Exp | Relu | Sigmoid | Softplus | Sqrt)
        }
        Operator::Clip { low, .. } => low >= 0.0,
        Operator::HardSigmoid { .. } | Operator::Softmax { .. } => true,
        Operator::MaxPool(_)
        | Operator::AveragePool { .. }
        | Operator::GlobalAveragePool
        | Operator::Concat { .. }
        | Operator::Slice { .. }
        | Operator::Reshape
        | Operator::Transpose { .. }
        | Operator::Expand
        | Operator::Binary(Binary::Add | Binary::Mul) => {
            node.inputs.iter().all(|input| known(draft, *input, seen))
        }
        _ => false,
    }
}
