use super::{Ruled, computed};
use crate::Operator;
use crate::onnx::read::broadcast::broadcast;
use crate::onnx::read::shape::listed;
use crate::onnx::read::source::Source;

/// `Gemm` without factors.
pub(super) fn gemm(source: &Source<'_>) -> Ruled {
    source.expect_int("transA", 0)?;
    for factor in ["alpha", "beta"] {
        let found = source.float(factor, 1.0);
        if found != 1.0 {
            return Err(source.error(format!("its `{factor}` is {found}, expected 1")));
        }
    }
    let transpose_b = source.int("transB", 0) != 0;
    let [rows, depth] = source.shape_of::<2>(0)?;
    let [first, second] = source.shape_of::<2>(1)?;
    let [inner, columns] = if transpose_b { [second, first] } else { [first, second] };
    if depth != inner {
        return Err(source.error(format!("multiplies {depth} columns with {inner} rows")));
    }
    computed(source, Operator::Gemm { transpose_b }, source.ids(2..=3)?, vec![rows, columns])
}

/// `MatMul` of matrices.
pub(super) fn mat_mul(source: &Source<'_>) -> Ruled {
    let (left, right) = (source.shape(0)?, source.shape(1)?);
    let (Some((outer_left, &[rows, depth])), Some((outer_right, &[inner, columns]))) =
        (left.split_last_chunk::<2>(), right.split_last_chunk::<2>())
    else {
        return Err(source.error("multiplies a list, expected matrices"));
    };
    let outer = broadcast(outer_left, outer_right).filter(|_| depth == inner);
    let fits = || source.error(format!("multiplies {} with {}", listed(left), listed(right)));
    let outer = outer.ok_or_else(fits)?;
    let shape = [outer, vec![rows, columns]].concat();
    computed(source, Operator::MatMul, source.ids(2..=2)?, shape)
}
