use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::backend::Backend;

/// Numbers of a square convolution without bias, padded by half its kernel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Convolution {
    channels: [usize; 2],
    kernel: usize,
    stride: usize,
    groups: usize,
}

impl Convolution {
    /// Returns a dense convolution of stride 1.
    pub(crate) const fn new(kernel: usize, channels_in: usize, channels_out: usize) -> Self {
        Self { channels: [channels_in, channels_out], kernel, stride: 1, groups: 1 }
    }

    /// Returns a convolution of stride 1 with one filter for each channel.
    pub(crate) const fn depthwise(kernel: usize, channels: usize) -> Self {
        Self { groups: channels, ..Self::new(kernel, channels, channels) }
    }

    /// Returns the convolution with a stride.
    pub(crate) const fn stride(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    /// Returns the channels that come out.
    pub(crate) const fn channels_out(&self) -> usize {
        self.channels[1]
    }

    /// Returns the layer, its weights still to be filled.
    pub(crate) fn init<B: Backend>(&self, device: &B::Device) -> Conv2d<B> {
        let padding = self.kernel / 2;
        Conv2dConfig::new(self.channels, [self.kernel; 2])
            .with_stride([self.stride; 2])
            .with_groups(self.groups)
            .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
            .with_bias(false)
            .init(device)
    }
}
