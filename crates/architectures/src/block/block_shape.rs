/// Numbers of one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockShape {
    /// Channels into the block.
    pub(crate) channels_in: usize,
    /// Channels out of the block.
    pub(crate) channels_out: usize,
    /// By which height and width shrink.
    pub(crate) stride: usize,
}

impl BlockShape {
    /// Returns whether the input can be added to the output as it is.
    pub(crate) fn keeps_shape(&self) -> bool {
        self.stride == 1 && self.channels_in == self.channels_out
    }
}
