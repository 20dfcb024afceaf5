use super::window::{Window, window};
use super::{Ruled, computed};
use crate::onnx::read::source::Source;
use crate::{Operator, PoolOperator, ReadError, Reduction};

/// `MaxPool`, of two dimensions.
pub(super) fn maximum(source: &Source<'_>) -> Ruled {
    source.expect_int("storage_order", 0)?;
    let (pool, shape) = pool(source)?;
    computed(source, Operator::MaxPool(pool), source.ids(1..=1)?, shape)
}

/// `AveragePool`, of two dimensions.
pub(super) fn mean(source: &Source<'_>) -> Ruled {
    let (pool, shape) = pool(source)?;
    let count_include_pad = source.int("count_include_pad", 0) != 0;
    let operator = Operator::AveragePool { pool, count_include_pad };
    computed(source, operator, source.ids(1..=1)?, shape)
}

/// `GlobalAveragePool`: of two dimensions an operator of its own, of others the mean over them.
pub(super) fn global_mean(source: &Source<'_>) -> Ruled {
    if source.shape(0)?.len() != 4 {
        return global(source, Reduction::Mean);
    }
    let [images, channels, _, _] = source.shape_of::<4>(0)?;
    let shape = vec![images, channels, 1, 1];
    computed(source, Operator::GlobalAveragePool, source.ids(1..=1)?, shape)
}

/// `GlobalMaxPool`: the largest of each channel.
pub(super) fn global_maximum(source: &Source<'_>) -> Ruled {
    global(source, Reduction::Max)
}

/// One number of each channel of an image, a sound or a volume.
fn global(source: &Source<'_>, reduction: Reduction) -> Ruled {
    let shape = source.shape(0)?;
    let [images, channels, rest @ ..] = shape else {
        return Err(source.error(format!("its input 0 is {shape:?}, expected 3 axes at least")));
    };
    if rest.is_empty() {
        return Err(source.error(format!("its input 0 is {shape:?}, expected 3 axes at least")));
    }
    let reduced = [&[*images, *channels][..], &vec![1; rest.len()]].concat();
    let operator =
        Operator::Reduce { reduction, axes: (2..shape.len()).collect(), keep_dims: true };
    computed(source, operator, source.ids(1..=1)?, reduced)
}

/// Returns the windows and the shape of what comes out.
fn pool(source: &Source<'_>) -> Result<(PoolOperator, Vec<usize>), ReadError> {
    let [images, channels, height, width] = source.shape_of::<4>(0)?;
    let window = window(source, None, [height, width])?;
    let ceil = source.int("ceil_mode", 0) != 0;
    let [down, across] = window.count(source, [height, width], ceil)?;
    let Window { kernel, stride, dilation, padding } = window;
    let pool = PoolOperator { kernel, stride, padding, dilation, ceil };
    Ok((pool, vec![images, channels, down, across]))
}
