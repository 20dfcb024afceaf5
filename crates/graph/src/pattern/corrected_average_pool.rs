use super::Rewrite;
use crate::record::Draft;
use crate::{Binary, Operator, PoolOperator};

/// Largest relative difference of factors that are the same except for rounding.
const ROUNDING: f32 = 1e-5;

/// The mean of windows with zeros that count, times the window's size over how much of it lies
/// inside: the same with padding that does not count.
pub(super) fn of(draft: &mut Draft, at: usize) -> Option<Rewrite> {
    let node = &draft.nodes()[at];
    let (Operator::Binary(Binary::Mul), [means, factors]) = (&node.operator, &node.inputs[..])
    else {
        return None;
    };
    let pooling = draft.only_for_one(*means)?;
    let Operator::AveragePool { pool, count_include_pad: true } = pooling.operator else {
        return None;
    };
    let image = pooling.inputs[0];
    let [_, _, height, width] = *draft.shape(image) else { return None };
    let factors = draft.constant(*factors)?.data();
    let expected = factors_of(&pool, [height, width]);
    let planes = [1, 1, expected.len(), expected.first()?.len()];
    let found = factors.as_slice::<f32>().ok()?;
    let same = |(one, two): (&f32, &f32)| (one - two).abs() <= ROUNDING * two;
    let fits = factors.shape.as_slice() == planes && !pool.ceil && pool.dilation == [1, 1];
    (fits && found.iter().zip(expected.iter().flatten()).all(same)).then(|| {
        Rewrite::Operator(Operator::AveragePool { pool, count_include_pad: false }, vec![image])
    })
}

/// Returns what each window's mean is to be multiplied by, row by row.
fn factors_of(pool: &PoolOperator, [height, width]: [usize; 2]) -> Vec<Vec<f32>> {
    let [rows, columns] = pool.kernel;
    let padding = pool.padding;
    let down = inside([padding.top, height, padding.bottom], rows, pool.stride[0]);
    let across = inside([padding.left, width, padding.right], columns, pool.stride[1]);
    let window = (rows * columns) as f32;
    down.iter()
        .map(|down| across.iter().map(|across| window / (down * across) as f32).collect())
        .collect()
}

/// Returns how many pixels of each window are inside the image, along one axis.
fn inside([before, size, behind]: [usize; 3], kernel: usize, stride: usize) -> Vec<usize> {
    let last = (before + size + behind).saturating_sub(kernel);
    let of_window =
        |start: usize| (start + kernel).min(before + size).saturating_sub(start.max(before));
    (0..=last).step_by(stride).map(of_window).collect()
}
