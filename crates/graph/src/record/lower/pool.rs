use burn_ir::{AdaptiveAvgPool2dOpIr, AvgPool2dOpIr, TensorIr};

use super::lowering::{Lowered, Lowering, Missing};
use crate::{Operator, OperatorPadding, PoolOperator};

/// Returns the same rows above and below, and columns left and right.
pub(super) fn symmetric([rows, columns]: [usize; 2]) -> OperatorPadding {
    OperatorPadding { top: rows, left: columns, bottom: rows, right: columns }
}

/// Adds the largest of each window.
pub(super) fn max(
    to: &mut Lowering<'_>,
    pool: PoolOperator,
    input: &TensorIr,
    out: &TensorIr,
) -> Lowered {
    let input = to.value(input)?;
    to.emit(Operator::MaxPool(pool), vec![input], out)
}

/// Adds the mean of each window. Without padding, whether it counts is not told.
pub(super) fn average(to: &mut Lowering<'_>, of: &AvgPool2dOpIr) -> Lowered {
    let pool = PoolOperator {
        kernel: of.kernel_size,
        stride: of.stride,
        padding: symmetric(of.padding),
        dilation: [1, 1],
        ceil: of.ceil_mode,
    };
    let count_include_pad = of.count_include_pad && of.padding != [0, 0];
    let input = to.value(&of.x)?;
    to.emit(Operator::AveragePool { pool, count_include_pad }, vec![input], &of.out)
}

/// Adds the mean of as many windows as are asked for, where all are of one size.
pub(super) fn adaptive(to: &mut Lowering<'_>, of: &AdaptiveAvgPool2dOpIr) -> Lowered {
    let input = to.value(&of.x)?;
    let (size, count) = ([of.x.shape[2], of.x.shape[3]], of.output_size);
    if count == [1, 1] {
        return to.emit(Operator::GlobalAveragePool, vec![input], &of.out);
    }
    if size == count {
        to.alias(&of.out, input);
        return Ok(());
    }
    let [rows, columns] = [0, 1].map(|axis| size[axis].checked_div(count[axis]).unwrap_or(0));
    if [rows * count[0], columns * count[1]] != size {
        let case = format!("windows of one size do not cut {size:?} into {count:?}; use multiples");
        return Err(Missing::Case(case));
    }
    let (kernel, padding, dilation) = ([rows, columns], OperatorPadding::default(), [1, 1]);
    let pool = PoolOperator { kernel, stride: kernel, padding, dilation, ceil: false };
    to.emit(Operator::AveragePool { pool, count_include_pad: false }, vec![input], &of.out)
}
