use super::window::{Window, window};
use super::{Ruled, computed};
use crate::onnx::read::source::Source;
use crate::{ConvolutionOperator, Operator, OperatorPadding, ReadError};

/// `Conv`, of two dimensions.
pub(super) fn convolution(source: &Source<'_>) -> Ruled {
    let [images, channels, height, width] = source.shape_of::<4>(0)?;
    let [filters, per_group, rows, columns] = source.shape_of::<4>(1)?;
    let window = window(source, Some([rows, columns]), [height, width])?;
    let groups = groups(source)?;
    if channels != per_group * groups {
        let expected = per_group * groups;
        return Err(source.error(format!("reads {channels} channels, expected {expected}")));
    }
    let [down, across] = window.count(source, [height, width], false)?;
    let shape = vec![images, filters, down, across];
    computed(source, Operator::Conv(numbers(&window, groups)), source.ids(2..=3)?, shape)
}

/// `ConvTranspose`, of two dimensions.
pub(super) fn transposed(source: &Source<'_>) -> Ruled {
    let [images, _, height, width] = source.shape_of::<4>(0)?;
    let [_, per_group, rows, columns] = source.shape_of::<4>(1)?;
    source.expect_text("auto_pad", &["NOTSET", "VALID"])?;
    if source.attribute("output_shape").is_some() {
        return Err(source.error("has an `output_shape`, expected `pads`"));
    }
    let window = window(source, Some([rows, columns]), [height, width])?;
    let groups = groups(source)?;
    let beyond =
        source.sizes("`output_padding`", &source.ints("output_padding").unwrap_or_default())?;
    let beyond = [0, 1].map(|axis| beyond.get(axis).copied().unwrap_or_default());
    let OperatorPadding { top, left, bottom, right } = window.padding;
    let cut = [top + bottom, left + right];
    let mut size = [height, width];
    for axis in [0, 1] {
        let all =
            size[axis].saturating_sub(1) * window.stride[axis] + beyond[axis] + window.reach(axis);
        let left = all.checked_sub(cut[axis]);
        size[axis] = left.ok_or_else(|| source.error("its padding leaves nothing"))?;
    }
    let operator =
        Operator::ConvTranspose { convolution: numbers(&window, groups), output_padding: beyond };
    let shape = vec![images, per_group * groups, size[0], size[1]];
    computed(source, operator, source.ids(2..=3)?, shape)
}

fn groups(source: &Source<'_>) -> Result<usize, ReadError> {
    let groups = source.int("group", 1);
    let found = usize::try_from(groups).ok().filter(|groups| *groups > 0);
    found.ok_or_else(|| source.error(format!("its `group` is {groups}")))
}

fn numbers(window: &Window, groups: usize) -> ConvolutionOperator {
    let Window { kernel, stride, dilation, padding } = *window;
    ConvolutionOperator { kernel, stride, padding, dilation, groups }
}
