use crate::{Blueprint, ConvolutionLayer, LayerShapeError, Operation, Shape};

/// What a network costs for one image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Trainable parameters; running statistics of a normalisation are not.
    pub parameters: u64,
    /// Multiply-accumulates of convolutions and linear layers, and of attention's two products; padding positions count.
    pub macs: u64,
}

impl Blueprint {
    /// Returns what the network costs at square images.
    ///
    /// # Units
    /// `resolution` is in pixels.
    ///
    /// # Errors
    /// A layer cannot take what it gets.
    pub fn cost(&self, resolution: usize) -> Result<Cost, LayerShapeError> {
        let shapes = self.shapes(resolution)?;
        let macs = self.steps.iter().zip(shapes);
        Ok(Cost {
            parameters: self.parameters(),
            macs: macs.map(|(step, output)| step.operation.macs(output)).sum(),
        })
    }

    /// Returns the number of trainable parameters.
    pub fn parameters(&self) -> u64 {
        self.steps.iter().map(|step| step.operation.parameters()).sum()
    }
}

impl Operation {
    fn parameters(&self) -> u64 {
        let parameters = match self {
            Self::Convolution(layer) => {
                filter(layer) * layer.channels[1] + usize::from(layer.bias) * layer.channels[1]
            }
            Self::BatchNorm { channels, .. } | Self::LayerNorm { channels, .. } => 2 * channels,
            Self::Scale { channels, .. } | Self::ClassToken { channels } => *channels,
            Self::Positions { channels, tokens } => channels * tokens,
            Self::Linear { inputs, outputs } => inputs * outputs + outputs,
            _ => 0,
        };
        parameters as u64
    }

    fn macs(&self, output: Shape) -> u64 {
        let each = match self {
            Self::Convolution(layer) => filter(layer),
            Self::Linear { inputs, .. } => *inputs,
            // Of queries with keys, and of what comes of it with values.
            Self::Attention { .. } => 2 * output.size[0],
            _ => 0,
        };
        each as u64 * (output.channels * output.size[0] * output.size[1]) as u64
    }
}

/// Returns the elements of one filter.
fn filter(layer: &ConvolutionLayer) -> usize {
    layer.channels[0] / layer.groups * layer.kernel[0] * layer.kernel[1]
}

#[cfg(test)]
mod tests {
    use crate::{Activation::Relu, Convolution, Net};

    #[test]
    fn a_small_network_costs_what_is_worked_out_by_hand() {
        let mut net = Net::new();
        let images = net.images();
        let stem = net.conv_norm("stem", images, Convolution::new(3, 8).stride(2), Relu);
        let spatial = net.convolution("spatial", stem, Convolution::depthwise(3).bias());
        let logits = net.classifier("classifier", spatial, 10);
        // Stem: 27 · 8 weights, 8 gammas and 8 betas; depthwise: 9 · 8 and 8; linear: 8 · 10 and 10.
        // At 4×4 pixels out of the stem: 27 · 8 · 16, 9 · 8 · 16 and 80 MACs.
        let cost = net.finish(logits).cost(8).unwrap();
        assert_eq!(cost.parameters, 216 + 16 + 72 + 8 + 80 + 10);
        assert_eq!(cost.macs, 3456 + 1152 + 80);
    }

    #[test]
    fn attention_costs_its_projections_and_its_two_products() {
        let mut net = Net::new();
        let images = net.images();
        let patches = net.convolution("patches", images, Convolution::patches(4, 6));
        let tokens = net.tokens(patches);
        let tokens = net.class_token("class", tokens);
        let tokens = net.positions("place", tokens, 5);
        let projected = net.linear("projected", tokens, 18);
        let attended = net.attention(projected, 2);
        let first = net.first_token(attended);
        let logits = net.linear("classifier", first, 10);
        let cost = net.finish(logits).cost(8).unwrap();
        // Patches: 48 · 6 and 6; a token of 6, five of 6; 6 · 18 and 18; 6 · 10 and 10.
        assert_eq!(cost.parameters, 288 + 6 + 6 + 30 + 108 + 18 + 60 + 10);
        // Four patches and the class are 5 tokens: each with each, once 6 and once 6.
        assert_eq!(cost.macs, 4 * 288 + 5 * 108 + 2 * 5 * 5 * 6 + 60);
    }
}
