/// Zeros around an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Padding {
    /// Rows above.
    pub top: usize,
    /// Columns to the left.
    pub left: usize,
    /// Rows below.
    pub bottom: usize,
    /// Columns to the right.
    pub right: usize,
}

impl Padding {
    /// Returns the same number of rows above and below, and of columns on both sides.
    pub const fn symmetric([rows, columns]: [usize; 2]) -> Self {
        Self { top: rows, left: columns, bottom: rows, right: columns }
    }
}

/// Where the weights of a convolution are drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Filling {
    /// Independent weights that keep the second moment of what flows through a ReLU.
    Independent,
    /// Small weights added to the identity, for deep networks without shortcuts.
    NearIdentity,
}

/// What a convolution does to however many channels it gets; padded by half its kernel, without
/// bias, unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// Channels out; if none, as many as come in, each with a filter of its own.
    pub(crate) channels_out: Option<usize>,
    pub(crate) kernel: [usize; 2],
    pub(crate) stride: usize,
    pub(crate) dilation: usize,
    pub(crate) groups: usize,
    pub(crate) padding: Option<Padding>,
    pub(crate) bias: bool,
    pub(crate) filling: Filling,
}

impl Convolution {
    /// Returns a dense convolution of stride 1.
    pub const fn new(kernel: usize, channels_out: usize) -> Self {
        Self::rectangular([kernel; 2], channels_out)
    }

    /// Returns a dense convolution of stride 1 whose kernel is `[height, width]`.
    pub const fn rectangular(kernel: [usize; 2], channels_out: usize) -> Self {
        Self {
            channels_out: Some(channels_out),
            kernel,
            stride: 1,
            dilation: 1,
            groups: 1,
            padding: None,
            bias: false,
            filling: Filling::Independent,
        }
    }

    /// Returns a convolution of stride 1 with one filter for each channel.
    pub const fn depthwise(kernel: usize) -> Self {
        Self { channels_out: None, ..Self::new(kernel, 0) }
    }

    /// Returns a dense convolution with a bias of windows that lie side by side.
    pub const fn patches(size: usize, channels_out: usize) -> Self {
        Self::new(size, channels_out).stride(size).padding(0).bias()
    }

    /// Returns the convolution with a stride, down and across.
    pub const fn stride(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    /// Returns the convolution with so many steps between the elements of its kernel.
    pub const fn dilation(self, dilation: usize) -> Self {
        Self { dilation, ..self }
    }

    /// Returns the convolution with its channels cut into groups.
    pub const fn groups(self, groups: usize) -> Self {
        Self { groups, ..self }
    }

    /// Returns the convolution with so many zeros on each side.
    pub const fn padding(self, padding: usize) -> Self {
        Self { padding: Some(Padding::symmetric([padding; 2])), ..self }
    }

    /// Returns the convolution with a bias.
    pub const fn bias(self) -> Self {
        Self { bias: true, ..self }
    }

    /// Returns the convolution with weights near identity.
    pub const fn near_identity(self) -> Self {
        Self { filling: Filling::NearIdentity, ..self }
    }

    /// Returns the padding: half of what the kernel spans unless it was set.
    pub(crate) fn padded(&self) -> Padding {
        let half = self.kernel.map(|size| (size - 1) * self.dilation / 2);
        self.padding.unwrap_or(Padding::symmetric(half))
    }
}
