//! Pixels as tokens, and what is made of them.

use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::activation::softmax;
use burn::tensor::{Tensor, backend::Backend};

/// A learned token before all others.
#[derive(Module, Debug)]
pub(crate) struct ClassToken<B: Backend> {
    token: Param<Tensor<B, 1>>,
}

impl<B: Backend> ClassToken<B> {
    /// Returns the layer, its token still to be filled.
    pub(crate) fn new(channels: usize, device: &B::Device) -> Self {
        Self { token: Initializer::Zeros.init([channels], device) }
    }

    /// Returns the tokens with one more in front.
    ///
    /// # Shapes
    /// - `tokens`: `[batch, tokens, channels]`
    /// - returns: `[batch, tokens + 1, channels]`
    pub(crate) fn forward(&self, tokens: Tensor<B, 3>) -> Tensor<B, 3> {
        let [batch, _, channels] = tokens.dims();
        let token = self.token.val().reshape([1, 1, channels]).expand([batch, 1, channels]);
        Tensor::cat(vec![token, tokens], 1)
    }
}

/// A learned token for each place.
#[derive(Module, Debug)]
pub(crate) struct Positions<B: Backend> {
    positions: Param<Tensor<B, 2>>,
}

impl<B: Backend> Positions<B> {
    /// Returns the layer of so many tokens, still to be filled.
    pub(crate) fn new(tokens: usize, channels: usize, device: &B::Device) -> Self {
        Self { positions: Initializer::Zeros.init([tokens, channels], device) }
    }

    /// Returns the sum of the tokens with those of their places.
    ///
    /// # Shapes
    /// - `tokens`: `[batch, tokens, channels]`
    /// - returns: the same
    pub(crate) fn forward(&self, tokens: Tensor<B, 3>) -> Tensor<B, 3> {
        tokens + self.positions.val().unsqueeze::<3>()
    }
}

/// Returns pixels as tokens, line by line.
///
/// # Shapes
/// - `planes`: `[batch, channels, height, width]`
/// - returns: `[batch, height · width, channels]`
pub(crate) fn tokens<B: Backend>(planes: Tensor<B, 4>) -> Tensor<B, 3> {
    planes.flatten::<3>(2, 3).swap_dims(1, 2)
}

/// Returns tokens as pixels, line by line.
///
/// # Shapes
/// - `tokens`: `[batch, height · width, channels]`
/// - returns: `[batch, channels, height, width]`
pub(crate) fn planes<B: Backend>(
    tokens: Tensor<B, 3>,
    [height, width]: [usize; 2],
) -> Tensor<B, 4> {
    let [batch, _, channels] = tokens.dims();
    tokens.swap_dims(1, 2).reshape([batch, channels, height, width])
}

/// Returns for each token the mean of all values, weighted by how well their keys fit its query: the softmax of the
/// products, each over the root of a head's channels.
///
/// Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.
///
/// # Shapes
/// - `projected`: `[batch, tokens, 3 · channels]`: queries, keys, values, each cut into heads
/// - returns: `[batch, tokens, channels]`
pub(crate) fn attention<B: Backend>(projected: Tensor<B, 3>, heads: usize) -> Tensor<B, 3> {
    let [batch, tokens, triple] = projected.dims();
    let channels = triple / 3;
    let size = channels / heads;
    let part = |number: usize| {
        let part = projected.clone().narrow(2, number * channels, channels);
        part.reshape([batch, tokens, heads, size]).swap_dims(1, 2)
    };
    let [queries, keys, values] = [part(0), part(1), part(2)];
    let fits = (queries * (size as f64).powf(-0.5)).matmul(keys.swap_dims(2, 3));
    let means = softmax(fits, 3).matmul(values);
    means.swap_dims(1, 2).reshape([batch, tokens, channels])
}

/// Returns the first token.
///
/// # Shapes
/// - `tokens`: `[batch, tokens, channels]`
/// - returns: `[batch, channels]`
pub(crate) fn first<B: Backend>(tokens: Tensor<B, 3>) -> Tensor<B, 2> {
    let [batch, _, channels] = tokens.dims();
    tokens.narrow(1, 0, 1).reshape([batch, channels])
}

/// Returns the mean of all tokens.
///
/// # Shapes
/// - `tokens`: `[batch, tokens, channels]`
/// - returns: `[batch, channels]`
pub(crate) fn mean<B: Backend>(tokens: Tensor<B, 3>) -> Tensor<B, 2> {
    let [batch, _, channels] = tokens.dims();
    tokens.mean_dim(1).reshape([batch, channels])
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Distribution, TensorData};
    use burn_flex::Flex;

    use super::*;

    fn values<const D: usize>(tensor: Tensor<Flex, D>) -> Vec<f32> {
        tensor.into_data().to_vec().unwrap()
    }

    #[test]
    fn tokens_are_pixels_with_their_channels_together_and_come_back() {
        let image = Tensor::<Flex, 1>::from_data(
            [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0],
            &Default::default(),
        );
        let image = image.reshape([1, 2, 2, 3]);
        let tokens = tokens(image.clone());
        assert_eq!(
            values(tokens.clone()),
            [0.0, 10.0, 1.0, 11.0, 2.0, 12.0, 3.0, 13.0, 4.0, 14.0, 5.0, 15.0]
        );
        assert_eq!(values(planes(tokens.clone(), [2, 3])), values(image));
        assert_eq!(values(first(tokens.clone())), [0.0, 10.0]);
        assert_eq!(values(mean(tokens)), [2.5, 12.5]);
    }

    #[test]
    fn attention_is_its_formula_head_by_head() {
        let (count, heads, size) = (5, 2, 3);
        let channels = heads * size;
        let numbers: Vec<f32> = (0..count * 3 * channels).map(|i| (i as f32 * 0.7).sin()).collect();
        let data = TensorData::new(numbers.clone(), [1, count, 3 * channels]);
        let found =
            values(attention(Tensor::<Flex, 3>::from_data(data, &Default::default()), heads));
        let at = |token: usize, part: usize, head: usize, i: usize| {
            f64::from(numbers[token * 3 * channels + part * channels + head * size + i])
        };
        for (token, head) in (0..count).flat_map(|token| (0..heads).map(move |head| (token, head)))
        {
            let fit = |other: usize| {
                let products = (0..size).map(|i| at(token, 0, head, i) * at(other, 1, head, i));
                (products.sum::<f64>() / (size as f64).sqrt()).exp()
            };
            let total: f64 = (0..count).map(fit).sum();
            for i in 0..size {
                let mean = (0..count).map(|other| fit(other) * at(other, 2, head, i));
                let expected = mean.sum::<f64>() / total;
                let found = f64::from(found[token * channels + head * size + i]);
                assert!((found - expected).abs() < 1e-6, "{found} for {expected}");
            }
        }
    }

    #[test]
    fn each_image_gets_the_learned_token_and_each_place_its_own() {
        let device = Default::default();
        let tokens = Tensor::<Flex, 3>::random([2, 3, 4], Distribution::Default, &device);
        let layer = ClassToken::<Flex> { token: Initializer::Ones.init([4], &device) };
        let with = values(layer.forward(tokens.clone()));
        assert_eq!((&with[..4], &with[16..20]), (&[1.0; 4][..], &[1.0; 4][..]));
        assert_eq!(with[4..16], values(tokens.clone())[..12]);
        let layer = Positions::<Flex> { positions: Initializer::Ones.init([3, 4], &device) };
        let moved = values(layer.forward(tokens.clone()) - tokens);
        assert!(moved.iter().all(|by| (by - 1.0).abs() < 1e-6));
    }
}
