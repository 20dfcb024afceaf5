use formbench_blueprint::{Activation, Convolution, Features, Net};

/// Squeeze and excitation: a factor for each channel, worked out from the means of all.
///
/// Source: Hu et al. 2017, arXiv:1709.01507, figure 2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SqueezeExcite {
    /// Channels between its two layers.
    pub(crate) squeezed: usize,
    /// Behind the first layer.
    pub(crate) activation: Activation,
    /// Behind the second.
    pub(crate) gate: Activation,
}

impl SqueezeExcite {
    /// Returns the input, each channel multiplied by its factor.
    pub(crate) fn forward(&self, net: &mut Net, input: Features) -> Features {
        let layer = |channels| Convolution::new(1, channels).bias();
        net.within("excite", |net| {
            let means = net.global_average(input);
            let squeezed = net.convolution("reduce", means, layer(self.squeezed));
            let squeezed = net.activation(squeezed, self.activation);
            let factors = net.convolution("expand", squeezed, layer(input.channels));
            let factors = net.activation(factors, self.gate);
            net.multiply(input, factors)
        })
    }
}
