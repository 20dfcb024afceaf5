use std::sync::Arc;

use crate::record::{Constant, Draft, Origin, new_id};
use crate::{Binary, ValueId};

/// Returns the value and the constant that make a value by a function of two, if the value is read
/// once. Sums and products have the constant on either side.
pub(super) fn with_constant(
    draft: &Draft,
    id: ValueId,
    binary: Binary,
) -> Option<(ValueId, Arc<Constant>)> {
    let [one, two] = draft.binary(id, binary)?;
    let either = matches!(binary, Binary::Add | Binary::Mul);
    match (draft.constant(one), draft.constant(two)) {
        (_, Some(constant)) => Some((one, Arc::clone(constant))),
        (Some(constant), None) if either => Some((two, Arc::clone(constant))),
        _ => None,
    }
}

/// Returns a constant as a vector if it has one element for each position on an axis of a shape:
/// the vector that it is a reshape of where there is one, so that a parameter stays itself.
pub(super) fn vector(
    constant: &Arc<Constant>,
    shape: &[usize],
    axis: usize,
) -> Option<Arc<Constant>> {
    let size = *shape.get(axis)?;
    let mut expected = vec![1; shape.len()];
    expected[axis] = size;
    (constant.shape == expected).then(|| as_vector(constant, size))
}

/// Returns a constant of `size` elements as a vector.
pub(super) fn as_vector(constant: &Arc<Constant>, size: usize) -> Arc<Constant> {
    let mut at = constant;
    while let (Origin::Reshaped(of), true) = (&at.origin, at.shape != [size]) {
        at = of;
    }
    if at.shape == [size] {
        return Arc::clone(at);
    }
    let path = constant.derived_from.clone();
    Arc::new(constant.reshaped(new_id(), vec![size]).derived_from(path))
}
