//! Features in another order: nothing is computed.

use burn::tensor::{Tensor, backend::Backend};
use formbench_blueprint::Padding;

use crate::pool::padded;

/// Returns the channels from `start` to before `end`.
///
/// # Shapes
/// - `input`: `[batch, channels, height, width]`
/// - returns: `[batch, end - start, height, width]`
pub(crate) fn channels<B: Backend>(input: Tensor<B, 4>, start: usize, end: usize) -> Tensor<B, 4> {
    input.narrow(1, start, end - start)
}

/// Returns the first channel of each of `groups` parts, then the second of each, and so on.
///
/// # Shapes
/// - `input`: `[batch, channels, height, width]`
/// - returns: the same
pub(crate) fn shuffle<B: Backend>(input: Tensor<B, 4>, groups: usize) -> Tensor<B, 4> {
    let [batch, channels, height, width] = input.dims();
    let parts = input.reshape([batch, groups, channels / groups, height, width]);
    parts.swap_dims(1, 2).reshape([batch, channels, height, width])
}

/// Returns the features one pixel up and left, zeros at the other end.
///
/// # Shapes
/// - `input`: `[batch, channels, height, width]`
/// - returns: the same
pub(crate) fn shift<B: Backend>(input: Tensor<B, 4>) -> Tensor<B, 4> {
    let [_, _, height, width] = input.dims();
    let rest = input.narrow(2, 1, height - 1).narrow(3, 1, width - 1);
    padded(rest, Padding { bottom: 1, right: 1, ..Padding::default() }, 0.0)
}

#[cfg(test)]
mod tests {
    use burn_flex::Flex;

    use super::*;

    #[test]
    fn channels_are_dealt_out_in_turn() {
        let input =
            Tensor::<Flex, 1>::from_data([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], &Default::default());
        let shuffled = shuffle(input.reshape([1, 6, 1, 1]), 2);
        let values: Vec<f32> = shuffled.into_data().to_vec().unwrap();
        assert_eq!(values, [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
    }

    #[test]
    fn what_was_right_below_comes_to_the_corner() {
        let input = Tensor::<Flex, 4>::from_data([[[[1.0, 2.0], [3.0, 4.0]]]], &Default::default());
        let values: Vec<f32> = shift(input).into_data().to_vec().unwrap();
        assert_eq!(values, [4.0, 0.0, 0.0, 0.0]);
    }
}
