use std::ops::Range;

use burn_ir::{SliceAssignOpIr, TensorIr};

use super::lowering::{Lowered, Lowering, Missing};
use super::slice;
use crate::{Operator, ValueId};

type Ranges = Vec<(Range<usize>, isize)>;

/// Adds the writing of a part of a tensor: into a number everywhere it is a pad, along one axis the
/// part between what is before and behind it.
pub(super) fn lower(to: &mut Lowering<'_>, of: &SliceAssignOpIr) -> Lowered {
    let ranges = slice::ranges(&of.ranges, &of.tensor.shape);
    let value = to.value(&of.value)?;
    if ranges.iter().any(|(_, step)| *step != 1) {
        return Err(Missing::Case("only a part in steps of 1 can be written".to_owned()));
    }
    let partial = partial_axes(&ranges, &of.tensor);
    if partial.is_empty() {
        to.alias(&of.out, value);
        return Ok(());
    }
    if let Some(number) = to.unnamed_number(&of.tensor) {
        let before = ranges.iter().map(|(range, _)| range.start).collect();
        let after = ranges.iter().zip(of.tensor.shape.iter());
        let after = after.map(|((range, _), size)| size - range.end).collect();
        let operator = Operator::Pad { before, after, value: number.elem() };
        return to.emit(operator, vec![value], &of.out);
    }
    match partial[..] {
        [axis] => between(to, of, ranges, axis),
        _ => Err(Missing::Case("only a part along one axis can be written".to_owned())),
    }
}

/// Returns the axes that are not written as a whole.
fn partial_axes(ranges: &Ranges, tensor: &TensorIr) -> Vec<usize> {
    let sizes = ranges.iter().zip(tensor.shape.iter()).enumerate();
    sizes.filter(|(_, ((range, _), size))| *range != (0..**size)).map(|(axis, _)| axis).collect()
}

fn between(to: &mut Lowering<'_>, of: &SliceAssignOpIr, ranges: Ranges, axis: usize) -> Lowered {
    let written = ranges[axis].0.clone();
    let before = part(to, &of.tensor, &ranges, axis, 0..written.start)?;
    let value = to.value(&of.value)?;
    let after = part(to, &of.tensor, &ranges, axis, written.end..of.tensor.shape[axis])?;
    let inputs = before.into_iter().chain([value]).chain(after).collect();
    to.emit(Operator::Concat { axis }, inputs, &of.out)
}

fn part(
    to: &mut Lowering<'_>,
    tensor: &TensorIr,
    ranges: &Ranges,
    axis: usize,
    range: Range<usize>,
) -> Result<Option<ValueId>, Missing> {
    if range.is_empty() {
        return Ok(None);
    }
    let (mut ranges, mut shape) = (ranges.clone(), tensor.shape.to_vec());
    shape[axis] = range.len();
    ranges[axis] = (range, 1);
    let input = to.value(tensor)?;
    let operator = slice::operator(&tensor.shape, &ranges);
    to.emit_inner(operator, vec![input], shape, tensor.dtype).map(Some)
}
