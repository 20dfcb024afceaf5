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
    /// Normalisation over the channels of each pixel, with a scale and a shift of each channel.
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
    /// Linear layer with a bias.
    Linear {
        /// Length of the vectors that come in.
        inputs: usize,
        /// Length of the vectors that go out.
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
