use super::{Becomes, Computed, Ruled, computed};
use crate::onnx::read::source::Source;
use crate::{Operator, ReadError};

/// First opset in which `Slice` takes its settings as inputs.
const SLICES_AS_INPUTS: i64 = 10;

/// First opset in which `Split` takes its sizes as an input.
const SPLITS_AS_INPUT: i64 = 13;

/// `Concat`.
pub(super) fn concat(source: &Source<'_>) -> Ruled {
    let inputs = source.ids(1..=usize::MAX)?;
    let mut shape = source.shape(0)?.to_vec();
    let axis = source.axis(source.int("axis", 0), shape.len())?;
    for index in 1..inputs.len() {
        let other = source.shape(index)?;
        let differs = |at: usize| at != axis && other[at] != shape[at];
        if other.len() != shape.len() || (0..shape.len()).any(differs) {
            return Err(source.error(format!("its input {index} has another shape")));
        }
        shape[axis] += other[axis];
    }
    computed(source, Operator::Concat { axis }, inputs, shape)
}

/// `Gather`: the indices' axes take the place of the one that is picked from.
pub(super) fn gather(source: &Source<'_>) -> Ruled {
    let (data, indices) = (source.shape(0)?, source.shape(1)?);
    let axis = source.axis(source.int("axis", 0), data.len())?;
    let shape = [&data[..axis], indices, &data[axis + 1..]].concat();
    computed(source, Operator::Gather { axis }, source.ids(2..=2)?, shape)
}

/// `Slice`.
pub(super) fn slice(source: &Source<'_>) -> Ruled {
    let shape = source.shape(0)?;
    let setting = |name, index| source.integers_since(SLICES_AS_INPUTS, name, index);
    let starts = setting("starts", 1)?.unwrap_or_default();
    let ends = setting("ends", 2)?.unwrap_or_default();
    let axes = setting("axes", 3)?.unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = setting("steps", 4)?.unwrap_or_else(|| vec![1; starts.len()]);
    if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] {
        return Err(source.error("its settings are not of one length"));
    }
    let mut cuts = whole(shape);
    for (index, axis) in axes.iter().enumerate() {
        let axis = source.axis(*axis, shape.len())?;
        let cut = Cut { start: starts[index], end: ends[index], step: steps[index] };
        cuts[axis] = cut.within(shape[axis]).ok_or_else(|| source.error("goes in steps of 0"))?;
    }
    part(source, &cuts).map(Becomes::Computed)
}

/// `Split`: a slice for each output.
pub(super) fn split(source: &Source<'_>) -> Result<Vec<Becomes>, ReadError> {
    let shape = source.shape(0)?;
    let axis = source.axis(source.int("axis", 0), shape.len())?;
    let sizes = match source.integers_since(SPLITS_AS_INPUT, "split", 1)? {
        Some(sizes) => sizes,
        None => equal_parts(shape[axis], source.node.output.len()),
    };
    if sizes.iter().sum::<i64>() != shape[axis] as i64 || sizes.iter().any(|size| *size < 0) {
        return Err(source.error(format!("splits {} into {sizes:?}", shape[axis])));
    }
    let mut start = 0;
    let part_of = |size: &i64| {
        let mut cuts = whole(shape);
        cuts[axis] = Cut { start, end: start + size, step: 1 };
        start += size;
        part(source, &cuts).map(Becomes::Computed)
    };
    sizes.iter().map(part_of).collect()
}

/// Parts of one size; the last takes what is left.
fn equal_parts(size: usize, parts: usize) -> Vec<i64> {
    let each = size.div_ceil(parts.max(1));
    let starts = (0..parts).map(|part| (part * each).min(size));
    starts.map(|start| ((start + each).min(size) - start) as i64).collect()
}

/// What is kept of an axis.
struct Cut {
    /// First index.
    start: i64,
    /// Index behind the last; −1 backwards from the first on.
    end: i64,
    /// From one index to the next.
    step: i64,
}

impl Cut {
    /// Returns the cut of an axis of a size; indices may be counted from behind or lie beyond.
    fn within(&self, size: usize) -> Option<Self> {
        let size = size as i64;
        let counted = |at: i64| if at < 0 { at.saturating_add(size) } else { at };
        let (start, end) = (counted(self.start), counted(self.end));
        let step = self.step.clamp(-i64::from(i32::MAX), i64::from(i32::MAX));
        match step {
            0 => None,
            1.. => Some(Self { start: start.clamp(0, size), end: end.clamp(0, size), step }),
            _ => {
                let last = size - 1;
                Some(Self { start: start.clamp(-1, last), end: end.clamp(-1, last), step })
            }
        }
    }

    fn size(&self) -> usize {
        let Self { start, end, step } = self;
        let room = if *step > 0 { end - start } else { start - end };
        usize::try_from(room).unwrap_or_default().div_ceil(step.unsigned_abs() as usize)
    }

    /// The index behind the last as the graph has it: before the first is counted from behind.
    fn behind(&self, size: usize) -> i64 {
        if self.end < 0 { -(size as i64) - 1 } else { self.end }
    }
}

fn whole(shape: &[usize]) -> Vec<Cut> {
    shape.iter().map(|size| Cut { start: 0, end: *size as i64, step: 1 }).collect()
}

fn part(source: &Source<'_>, cuts: &[Cut]) -> Result<Computed, ReadError> {
    let sizes = source.shape(0)?;
    let operator = Operator::Slice {
        starts: cuts.iter().map(|cut| cut.start).collect(),
        ends: cuts.iter().zip(sizes).map(|(cut, size)| cut.behind(*size)).collect(),
        steps: cuts.iter().map(|cut| cut.step).collect(),
    };
    let shape = cuts.iter().map(Cut::size).collect();
    Ok(Computed { operator, inputs: vec![source.id(0)?], shape, element: source.element()? })
}
