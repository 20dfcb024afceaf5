use formbench_blueprint::{Activation::Relu, Convolution, Features, Net, Pool};

use super::Manner;

/// Returns the features of ReLU, convolution and norm: `conv`, `norm`.
pub(super) fn relu_conv_norm(net: &mut Net, input: Features, convolution: Convolution) -> Features {
    let active = net.activation(input, Relu);
    let features = net.convolution("conv", active, convolution);
    net.batch_norm("norm", features)
}

/// Returns features of half the height and width, rounded up: ReLU; 1×1 convolutions of every second
/// pixel, and of those one pixel down and right; norm of both: `even`, `odd`, `norm`.
///
/// A pixel behind the last of an odd height or width is zero.
pub(super) fn factorized_reduction(
    net: &mut Net,
    input: Features,
    channels_out: usize,
    manner: Manner,
) -> Features {
    let active = net.activation(input, Relu);
    let odd_channels = channels_out / 2;
    let even = half(net, "even", active, channels_out - odd_channels, manner);
    let shifted = net.shift(active);
    let odd = half(net, "odd", shifted, odd_channels, manner);
    let both = net.concatenate(&[even, odd]);
    net.batch_norm("norm", both)
}

fn half(
    net: &mut Net,
    name: &str,
    input: Features,
    channels_out: usize,
    manner: Manner,
) -> Features {
    let convolution = Convolution::new(1, channels_out);
    if manner.pick_by_pool {
        let picked = net.pool(input, Pool::average(1, 2));
        net.convolution(name, picked, convolution)
    } else {
        net.convolution(name, input, convolution.stride(2))
    }
}

#[cfg(test)]
mod tests {
    use formbench_blueprint::Shape;

    use super::*;

    #[test]
    fn an_odd_height_is_halved_and_rounded_up() {
        for manner in [Manner::NASNET, Manner::DARTS] {
            let mut net = Net::new();
            let images = net.images();
            let features = factorized_reduction(&mut net, images, 7, manner);
            let blueprint = net.finish(features);
            // Four channels of even pixels and three of odd ones; 3·7 weights, 7 gammas, 7 betas.
            let output = |resolution| *blueprint.shapes(resolution).unwrap().last().unwrap();
            assert_eq!(output(8), Shape { channels: 7, size: [4, 4] });
            assert_eq!(output(9), Shape { channels: 7, size: [5, 5] });
            assert_eq!(blueprint.parameters(), 21 + 14);
        }
    }
}
