use crate::moment::{Moment, moment};
use crate::operation::ConvolutionLayer;
use crate::{Activation, Blueprint, Convolution, Operation, Pool, Step};

/// Epsilon of a batch norm unless its network sets another one.
const EPSILON: f64 = 1e-5;

/// Number near which the last scales of a branch lie, if the branch is added to a shortcut. It is a
/// power of two, so that products with it are exact.
const BRANCH_GAIN: f64 = 0.25;

/// What flows out of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    step: usize,
    /// Channels, or the length of a vector.
    pub channels: usize,
}

/// A network that is being written down: each call adds a layer behind the features that it is
/// given, and returns the layer's own.
///
/// Names are relative to [`Net::within`]; layers without weights are named after what they do.
#[derive(Clone, Debug)]
pub struct Net {
    steps: Vec<Step>,
    /// What to expect of each step.
    moments: Vec<Moment>,
    /// Channels out of each step.
    channels: Vec<usize>,
    path: Vec<String>,
    epsilon: f64,
}

impl Default for Net {
    fn default() -> Self {
        Self::new()
    }
}

impl Net {
    /// Returns a network without layers.
    pub fn new() -> Self {
        let (steps, moments, channels, path) = Default::default();
        Self { steps, moments, channels, path, epsilon: EPSILON }
    }

    /// Returns the network with an epsilon of its own for the batch norms that follow.
    pub fn with_epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }

    /// Returns the layers so far.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns the network that ends with these logits.
    pub fn finish(mut self, logits: Features) -> Blueprint {
        self.steps.truncate(logits.step + 1);
        Blueprint { steps: self.steps }
    }

    /// Adds layers whose names begin with `name`, as a block's do.
    pub fn within<T>(&mut self, name: impl ToString, layers: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(name.to_string());
        let result = layers(self);
        self.path.pop();
        result
    }

    /// Adds the images: three channels.
    pub fn images(&mut self) -> Features {
        self.unnamed("images", Operation::Images, &[], 3)
    }

    /// Adds a convolution.
    pub fn convolution(
        &mut self,
        name: &str,
        input: Features,
        convolution: Convolution,
    ) -> Features {
        let channels_out = convolution.channels_out.unwrap_or(input.channels);
        let depthwise = convolution.channels_out.is_none();
        let layer = ConvolutionLayer {
            channels: [input.channels, channels_out],
            kernel: convolution.kernel,
            stride: convolution.stride,
            padding: convolution.padded(),
            dilation: convolution.dilation,
            groups: if depthwise { input.channels } else { convolution.groups },
            bias: convolution.bias,
            filling: convolution.filling,
        };
        self.named(name, Operation::Convolution(layer), input, channels_out)
    }

    /// Adds an inference batch norm.
    pub fn batch_norm(&mut self, name: &str, input: Features) -> Features {
        let (channels, epsilon) = (input.channels, self.epsilon);
        let variance = self.moments[input.step].total();
        let operation = Operation::BatchNorm { channels, epsilon, variance, gain: 1.0 };
        self.named(name, operation, input, channels)
    }

    /// Adds a normalisation over the channels of each pixel or token.
    pub fn layer_norm(&mut self, name: &str, input: Features, epsilon: f64) -> Features {
        let channels = input.channels;
        self.named(name, Operation::LayerNorm { channels, epsilon }, input, channels)
    }

    /// Adds a learned factor of each channel.
    pub fn scale(&mut self, name: &str, input: Features) -> Features {
        let channels = input.channels;
        self.named(name, Operation::Scale { channels, gain: 1.0 }, input, channels)
    }

    /// Adds a linear layer with bias behind flat features or tokens.
    pub fn linear(&mut self, name: &str, input: Features, outputs: usize) -> Features {
        let inputs = input.channels;
        self.named(name, Operation::Linear { inputs, outputs }, input, outputs)
    }

    /// Adds a function of each element; the identity adds nothing.
    pub fn activation(&mut self, input: Features, activation: Activation) -> Features {
        match activation {
            Activation::Identity => input,
            _ => self.unnamed(
                activation.name(),
                Operation::Activation(activation),
                &[input],
                input.channels,
            ),
        }
    }

    /// Adds a pool over windows.
    pub fn pool(&mut self, input: Features, pool: Pool) -> Features {
        self.unnamed("pool", Operation::Pool(pool), &[input], input.channels)
    }

    /// Adds the mean of each plane.
    pub fn global_average(&mut self, input: Features) -> Features {
        self.unnamed("average", Operation::GlobalAverage, &[input], input.channels)
    }

    /// Adds means of equal windows, `size` down and across.
    pub fn adaptive_average(&mut self, input: Features, size: usize) -> Features {
        let operation = Operation::AdaptiveAverage { size };
        self.unnamed("average", operation, &[input], input.channels)
    }

    /// Adds a view of features of `size` × `size` pixels as vectors.
    pub fn flatten(&mut self, input: Features, size: usize) -> Features {
        let length = input.channels * size * size;
        self.unnamed("flatten", Operation::Flatten { size }, &[input], length)
    }

    /// Adds the sum of features of one shape.
    ///
    /// A norm or scale that ends a branch beside a shortcut gets small scales: as large as its
    /// shortcut, each branch would add to what the next one multiplies, and deep networks would
    /// overflow.
    pub fn add(&mut self, inputs: &[Features]) -> Features {
        let ends = |input: &&Features| {
            let operation = &self.steps[input.step].operation;
            matches!(operation, Operation::BatchNorm { .. } | Operation::Scale { .. })
        };
        let branches: Vec<Features> = inputs.iter().filter(ends).copied().collect();
        if branches.len() < inputs.len() {
            branches.into_iter().for_each(|branch| self.make_small(branch));
        }
        let channels = inputs.first().map_or(0, |input| input.channels);
        self.unnamed("add", Operation::Add, inputs, channels)
    }

    /// Adds the product of features with others of their shape, or with one number per channel.
    pub fn multiply(&mut self, input: Features, factor: Features) -> Features {
        self.unnamed("multiply", Operation::Multiply, &[input, factor], input.channels)
    }

    /// Adds all channels of all features, one after the other.
    pub fn concatenate(&mut self, inputs: &[Features]) -> Features {
        let channels = inputs.iter().map(|input| input.channels).sum();
        self.unnamed("concatenate", Operation::Concatenate, inputs, channels)
    }

    /// Adds a choice of the channels from `start` to before `end`.
    pub fn channels(&mut self, input: Features, start: usize, end: usize) -> Features {
        self.unnamed("channels", Operation::Channels { start, end }, &[input], end - start)
    }

    /// Adds the channels of `groups` parts in turn.
    pub fn shuffle(&mut self, input: Features, groups: usize) -> Features {
        self.unnamed("shuffle", Operation::Shuffle { groups }, &[input], input.channels)
    }

    /// Adds a shift by one pixel up and left.
    pub fn shift(&mut self, input: Features) -> Features {
        self.unnamed("shift", Operation::Shift, &[input], input.channels)
    }

    /// Adds a view of pixels as tokens, line by line.
    pub fn tokens(&mut self, input: Features) -> Features {
        self.unnamed("tokens", Operation::Tokens, &[input], input.channels)
    }

    /// Adds a view of tokens as pixels of an image as high and wide as another.
    pub fn planes(&mut self, input: Features, like: Features) -> Features {
        self.unnamed("planes", Operation::Planes, &[input, like], input.channels)
    }

    /// Adds a learned token in front.
    pub fn class_token(&mut self, name: &str, input: Features) -> Features {
        let channels = input.channels;
        self.named(name, Operation::ClassToken { channels }, input, channels)
    }

    /// Adds to each of so many tokens what is learned of its place.
    pub fn positions(&mut self, name: &str, input: Features, tokens: usize) -> Features {
        let channels = input.channels;
        self.named(name, Operation::Positions { channels, tokens }, input, channels)
    }

    /// Adds attention of each token to all, behind its queries, keys and values.
    pub fn attention(&mut self, projected: Features, heads: usize) -> Features {
        let channels = projected.channels / 3;
        self.unnamed("attention", Operation::Attention { heads }, &[projected], channels)
    }

    /// Adds a choice of the first token.
    pub fn first_token(&mut self, input: Features) -> Features {
        self.unnamed("first", Operation::FirstToken, &[input], input.channels)
    }

    /// Adds convolution, batch norm and activation: `name.conv`, `name.norm`.
    pub fn conv_norm(
        &mut self,
        name: &str,
        input: Features,
        convolution: Convolution,
        activation: Activation,
    ) -> Features {
        self.within(name, |net| {
            let features = net.convolution("conv", input, convolution);
            let features = net.batch_norm("norm", features);
            net.activation(features, activation)
        })
    }

    /// Adds a global average and a linear layer.
    pub fn classifier(&mut self, name: &str, input: Features, classes: usize) -> Features {
        let pooled = self.global_average(input);
        let vectors = self.flatten(pooled, 1);
        self.linear(name, vectors, classes)
    }

    /// Makes the scales of a norm small, or the factors of a scale.
    fn make_small(&mut self, Features { step, .. }: Features) {
        if let Operation::BatchNorm { gain, .. } | Operation::Scale { gain, .. } =
            &mut self.steps[step].operation
            && *gain == 1.0
        {
            *gain = BRANCH_GAIN;
            self.moments[step] = self.expected(step);
        }
    }

    /// Returns what to expect of a step.
    fn expected(&self, step: usize) -> Moment {
        let Step { operation, inputs, .. } = &self.steps[step];
        let expected = |input: &usize| (self.moments[*input], self.channels[*input]);
        moment(operation, &inputs.iter().map(expected).collect::<Vec<_>>())
    }

    fn named(
        &mut self,
        name: &str,
        operation: Operation,
        input: Features,
        channels: usize,
    ) -> Features {
        let path: Vec<&str> = self.path.iter().map(String::as_str).chain([name]).collect();
        self.push(path.join("."), operation, &[input], channels)
    }

    /// Adds a layer without weights: its name is its kind in its block, with a number from the
    /// second of a kind on.
    fn unnamed(
        &mut self,
        kind: &str,
        operation: Operation,
        inputs: &[Features],
        channels: usize,
    ) -> Features {
        let path: Vec<&str> = self.path.iter().map(String::as_str).chain([kind]).collect();
        let path = path.join(".");
        let taken = |name: &str| self.steps.iter().any(|step| step.name == name);
        let numbered = (2..).map(|number| format!("{path}-{number}"));
        let free = [path.clone()].into_iter().chain(numbered).find(|name| !taken(name));
        self.push(free.unwrap_or(path), operation, inputs, channels)
    }

    fn push(
        &mut self,
        name: String,
        operation: Operation,
        inputs: &[Features],
        channels: usize,
    ) -> Features {
        let step = self.steps.len();
        let inputs = inputs.iter().map(|input| input.step).collect();
        self.steps.push(Step { name, operation, inputs });
        self.channels.push(channels);
        self.moments.push(self.expected(step));
        Features { step, channels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Activation::Relu;

    #[test]
    fn names_are_paths_and_unique() {
        let mut net = Net::new();
        let images = net.images();
        let stem = net.conv_norm("stem", images, Convolution::new(3, 8), Relu);
        let sum = net.within("blocks.0", |net| {
            let once = net.activation(stem, Relu);
            let twice = net.activation(once, Relu);
            net.add(&[once, twice])
        });
        let names: Vec<String> = net.finish(sum).steps.into_iter().map(|step| step.name).collect();
        let expected = [
            "images",
            "stem.conv",
            "stem.norm",
            "stem.relu",
            "blocks.0.relu",
            "blocks.0.relu-2",
            "blocks.0.add",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn a_depthwise_convolution_takes_the_channels_that_come() {
        let mut net = Net::new();
        let images = net.images();
        let features = net.convolution("conv", images, Convolution::depthwise(5).stride(2));
        let Operation::Convolution(layer) = &net.steps[1].operation else { unreachable!() };
        assert_eq!((layer.channels, layer.groups, layer.kernel), ([3, 3], 3, [5, 5]));
        assert_eq!((features.channels, layer.padding.top), (3, 2));
    }
}
