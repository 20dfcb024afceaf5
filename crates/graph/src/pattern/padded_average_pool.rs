use super::Rewrite;
use super::padding::{Padded, is_less_than, together};
use crate::record::Draft;
use crate::{Operator, OperatorPadding, PoolOperator};

/// The mean of windows on an image with zeros around it: the same with padding that counts.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    let Operator::AveragePool { pool, count_include_pad } = node.operator else { return None };
    let Padded { image, number, padding } = Padded::of(draft, node.inputs[0])?;
    let counts = count_include_pad || pool.padding == OperatorPadding::default();
    let padding = together(pool.padding, padding);
    let operator =
        Operator::AveragePool { pool: PoolOperator { padding, ..pool }, count_include_pad: true };
    (number == 0.0 && counts && !pool.ceil && is_less_than(padding, pool.kernel))
        .then(|| Rewrite::Operator(operator, vec![image]))
}
