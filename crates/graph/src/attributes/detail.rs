use crate::{
    ConvolutionOperator, Graph, Interpolation, Node, Operator, OperatorPadding, PoolOperator,
};

/// Returns a node's settings in short, such as `3×3, stride 2, pad 1, groups 32`. Settings that
/// have their usual value are left out.
pub fn detail(graph: &Graph, node: &Node) -> String {
    let parts = match &node.operator {
        Operator::Slice { starts, ends, steps } => {
            let shape = &graph.value(node.inputs[0]).shape;
            slicing(shape, starts, ends, steps)
        }
        Operator::Cast => vec![format!("to {}", graph.value(node.output).element.label())],
        operator => settings(operator),
    };
    parts.join(", ")
}

/// Settings that follow from the operator alone.
fn settings(operator: &Operator) -> Vec<String> {
    match operator {
        Operator::Conv(convolution) => convolving(convolution),
        Operator::ConvTranspose { convolution, output_padding } => {
            let beyond = pair("output pad", *output_padding, 0);
            convolving(convolution).into_iter().chain(beyond).collect()
        }
        Operator::MaxPool(pool) => pooling(pool),
        Operator::AveragePool { pool, count_include_pad } => {
            let counts = *count_include_pad && pool.padding != OperatorPadding::default();
            let counted = counts.then(|| "pad counts".to_owned());
            pooling(pool).into_iter().chain(counted).collect()
        }
        Operator::BatchNormalization { epsilon } => vec![format!("epsilon {epsilon:e}")],
        Operator::LayerNormalization { axis, epsilon } => {
            vec![format!("axis {axis}"), format!("epsilon {epsilon:e}")]
        }
        Operator::Gemm { transpose_b: true } => vec!["transposed".to_owned()],
        Operator::Clip { low, high } => clipping(*low, *high),
        Operator::HardSigmoid { alpha, beta } => {
            vec![format!("slope {alpha}"), format!("offset {beta}")]
        }
        Operator::LeakyRelu { alpha } => vec![format!("slope {alpha}")],
        Operator::Softmax { axis }
        | Operator::Concat { axis }
        | Operator::Gather { axis }
        | Operator::ArgMax { axis, .. }
        | Operator::ArgMin { axis, .. } => vec![format!("axis {axis}")],
        Operator::Lrn { size, .. } => vec![format!("{size} channels")],
        Operator::Reduce { axes, .. } => vec![format!("axes {}", list(axes))],
        Operator::Pad { before, after, value } => padding_axes(before, after, *value),
        Operator::Transpose { permutation } => vec![format!("order {}", list(permutation))],
        Operator::Resize { mode, align_corners } => resizing(*mode, *align_corners),
        _ => Vec::new(),
    }
}

fn convolving(convolution: &ConvolutionOperator) -> Vec<String> {
    let ConvolutionOperator { kernel, stride, padding, dilation, groups } = convolution;
    let groups = (*groups > 1).then(|| format!("groups {groups}"));
    windows(*kernel, *stride, *padding, *dilation).into_iter().chain(groups).collect()
}

fn pooling(pool: &PoolOperator) -> Vec<String> {
    let ceil = pool.ceil.then(|| "ceil".to_owned());
    let windows = windows(pool.kernel, pool.stride, pool.padding, pool.dilation);
    windows.into_iter().chain(ceil).collect()
}

fn windows(
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: OperatorPadding,
    dilation: [usize; 2],
) -> Vec<String> {
    let size = format!("{}×{}", kernel[0], kernel[1]);
    let steps = pair("stride", stride, 1);
    let gaps = pair("dilation", dilation, 1);
    [Some(size), steps, around(padding), gaps].into_iter().flatten().collect()
}

/// Padding as one number if it is the same on all sides, as `rows×columns` if opposite sides are the
/// same, else as `top/left/bottom/right`.
fn around(padding: OperatorPadding) -> Option<String> {
    let OperatorPadding { top, left, bottom, right } = padding;
    if (top, left) == (bottom, right) {
        return pair("pad", [top, left], 0);
    }
    Some(format!("pad {}", list(&[top, left, bottom, right])))
}

/// Two numbers under a name, one if they are the same, nothing if both have the usual value.
fn pair(name: &str, numbers: [usize; 2], usual: usize) -> Option<String> {
    match numbers {
        [down, across] if down != across => Some(format!("{name} {down}×{across}")),
        [same, _] if same != usual => Some(format!("{name} {same}")),
        _ => None,
    }
}

fn clipping(low: f32, high: f32) -> Vec<String> {
    vec![match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("{low} to {high}"),
        (true, false) => format!("from {low}"),
        (false, true) => format!("to {high}"),
        (false, false) => return Vec::new(),
    }]
}

/// The axes that lose something, such as `axis 1 from 0 to 32`.
fn slicing(shape: &[usize], starts: &[i64], ends: &[i64], steps: &[i64]) -> Vec<String> {
    let cut =
        |axis: &usize| (starts[*axis], steps[*axis]) != (0, 1) || ends[*axis] < shape[*axis] as i64;
    let part = |axis: usize| {
        let step = if steps[axis] == 1 { String::new() } else { format!(" by {}", steps[axis]) };
        format!("axis {axis} from {} to {}{step}", starts[axis], ends[axis])
    };
    (0..shape.len()).filter(cut).map(part).collect()
}

/// The axes that grow, such as `axis 2 by 0/1`, and the number that fills them unless it is 0.
fn padding_axes(before: &[usize], after: &[usize], value: f32) -> Vec<String> {
    let sides = before.iter().zip(after).enumerate().filter(|(_, sides)| *sides != (&0, &0));
    let axes = sides.map(|(axis, (before, after))| format!("axis {axis} by {before}/{after}"));
    axes.chain((value != 0.0).then(|| format!("with {value}"))).collect()
}

fn resizing(mode: Interpolation, align_corners: bool) -> Vec<String> {
    let mode = match mode {
        Interpolation::Nearest => "nearest",
        Interpolation::Linear => "linear",
        Interpolation::Cubic => "cubic",
    };
    let corners = align_corners.then(|| "corners aligned".to_owned());
    std::iter::once(mode.to_owned()).chain(corners).collect()
}

fn list(numbers: &[usize]) -> String {
    numbers.iter().map(usize::to_string).collect::<Vec<_>>().join("/")
}
