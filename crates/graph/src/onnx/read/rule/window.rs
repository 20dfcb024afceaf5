//! Windows that move over an image: of convolutions and of pools.

use crate::onnx::read::source::Source;
use crate::{OperatorPadding, ReadError};

/// Numbers of a window, `[rows, columns]` each.
pub(super) struct Window {
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub dilation: [usize; 2],
    pub padding: OperatorPadding,
}

/// Returns the window that a node's attributes state for images of a size; `kernel` holds where they
/// do not state it.
///
/// # Errors
/// The window has not two axes, or is padded by less than nothing.
pub(super) fn window(
    source: &Source<'_>,
    kernel: Option<[usize; 2]>,
    size: [usize; 2],
) -> Result<Window, ReadError> {
    let kernel = match (pair(source, "kernel_shape")?, kernel) {
        (Some(kernel), _) | (None, Some(kernel)) => kernel,
        (None, None) => return Err(source.error("has no `kernel_shape`")),
    };
    let stride = pair(source, "strides")?.unwrap_or([1, 1]);
    let dilation = pair(source, "dilations")?.unwrap_or([1, 1]);
    if stride.contains(&0) {
        return Err(source.error("its `strides` are 0"));
    }
    let mut window = Window { kernel, stride, dilation, padding: OperatorPadding::default() };
    window.padding = padding(source, &window, size)?;
    Ok(window)
}

impl Window {
    /// Returns how many windows fit into an image, or with `ceil` begin in it.
    ///
    /// # Errors
    /// The window is larger than the image.
    pub fn count(
        &self,
        source: &Source<'_>,
        size: [usize; 2],
        ceil: bool,
    ) -> Result<[usize; 2], ReadError> {
        let OperatorPadding { top, left, bottom, right } = self.padding;
        let sides = [[top, bottom], [left, right]];
        let mut counts = [0, 0];
        for axis in [0, 1] {
            let [before, after] = sides[axis];
            let room = (size[axis] + before + after).checked_sub(self.reach(axis));
            let room = room.ok_or_else(|| source.error("its window is larger than its input"))?;
            let stride = self.stride[axis];
            let steps = if ceil { room.div_ceil(stride) } else { room / stride };
            // The last window must not begin in the padding behind the image.
            let behind = ceil && steps * stride >= size[axis] + before;
            counts[axis] = steps + usize::from(!behind);
        }
        Ok(counts)
    }

    /// Rows or columns from the first to the last of a window.
    pub fn reach(&self, axis: usize) -> usize {
        self.dilation[axis] * self.kernel[axis].saturating_sub(1) + 1
    }
}

fn pair(source: &Source<'_>, name: &str) -> Result<Option<[usize; 2]>, ReadError> {
    let Some(numbers) = source.ints(name) else { return Ok(None) };
    let sizes = source.sizes(&format!("`{name}`"), &numbers)?;
    let pair = <[usize; 2]>::try_from(sizes);
    let two = || source.error(format!("its `{name}` are {numbers:?}, expected 2 numbers"));
    pair.map(Some).map_err(|_| two())
}

fn padding(
    source: &Source<'_>,
    window: &Window,
    size: [usize; 2],
) -> Result<OperatorPadding, ReadError> {
    match source.text("auto_pad", "NOTSET").as_str() {
        "NOTSET" => stated(source),
        "VALID" => Ok(OperatorPadding::default()),
        // As many windows as strides begin in the image; what is odd goes to the named side.
        "SAME_UPPER" => Ok(same(window, size, |all| [all / 2, all - all / 2])),
        "SAME_LOWER" => Ok(same(window, size, |all| [all - all / 2, all / 2])),
        other => Err(source.error(format!("its `auto_pad` is `{other}`"))),
    }
}

fn stated(source: &Source<'_>) -> Result<OperatorPadding, ReadError> {
    let pads = source.ints("pads").unwrap_or_else(|| vec![0; 4]);
    match source.sizes("`pads`", &pads)?.as_slice() {
        &[top, left, bottom, right] => Ok(OperatorPadding { top, left, bottom, right }),
        _ => Err(source.error(format!("its `pads` are {pads:?}, expected 4 numbers"))),
    }
}

fn same(window: &Window, size: [usize; 2], split: impl Fn(usize) -> [usize; 2]) -> OperatorPadding {
    let all = |axis: usize| {
        let windows = size[axis].div_ceil(window.stride[axis]);
        let end = windows.saturating_sub(1) * window.stride[axis] + window.reach(axis);
        end.saturating_sub(size[axis])
    };
    let [[top, bottom], [left, right]] = [0, 1].map(|axis| split(all(axis)));
    OperatorPadding { top, left, bottom, right }
}
