use super::{Ruled, computed};
use crate::onnx::read::source::Source;
use crate::{Operator, ReadError, Reduction};

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

fn reduced(source: &Source<'_>, reduction: Reduction, since: i64) -> Ruled {
    let shape = source.shape(0)?;
    let axes = axes(source, since)?;
    if axes.is_empty() {
        return Ok(super::Becomes::Same(source.id(0)?));
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
