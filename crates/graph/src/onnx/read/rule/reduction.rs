use super::{Becomes, Computed, Ruled, computed};
use crate::onnx::read::source::Source;
use crate::{Element, Operator, ReadError, Reduction};

/// Each reduction with the first opset in which it takes its axes as an input.
const REDUCTIONS: [(Reduction, i64); 5] = [
    (Reduction::Max, 18),
    (Reduction::Mean, 18),
    (Reduction::Min, 18),
    (Reduction::Prod, 18),
    (Reduction::Sum, 13),
];

/// A reduction, if the operator is one.
pub(super) fn reduce(source: &Source<'_>) -> Option<Ruled> {
    let named = |(reduction, _): &(Reduction, i64)| {
        let (axes, keep_dims) = (Vec::new(), false);
        Operator::Reduce { reduction: *reduction, axes, keep_dims }.kind() == source.kind()
    };
    let (reduction, since) = REDUCTIONS.into_iter().find(named)?;
    Some(reduced(source, reduction, since))
}

/// `ArgMax`; of equal ones the first.
pub(super) fn largest(source: &Source<'_>) -> Ruled {
    index(source, |axis, keep_dims| Operator::ArgMax { axis, keep_dims })
}

/// `ArgMin`; of equal ones the first.
pub(super) fn smallest(source: &Source<'_>) -> Ruled {
    index(source, |axis, keep_dims| Operator::ArgMin { axis, keep_dims })
}

fn index(source: &Source<'_>, operator: fn(usize, bool) -> Operator) -> Ruled {
    source.expect_int("select_last_index", 0)?;
    let mut shape = source.shape(0)?.to_vec();
    let axis = source.axis(source.int("axis", 0), shape.len())?;
    let keep_dims = source.int("keepdims", 1) != 0;
    if keep_dims {
        shape[axis] = 1;
    } else {
        shape.remove(axis);
    }
    let (operator, inputs) = (operator(axis, keep_dims), source.ids(1..=1)?);
    Ok(Becomes::Computed(Computed { operator, inputs, shape, element: Element::I64 }))
}

fn reduced(source: &Source<'_>, reduction: Reduction, since: i64) -> Ruled {
    let shape = source.shape(0)?;
    let axes = axes(source, since)?;
    if axes.is_empty() {
        return Ok(Becomes::Same(source.id(0)?));
    }
    let keep_dims = source.int("keepdims", 1) != 0;
    let kept = |(axis, size): (usize, &usize)| match (axes.contains(&axis), keep_dims) {
        (false, _) => Some(*size),
        (true, true) => Some(1),
        (true, false) => None,
    };
    let shape = shape.iter().enumerate().filter_map(kept).collect();
    let operator = Operator::Reduce { reduction, axes, keep_dims };
    computed(source, operator, vec![source.id(0)?], shape)
}

/// If no axes are given, all are reduced, unless an attribute states that none is.
fn axes(source: &Source<'_>, since: i64) -> Result<Vec<usize>, ReadError> {
    let rank = source.shape(0)?.len();
    let axes = source.integers_since(since, "axes", 1)?.unwrap_or_default();
    if axes.is_empty() && source.int("noop_with_empty_axes", 0) == 0 {
        return Ok((0..rank).collect());
    }
    source.axes(&axes, rank)
}
