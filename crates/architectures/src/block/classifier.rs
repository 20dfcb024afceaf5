use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Tensor, backend::Backend};
use formbench_protocol::CLASSES;

/// Global average pool and linear layer.
#[derive(Module, Debug)]
pub(crate) struct Classifier<B: Backend> {
    linear: Linear<B>,
}

impl<B: Backend> Classifier<B> {
    /// Returns the classifier, its weights still to be filled.
    pub(crate) fn new(channels_in: usize, device: &B::Device) -> Self {
        Self { linear: LinearConfig::new(channels_in, CLASSES).init(device) }
    }

    /// Returns class logits.
    ///
    /// # Shapes
    /// - `features`: `[batch, channels_in, height, width]`
    /// - returns: `[batch, 1000]`
    pub(crate) fn forward(&self, features: Tensor<B, 4>) -> Tensor<B, 2> {
        let pooled = features.flatten::<3>(2, 3).mean_dim(2).flatten(1, 2);
        self.linear.forward(pooled)
    }
}
