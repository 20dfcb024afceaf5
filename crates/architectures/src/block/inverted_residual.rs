use formbench_blueprint::{Activation, Convolution, Features, Net};

use super::SqueezeExcite;

/// Inverted residual with a linear bottleneck: 1×1 to the hidden channels, depthwise, perhaps
/// squeeze and excitation, 1×1 back without activation; added to the input where the shape stays.
///
/// Source: Sandler et al. 2018, arXiv:1801.04381, figure 4d; with squeeze and excitation behind the
/// depthwise convolution, Howard et al. 2019, arXiv:1905.02244, figure 4.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InvertedResidual {
    kernel: usize,
    hidden: usize,
    channels_out: usize,
    activation: Activation,
    stride: usize,
    excite: Option<SqueezeExcite>,
    always_expanded: bool,
}

impl InvertedResidual {
    /// Returns a block of stride 1 without squeeze and excitation; as many hidden channels as come
    /// in leave the first convolution out.
    pub(crate) const fn new(
        kernel: usize,
        hidden: usize,
        channels_out: usize,
        activation: Activation,
    ) -> Self {
        Self {
            kernel,
            hidden,
            channels_out,
            activation,
            stride: 1,
            excite: None,
            always_expanded: false,
        }
    }

    /// Returns the block with a stride.
    pub(crate) const fn stride(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    /// Returns the block with squeeze and excitation, if any is given.
    pub(crate) const fn excite(self, excite: Option<SqueezeExcite>) -> Self {
        Self { excite, ..self }
    }

    /// Returns the block with its first convolution even if it adds no channels.
    pub(crate) const fn always_expanded(self, always_expanded: bool) -> Self {
        Self { always_expanded, ..self }
    }

    /// Returns the block's features.
    pub(crate) fn forward(&self, net: &mut Net, input: Features) -> Features {
        let Self { kernel, hidden, channels_out, activation, stride, excite, .. } = *self;
        let expanded = if self.always_expanded || hidden != input.channels {
            net.conv_norm("expand", input, Convolution::new(1, hidden), activation)
        } else {
            input
        };
        let depthwise = Convolution::depthwise(kernel).stride(stride);
        let spatial = net.conv_norm("depthwise", expanded, depthwise, activation);
        let excited = match excite {
            Some(excite) => excite.forward(net, spatial),
            None => spatial,
        };
        let project = Convolution::new(1, channels_out);
        let branch = net.conv_norm("project", excited, project, Activation::Identity);
        if stride == 1 && input.channels == channels_out {
            net.add(&[branch, input])
        } else {
            branch
        }
    }
}
