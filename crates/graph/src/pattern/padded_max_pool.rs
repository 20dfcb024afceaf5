use super::Rewrite;
use super::non_negative::is_non_negative;
use super::padding::{Padded, is_less_than, together};
use crate::record::Draft;
use crate::{Operator, PoolOperator};

/// The largest of windows on an image with minus infinity around it, or with zeros where nothing is
/// negative: the same with the pool's own padding, which is minus infinity in ONNX.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    let Operator::MaxPool(pool) = node.operator else { return None };
    let Padded { image, number, padding } = Padded::of(draft, node.inputs[0])?;
    let padding = together(pool.padding, padding);
    let fits = is_less_than(padding, pool.kernel) && pool.dilation == [1, 1] && !pool.ceil;
    let lowest = number == f32::NEG_INFINITY || number == 0.0 && is_non_negative(draft, image);
    (fits && lowest).then(|| {
        Rewrite::Operator(Operator::MaxPool(PoolOperator { padding, ..pool }), vec![image])
    })
}
