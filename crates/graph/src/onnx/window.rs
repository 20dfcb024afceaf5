//! Pooling windows that reach beyond the input are written as padding, since engines differ in what
//! `ceil_mode` means.

use crate::{Graph, Node, OnnxError, OperatorPadding, PoolOperator};

/// Returns the padding with which a maximum has its windows.
///
/// # Errors
/// If a window lies wholly outside the input.
pub fn maximum(
    graph: &Graph,
    node: &Node,
    pool: &PoolOperator,
) -> Result<OperatorPadding, OnnxError> {
    let [rows, columns] = beyond(graph, node, pool);
    let padding = OperatorPadding {
        bottom: pool.padding.bottom + rows,
        right: pool.padding.right + columns,
        ..pool.padding
    };
    let reach = |axis: usize| pool.dilation[axis] * (pool.kernel[axis] - 1);
    if padding.bottom > reach(0) || padding.right > reach(1) {
        return Err(unsupported(node, "its last window lies wholly outside the input"));
    }
    Ok(padding)
}

/// Returns the padding with which a mean has its windows, and whether padding counts in it.
///
/// # Errors
/// If a window lies wholly outside the input, windows have gaps, or padding counts while what lies
/// beyond it does not.
pub fn mean(
    graph: &Graph,
    node: &Node,
    pool: &PoolOperator,
    count_include_pad: bool,
) -> Result<(OperatorPadding, bool), OnnxError> {
    if pool.dilation != [1, 1] {
        return Err(unsupported(node, "a mean over windows with gaps needs opset 19, this is 17"));
    }
    let reaches_beyond = beyond(graph, node, pool) != [0, 0];
    if count_include_pad && reaches_beyond && pool.padding != OperatorPadding::default() {
        let reason = "its mean counts padding, but not the rows or columns beyond it";
        return Err(unsupported(node, reason));
    }
    Ok((maximum(graph, node, pool)?, count_include_pad && !reaches_beyond))
}

/// Rows and columns by which the last windows reach beyond input and padding.
fn beyond(graph: &Graph, node: &Node, pool: &PoolOperator) -> [usize; 2] {
    let (input, output) = (&graph.value(node.inputs[0]).shape, &graph.value(node.output).shape);
    let padding = [pool.padding.top + pool.padding.bottom, pool.padding.left + pool.padding.right];
    [0, 1].map(|axis| {
        let last = (output[axis + 2] - 1) * pool.stride[axis];
        let end = last + pool.dilation[axis] * (pool.kernel[axis] - 1) + 1;
        end.saturating_sub(input[axis + 2] + padding[axis])
    })
}

fn unsupported(node: &Node, reason: &str) -> OnnxError {
    OnnxError::Unsupported { node: node.name.clone(), reason: reason.to_owned() }
}
