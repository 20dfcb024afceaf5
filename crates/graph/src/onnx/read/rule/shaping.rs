use super::{Ruled, computed};
use crate::onnx::read::broadcast::{broadcast, elements};
use crate::onnx::read::shape::listed;
use crate::onnx::read::source::Source;
use crate::{Operator, ReadError};

/// First opset in which `Squeeze` and `Unsqueeze` take their axes as an input.
const AXES_AS_INPUT: i64 = 13;

/// `Reshape`.
pub(super) fn reshape(source: &Source<'_>) -> Ruled {
    let input = source.shape(0)?;
    let wanted = source.integers(1)?.unwrap_or_default();
    let copies = source.int("allowzero", 0) == 0;
    let fits = || source.error(format!("{} has no shape {wanted:?}", listed(input)));
    let size = |(axis, size): (usize, &i64)| match size {
        0 if copies => input.get(axis).copied(),
        // What is left is found below.
        -1 => Some(1),
        size => usize::try_from(*size).ok(),
    };
    let shape = wanted.iter().enumerate().map(size).collect::<Option<Vec<_>>>();
    let mut shape = shape.ok_or_else(fits)?;
    let all = elements(input);
    if let Some(open) = wanted.iter().position(|size| *size == -1) {
        let rest = elements(&shape);
        let left = all.zip(rest).and_then(|(all, rest)| all.checked_div(rest));
        shape[open] = left.ok_or_else(fits)?;
    }
    if elements(&shape) != all {
        return Err(fits());
    }
    viewed(source, shape)
}

/// `Flatten`: a matrix, whose columns are the axes from one on.
pub(super) fn flatten(source: &Source<'_>) -> Ruled {
    let input = source.shape(0)?;
    let axis = match source.int("axis", 1) {
        axis if axis == input.len() as i64 => input.len(),
        axis => source.axis(axis, input.len())?,
    };
    let (rows, columns) = input.split_at(axis);
    viewed(source, vec![rows.iter().product(), columns.iter().product()])
}

/// `Squeeze`: without axes, all of size 1 go.
pub(super) fn squeeze(source: &Source<'_>) -> Ruled {
    let input = source.shape(0)?;
    let ones = || (0..input.len()).filter(|axis| input[*axis] == 1).collect();
    let axes = source.integers_since(AXES_AS_INPUT, "axes", 1)?;
    let axes = axes.map_or_else(|| Ok(ones()), |axes| source.axes(&axes, input.len()))?;
    if axes.iter().any(|axis| input[*axis] != 1) {
        return Err(source.error(format!("takes axes {axes:?} from {}", listed(input))));
    }
    let kept = (0..input.len()).filter(|axis| !axes.contains(axis));
    viewed(source, kept.map(|axis| input[axis]).collect())
}

/// `Unsqueeze`: axes are those of what comes out.
pub(super) fn unsqueeze(source: &Source<'_>) -> Ruled {
    let axes = source.integers_since(AXES_AS_INPUT, "axes", 1)?.unwrap_or_default();
    let rank = source.shape(0)?.len() + axes.len();
    let axes = source.axes(&axes, rank)?;
    let mut sizes = source.shape(0)?.iter();
    let size = |axis| if axes.contains(&axis) { Some(1) } else { sizes.next().copied() };
    let shape: Option<Vec<usize>> = (0..rank).map(size).collect();
    viewed(source, shape.ok_or_else(|| source.error("adds an axis twice"))?)
}

/// `Transpose`: without an order, the axes go backwards.
pub(super) fn transpose(source: &Source<'_>) -> Ruled {
    let input = source.shape(0)?;
    let backwards = || (0..input.len()).rev().collect();
    let order = |axes: Vec<i64>| -> Result<Vec<usize>, ReadError> {
        axes.iter().map(|axis| source.axis(*axis, input.len())).collect()
    };
    let permutation = source.ints("perm").map_or_else(|| Ok(backwards()), order)?;
    let mut sorted = permutation.clone();
    sorted.sort_unstable();
    if !sorted.into_iter().eq(0..input.len()) {
        return Err(source.error(format!("its `perm` is {permutation:?}")));
    }
    let shape = permutation.iter().map(|axis| input[*axis]).collect();
    computed(source, Operator::Transpose { permutation }, vec![source.id(0)?], shape)
}

/// `Expand`.
pub(super) fn expand(source: &Source<'_>) -> Ruled {
    let input = source.shape(0)?;
    let wanted = source.integers(1)?.unwrap_or_default();
    let wanted = source.sizes("shape", &wanted)?;
    let fits = || source.error(format!("{} has no shape {}", listed(input), listed(&wanted)));
    let shape = broadcast(input, &wanted).ok_or_else(fits)?;
    computed(source, Operator::Expand, vec![source.id(0)?], shape)
}

fn viewed(source: &Source<'_>, shape: Vec<usize>) -> Ruled {
    computed(source, Operator::Reshape, vec![source.id(0)?], shape)
}
