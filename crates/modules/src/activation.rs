use burn::tensor::activation::{gelu, hard_sigmoid, hard_swish, relu, sigmoid, silu};
use burn::tensor::{Tensor, backend::Backend};
use formbench_blueprint::Activation;

/// Returns the activated tensor, of the same shape.
pub(crate) fn activate<B: Backend, const D: usize>(
    activation: Activation,
    input: Tensor<B, D>,
) -> Tensor<B, D> {
    match activation {
        Activation::Identity => input,
        Activation::Relu => relu(input),
        Activation::Relu6 => input.clamp(0.0, 6.0),
        Activation::Silu => silu(input),
        Activation::HardSwish => hard_swish(input),
        Activation::HardSigmoid => hard_sigmoid(input, 1.0 / 6.0, 0.5),
        Activation::Sigmoid => sigmoid(input),
        Activation::Gelu => gelu(input),
    }
}
