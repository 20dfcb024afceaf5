//! Pools over windows, padded by an operation of their own: not every backend's pools take padding.

use burn::tensor::module::{avg_pool2d, max_pool2d};
use burn::tensor::ops::PadMode;
use burn::tensor::{Tensor, TensorData, backend::Backend};
use formbench_blueprint::{Padding, Pool, PoolKind};

/// Returns one number for each window.
///
/// # Shapes
/// - `input`: `[batch, channels, height, width]`
/// - returns: `[batch, channels, windows down, windows across]`
pub(crate) fn pool<B: Backend>(pool: &Pool, input: Tensor<B, 4>) -> Tensor<B, 4> {
    let [_, _, height, width] = input.dims();
    let size = [height, width];
    let padding = pool.reached(size);
    match pool.kind {
        PoolKind::Max => {
            let input = padded(input, padding, f32::NEG_INFINITY);
            max_pool2d(input, [pool.kernel; 2], [pool.stride; 2], [0, 0], [1, 1], false)
        }
        PoolKind::AverageWithPadding => mean(pool, padded(input, padding, 0.0)),
        PoolKind::Average if padding == Padding::default() => mean(pool, input),
        PoolKind::Average => {
            let device = input.device();
            let means = mean(pool, padded(input, padding, 0.0));
            means * Tensor::from_data(corrections(pool, padding, size), &device)
        }
    }
}

/// Returns the means of equal windows that cover the plane, `size` down and across.
///
/// # Shapes
/// - `input`: `[batch, channels, height, width]`, both multiples of `size`
/// - returns: `[batch, channels, size, size]`
pub(crate) fn adaptive_average<B: Backend>(size: usize, input: Tensor<B, 4>) -> Tensor<B, 4> {
    let [_, _, height, width] = input.dims();
    if [height, width] == [size; 2] {
        return input;
    }
    let kernel = [height / size, width / size];
    avg_pool2d(input, kernel, kernel, [0, 0], true, false)
}

/// Returns the features with a constant around them.
pub(crate) fn padded<B: Backend>(
    input: Tensor<B, 4>,
    padding: Padding,
    value: f32,
) -> Tensor<B, 4> {
    if padding == Padding::default() {
        return input;
    }
    let Padding { top, left, bottom, right } = padding;
    input.pad((left, right, top, bottom), PadMode::Constant(value))
}

fn mean<B: Backend>(pool: &Pool, input: Tensor<B, 4>) -> Tensor<B, 4> {
    avg_pool2d(input, [pool.kernel; 2], [pool.stride; 2], [0, 0], true, false)
}

/// Returns what makes means that count zeros means of what is inside the image.
///
/// # Shapes
/// - returns: `[1, 1, windows down, windows across]`
fn corrections(pool: &Pool, padding: Padding, [height, width]: [usize; 2]) -> TensorData {
    let rows = inside(pool, padding.top, height, padding.bottom);
    let columns = inside(pool, padding.left, width, padding.right);
    let window = (pool.kernel * pool.kernel) as f32;
    let correction = |row: &usize, column: &usize| window / (row * column) as f32;
    let values: Vec<f32> = rows
        .iter()
        .flat_map(|row| columns.iter().map(move |column| correction(row, column)))
        .collect();
    TensorData::new(values, [1, 1, rows.len(), columns.len()])
}

/// Returns how many pixels of each window are inside the image, along one axis.
fn inside(pool: &Pool, before: usize, size: usize, behind: usize) -> Vec<usize> {
    let windows = (before + size + behind - pool.kernel) / pool.stride + 1;
    let of_window = |window: usize| {
        let start = (window * pool.stride).max(before);
        let end = (window * pool.stride + pool.kernel).min(before + size);
        end - start
    };
    (0..windows).map(of_window).collect()
}

#[cfg(test)]
mod tests {
    use burn_flex::Flex;

    use super::*;

    fn image() -> Tensor<Flex, 4> {
        Tensor::from_data(
            [[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]],
            &Default::default(),
        )
    }

    fn values(pooled: Tensor<Flex, 4>) -> Vec<f32> {
        pooled.into_data().to_vec().unwrap()
    }

    #[test]
    fn a_mean_is_of_what_is_inside_unless_padding_counts() {
        let corners = Pool::average(3, 2).padding(1);
        // Each window is a corner with its three neighbours: 12/4, 16/4, 24/4, 28/4.
        assert_eq!(values(pool(&corners, image())), [3.0, 4.0, 6.0, 7.0]);
        let expected = [12.0, 16.0, 24.0, 28.0].map(|sum: f32| sum / 9.0);
        let found = values(pool(&corners.counting_padding(), image()));
        assert!(found.iter().zip(expected).all(|(one, two)| (one - two).abs() < 1e-6), "{found:?}");
    }

    #[test]
    fn the_largest_of_negatives_is_not_the_padding() {
        let corners = Pool::max(3, 2).padding(1);
        assert_eq!(values(pool(&corners, image().neg())), [-1.0, -2.0, -4.0, -5.0]);
    }

    #[test]
    fn partial_windows_count_where_they_are_asked_for() {
        assert_eq!(values(pool(&Pool::max(2, 2), image())), [5.0]);
        assert_eq!(values(pool(&Pool::max(2, 2).ceil(), image())), [5.0, 6.0, 8.0, 9.0]);
    }
}
