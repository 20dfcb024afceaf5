use crate::convolution::{Filling, Padding};
use crate::{Activation, Pool};

/// What one step computes.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// The images, `[batch, 3, height, width]`; reads nothing.
    Images,
    /// Two-dimensional convolution.
    Convolution(ConvolutionLayer),
    /// Inference batch normalisation.
    BatchNorm {
        /// Channels.
        channels: usize,
        /// What is added to the variance.
        epsilon: f64,
        /// The variance to expect of its input, near which its running variances are.
        variance: f64,
        /// What its scales are near.
        gain: f64,
    },
    /// Normalisation over the channels of each pixel or token, with a scale and a shift of each channel.
    LayerNorm {
        /// Channels.
        channels: usize,
        /// What is added to the variance.
        epsilon: f64,
    },
    /// A learned factor of each channel.
    Scale {
        /// Channels.
        channels: usize,
        /// What the factors are near.
        gain: f64,
    },
    /// Linear layer with a bias, of vectors or of each token.
    Linear {
        /// Length of the vectors, or channels of the tokens, that come in.
        inputs: usize,
        /// What goes out.
        outputs: usize,
    },
    /// A function of each element.
    Activation(Activation),
    /// A pool over windows.
    Pool(Pool),
    /// The mean of each plane, `[batch, channels, 1, 1]`.
    GlobalAverage,
    /// Means of equal windows, as many down as across.
    AdaptiveAverage {
        /// Height and width of what comes out.
        size: usize,
    },
    /// `[batch, channels, size, size]` to `[batch, channels · size²]`.
    Flatten {
        /// Height and width of what comes in.
        size: usize,
    },
    /// The sum of all inputs.
    Add,
    /// The product of two inputs; the second may be one number for each channel.
    Multiply,
    /// The channels of all inputs one after the other.
    Concatenate,
    /// Some of the channels.
    Channels {
        /// The first.
        start: usize,
        /// One behind the last.
        end: usize,
    },
    /// The channels of `groups` parts in turn: the first of each part, then the second of each.
    Shuffle {
        /// Parts.
        groups: usize,
    },
    /// One pixel up and left: the first row and column are gone, zeros come in at the other end.
    Shift,
    /// Pixels as tokens: `[batch, channels, height, width]` to `[batch, height · width, channels]`.
    Tokens,
    /// Tokens as the pixels of an image: the second input, whose height and width they get.
    Planes,
    /// A learned token before all others.
    ClassToken {
        /// Channels.
        channels: usize,
    },
    /// The sum of tokens with a learned one for each place.
    Positions {
        /// Channels.
        channels: usize,
        /// Tokens that there have to be.
        tokens: usize,
    },
    /// Attention of each token to all, from queries, keys and values one after the other in the channels; a third of the
    /// channels comes out.
    Attention {
        /// Parts that the channels of each of the three are cut into.
        heads: usize,
    },
    /// The first token as a vector.
    FirstToken,
}

/// A convolution with all its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvolutionLayer {
    /// Channels in and out.
    pub channels: [usize; 2],
    /// Height and width of the kernel.
    pub kernel: [usize; 2],
    /// Steps down and across.
    pub stride: usize,
    /// Zeros around the image.
    pub padding: Padding,
    /// Distance of the kernel's elements.
    pub dilation: usize,
    /// Parts that the channels are cut into.
    pub groups: usize,
    /// Whether each channel out has a bias.
    pub bias: bool,
    /// Where its weights are drawn from.
    pub filling: Filling,
}
