use burn::tensor::TensorData;
use burn_ir::{GatherOpIr, SelectOpIr};

use super::lowering::{Lowered, Lowering, Missing};
use crate::Operator;
use crate::record::{Constant, Origin, new_id};

/// Adds the picking of whole slices.
pub(super) fn select(to: &mut Lowering<'_>, of: &SelectOpIr) -> Lowered {
    let inputs = to.values([&of.tensor, &of.indices])?;
    to.emit(Operator::Gather { axis: of.dim }, inputs, &of.out)
}

/// Adds the picking of single elements, where it is one of whole slices.
pub(super) fn gather(to: &mut Lowering<'_>, of: &GatherOpIr) -> Lowered {
    let (data, picked) = (&of.tensor.shape, &of.indices.shape);
    let others = (0..data.rank()).filter(|axis| *axis != of.dim);
    let whole = others.into_iter().all(|axis| data[axis] == picked[axis]);
    let indices = to.constant(&of.indices).filter(|_| whole);
    let indices = indices.and_then(|constant| along(&constant.data(), of.dim));
    let Some(indices) = indices else {
        let case = "indices must be constant, and the same in each whole slice; use `select`";
        return Err(Missing::Case(case.to_owned()));
    };
    let count = indices.len();
    let constant = Constant::new(new_id(), TensorData::new(indices, [count]), Origin::Given);
    let inputs = vec![to.value(&of.tensor)?, to.add_constant(constant)?];
    to.emit(Operator::Gather { axis: of.dim }, inputs, &of.out)
}

/// Returns the indices along an axis if they are the same at all other coordinates.
fn along(data: &TensorData, axis: usize) -> Option<Vec<i64>> {
    let indices: Vec<i64> = data.iter::<i64>().collect();
    let stride: usize = data.shape[axis + 1..].iter().product();
    let count = data.shape[axis];
    let first: Vec<i64> = indices.iter().step_by(stride).take(count).copied().collect();
    let at = |position: usize| first.get(position / stride % count);
    indices.iter().enumerate().all(|(position, index)| at(position) == Some(index)).then_some(first)
}
