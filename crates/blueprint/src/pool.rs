use crate::Padding;

/// What is taken of each window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PoolKind {
    /// The largest; around the image is minus infinity.
    Max,
    /// The mean of what is inside the image.
    Average,
    /// The mean, zeros around the image counted.
    AverageWithPadding,
}

/// A pool over square windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pool {
    /// What is taken.
    pub kind: PoolKind,
    /// Height and width of a window.
    pub kernel: usize,
    /// Steps down and across.
    pub stride: usize,
    /// Rows and columns around the image.
    pub padding: Padding,
    /// Whether a window counts that begins inside, but ends outside the padded image.
    pub ceil: bool,
}

impl Pool {
    /// Returns a maximum over windows, unpadded.
    pub const fn max(kernel: usize, stride: usize) -> Self {
        Self::new(PoolKind::Max, kernel, stride)
    }

    /// Returns a mean over windows, unpadded; padding does not count.
    pub const fn average(kernel: usize, stride: usize) -> Self {
        Self::new(PoolKind::Average, kernel, stride)
    }

    const fn new(kind: PoolKind, kernel: usize, stride: usize) -> Self {
        let padding = Padding::symmetric([0; 2]);
        Self { kind, kernel, stride, padding, ceil: false }
    }

    /// Returns the pool with so many rows and columns on each side.
    pub const fn padding(self, padding: usize) -> Self {
        Self { padding: Padding::symmetric([padding; 2]), ..self }
    }

    /// Returns the pool with partial windows at the bottom and to the right.
    pub const fn ceil(self) -> Self {
        Self { ceil: true, ..self }
    }

    /// Returns a mean that counts the zeros around the image.
    pub const fn counting_padding(self) -> Self {
        Self { kind: PoolKind::AverageWithPadding, ..self }
    }

    /// Returns the padding that windows reach into at an image of `[height, width]`: partial windows
    /// need more at the bottom and to the right.
    pub fn reached(&self, [height, width]: [usize; 2]) -> Padding {
        let Padding { top, left, bottom, right } = self.padding;
        let more = |size: usize| match (self.ceil, size.checked_sub(self.kernel)) {
            (true, Some(rest)) => self.missing(rest, size),
            _ => 0,
        };
        let rows = more(height + top + bottom);
        let columns = more(width + left + right);
        Padding { top, left, bottom: bottom + rows, right: right + columns }
    }

    /// Returns what the last window lacks; it counts only if it begins inside.
    fn missing(&self, rest: usize, size: usize) -> usize {
        let missing = rest.next_multiple_of(self.stride) - rest;
        let begins = rest + missing;
        let inside = size - self.padding.bottom;
        if begins < inside { missing } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_window_reaches_beyond_the_image() {
        // 3 wide, 2 apart: 6 pixels have windows at 0 and 2, and one at 4 that lacks a pixel.
        let pool = Pool::max(3, 2).ceil();
        let reached = pool.reached([6, 7]);
        assert_eq!((reached.bottom, reached.right), (1, 0));
        assert_eq!(Pool::max(3, 2).reached([6, 7]), Padding::default());
    }

    #[test]
    fn a_window_that_begins_in_the_padding_does_not_count() {
        // 4 pixels and one on each side: windows at 0, 2 and 4, the last of which would lack one;
        // it begins at the last pixel. With 2 wide windows 3 apart, on 4 pixels padded to 6, the
        // windows at 0 and 3 fit, and none is left over.
        assert_eq!(Pool::max(3, 2).padding(1).ceil().reached([4, 4]).bottom, 2);
        assert_eq!(Pool::max(2, 3).padding(1).ceil().reached([4, 4]).bottom, 1);
        // 5 pixels padded to 7, 2 wide and 3 apart: 0 and 3 fit, and one would begin at 6, which is
        // padding.
        assert_eq!(Pool::max(2, 3).padding(1).ceil().reached([5, 5]).bottom, 1);
    }
}
