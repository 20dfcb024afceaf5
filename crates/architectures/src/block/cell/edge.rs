use formbench_blueprint::{
    Activation::{Identity, Relu},
    Convolution, Features, Net, Pool,
};

use super::Manner;
use super::projection::{factorized_reduction, relu_conv_norm};
use crate::block::separable;

/// What a node of a cell makes of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// The state as it is; if height and width shrink, see [`Manner::factorize_skips`].
    Skip,
    /// 3×3 maximum.
    MaxPool,
    /// 3×3 mean, of what is inside the image.
    AveragePool,
    /// Twice ReLU, depthwise convolution of this kernel, 1×1 convolution, norm; the stride is on the
    /// first.
    Separable(usize),
    /// ReLU, depthwise convolution of this kernel with every second pixel, 1×1 convolution, norm.
    Dilated(usize),
}

impl Edge {
    /// Returns the edge's features, `channels` of them.
    pub(super) fn forward(
        self,
        net: &mut Net,
        input: Features,
        channels: usize,
        stride: usize,
        manner: Manner,
    ) -> Features {
        match self {
            Self::Skip if stride == 1 => input,
            Self::Skip if manner.factorize_skips => {
                factorized_reduction(net, input, channels, manner)
            }
            Self::Skip => relu_conv_norm(net, input, Convolution::new(1, channels).stride(stride)),
            Self::MaxPool => pooled(net, input, Pool::max(3, stride), channels, manner),
            Self::AveragePool => pooled(net, input, Pool::average(3, stride), channels, manner),
            Self::Separable(kernel) => {
                let depthwise = Convolution::depthwise(kernel);
                let layer = |net: &mut Net, name, input, stride| {
                    net.within(name, |net| active(net, input, depthwise.stride(stride), channels))
                };
                let features = layer(net, "first", input, stride);
                layer(net, "last", features, 1)
            }
            Self::Dilated(kernel) => {
                let depthwise = Convolution::depthwise(kernel).dilation(2).stride(stride);
                active(net, input, depthwise, channels)
            }
        }
    }
}

/// Returns the features of a separable convolution behind a ReLU.
fn active(net: &mut Net, input: Features, depthwise: Convolution, channels: usize) -> Features {
    let active = net.activation(input, Relu);
    separable(net, active, depthwise, channels)
}

/// Returns pooled features, projected if they are not as many as asked for.
fn pooled(net: &mut Net, input: Features, pool: Pool, channels: usize, manner: Manner) -> Features {
    let features = net.pool(input, pool.padding(1));
    let features = if manner.norm_pools { net.batch_norm("norm", features) } else { features };
    if features.channels == channels {
        features
    } else {
        net.conv_norm("project", features, Convolution::new(1, channels), Identity)
    }
}
