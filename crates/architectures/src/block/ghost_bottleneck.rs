use formbench_blueprint::{
    Activation::{self, Identity, Relu},
    Convolution, Features, Net,
};

use super::SqueezeExcite;

/// Ghost bottleneck: ghost module to the hidden channels, depthwise where the image shrinks,
/// perhaps squeeze and excitation, linear ghost module back; added to the input, or to what a
/// depthwise and a 1×1 convolution make of it where the shape changes.
///
/// Source: Han et al. 2019, arXiv:1911.11907, figures 2b and 3.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GhostBottleneck {
    /// Height and width of the depthwise kernels between the modules and of the shortcut.
    pub(crate) kernel: usize,
    /// Channels between the modules.
    pub(crate) hidden: usize,
    /// Channels out.
    pub(crate) channels_out: usize,
    /// By which height and width shrink.
    pub(crate) stride: usize,
    /// Behind the depthwise convolution, if any.
    pub(crate) excite: Option<SqueezeExcite>,
}

impl GhostBottleneck {
    /// Returns the block's features.
    pub(crate) fn forward(&self, net: &mut Net, input: Features) -> Features {
        let mut branch = module(net, "expand", input, self.hidden, Relu);
        if self.stride > 1 {
            branch = net.conv_norm("depthwise", branch, self.depthwise(), Identity);
        }
        if let Some(excite) = self.excite {
            branch = excite.forward(net, branch);
        }
        let branch = module(net, "project", branch, self.channels_out, Identity);
        let shortcut = self.shortcut(net, input);
        net.add(&[branch, shortcut])
    }

    fn shortcut(&self, net: &mut Net, input: Features) -> Features {
        if self.stride == 1 && input.channels == self.channels_out {
            return input;
        }
        net.within("shortcut", |net| {
            let features = net.conv_norm("depthwise", input, self.depthwise(), Identity);
            net.conv_norm("pointwise", features, Convolution::new(1, self.channels_out), Identity)
        })
    }

    const fn depthwise(&self) -> Convolution {
        Convolution::depthwise(self.kernel).stride(self.stride)
    }
}

/// Adds a ghost module: half of the channels, rounded up, by a 1×1 convolution, a depthwise 3×3 of
/// these beside them; of an odd number the last channel is left out, as in the authors' code.
fn module(
    net: &mut Net,
    name: &str,
    input: Features,
    channels_out: usize,
    activation: Activation,
) -> Features {
    net.within(name, |net| {
        let half = Convolution::new(1, channels_out.div_ceil(2));
        let primary = net.conv_norm("primary", input, half, activation);
        let cheap = net.conv_norm("cheap", primary, Convolution::depthwise(3), activation);
        let both = net.concatenate(&[primary, cheap]);
        if both.channels == channels_out { both } else { net.channels(both, 0, channels_out) }
    })
}
