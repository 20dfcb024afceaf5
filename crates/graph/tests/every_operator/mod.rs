//! One graph with every operator, each on its own output, except for those that other kinds of
//! elements need.

use burn::tensor::TensorData;
use formbench_graph::{
    Binary, ConvolutionOperator, Element, Graph, Interpolation, Operator, OperatorPadding,
    PoolOperator, Reduction, Unary, ValueId,
};

use crate::draft::Draft;

/// Shape of the graph's only input.
pub const IMAGE: [usize; 4] = [1, 4, 6, 6];

const UNARY: [Unary; 18] = [
    Unary::Abs,
    Unary::Ceil,
    Unary::Cos,
    Unary::Erf,
    Unary::Exp,
    Unary::Floor,
    Unary::HardSwish,
    Unary::Log,
    Unary::Neg,
    Unary::Reciprocal,
    Unary::Relu,
    Unary::Round,
    Unary::Sigmoid,
    Unary::Sign,
    Unary::Sin,
    Unary::Softplus,
    Unary::Sqrt,
    Unary::Tanh,
];

const ARITHMETIC: [Binary; 7] =
    [Binary::Add, Binary::Div, Binary::Max, Binary::Min, Binary::Mul, Binary::Pow, Binary::Sub];

const COMPARISONS: [Binary; 5] =
    [Binary::Equal, Binary::Greater, Binary::GreaterOrEqual, Binary::Less, Binary::LessOrEqual];

const REDUCTIONS: [Reduction; 5] =
    [Reduction::Max, Reduction::Mean, Reduction::Min, Reduction::Prod, Reduction::Sum];

/// Returns the graph.
pub fn graph() -> Graph {
    let mut draft = Draft::default();
    let image = draft.input(&IMAGE);
    let mut outputs = Vec::new();
    windows(&mut draft, image, &mut outputs);
    normalizations(&mut draft, image, &mut outputs);
    products(&mut draft, image, &mut outputs);
    element_wise(&mut draft, image, &mut outputs);
    conditions(&mut draft, image, &mut outputs);
    movements(&mut draft, image, &mut outputs);
    draft.finish(&outputs)
}

fn windows(draft: &mut Draft, image: ValueId, outputs: &mut Vec<ValueId>) {
    let padding = OperatorPadding { top: 0, left: 1, bottom: 2, right: 1 };
    let convolution = ConvolutionOperator {
        kernel: [3, 1],
        stride: [1, 2],
        padding,
        dilation: [2, 1],
        groups: 2,
    };
    let weights = [draft.floats(&[6, 2, 3, 1]), draft.floats(&[6])];
    // Rows: 6 + 2 − 5 + 1 = 4; columns: (6 + 2 − 1) / 2 + 1 = 4.
    let inputs = [image, weights[0], weights[1]];
    outputs.push(draft.node(Operator::Conv(convolution), &inputs, &[1, 6, 4, 4]));

    let padding = OperatorPadding { top: 1, left: 1, bottom: 1, right: 1 };
    let convolution = ConvolutionOperator {
        kernel: [3, 3],
        stride: [2, 2],
        padding,
        dilation: [1, 1],
        groups: 2,
    };
    let operator = Operator::ConvTranspose { convolution, output_padding: [1, 0] };
    let weights = draft.floats(&[4, 3, 3, 3]);
    // Rows: 5 · 2 − 2 + 3 + 1 = 12; columns: one less.
    outputs.push(draft.node(operator, &[image, weights], &[1, 6, 12, 11]));

    let open = OperatorPadding::default();
    let pool = PoolOperator {
        kernel: [3, 2],
        stride: [2, 2],
        padding: open,
        dilation: [1, 1],
        ceil: true,
    };
    // Rows: ⌈(6 − 3) / 2⌉ + 1 = 3, the last with one row beyond the image.
    outputs.push(draft.node(Operator::MaxPool(pool), &[image], &[1, 4, 3, 3]));
    let mean = Operator::AveragePool { pool, count_include_pad: true };
    outputs.push(draft.node(mean, &[image], &[1, 4, 3, 3]));
    let pool = PoolOperator { stride: [1, 1], padding, ceil: false, ..pool };
    let mean = Operator::AveragePool { pool, count_include_pad: true };
    outputs.push(draft.node(mean, &[image], &[1, 4, 6, 7]));
    outputs.push(draft.node(Operator::GlobalAveragePool, &[image], &[1, 4, 1, 1]));
}

fn normalizations(draft: &mut Draft, image: ValueId, outputs: &mut Vec<ValueId>) {
    let statistics = [(); 4].map(|()| draft.floats(&[4]));
    let inputs = [&[image], statistics.as_slice()].concat();
    let operator = Operator::BatchNormalization { epsilon: 1e-5 };
    outputs.push(draft.node(operator, &inputs, &IMAGE));
    let scale = [draft.floats(&[6]), draft.floats(&[6])];
    let operator = Operator::LayerNormalization { axis: 3, epsilon: 1e-6 };
    outputs.push(draft.node(operator, &[image, scale[0], scale[1]], &IMAGE));
    outputs.push(draft.node(Operator::Softmax { axis: 1 }, &[image], &IMAGE));
    for reduction in REDUCTIONS {
        let whole = Operator::Reduce { reduction, axes: vec![2, 3], keep_dims: true };
        outputs.push(draft.node(whole, &[image], &[1, 4, 1, 1]));
        let flat = Operator::Reduce { reduction, axes: vec![1], keep_dims: false };
        outputs.push(draft.node(flat, &[image], &[1, 6, 6]));
    }
}

fn products(draft: &mut Draft, image: ValueId, outputs: &mut Vec<ValueId>) {
    let matrix = draft.node(Operator::Reshape, &[image], &[4, 36]);
    let weights = [draft.floats(&[36, 5]), draft.floats(&[5, 36]), draft.floats(&[5])];
    let gemm = |transpose_b| Operator::Gemm { transpose_b };
    outputs.push(draft.node(gemm(false), &[matrix, weights[0]], &[4, 5]));
    outputs.push(draft.node(gemm(true), &[matrix, weights[1], weights[2]], &[4, 5]));
    outputs.push(draft.node(Operator::MatMul, &[image, image], &IMAGE));
}

fn element_wise(draft: &mut Draft, image: ValueId, outputs: &mut Vec<ValueId>) {
    let positive = draft.node(Operator::Clip { low: 0.25, high: 1.0 }, &[image], &IMAGE);
    for unary in UNARY {
        outputs.push(draft.node(Operator::Unary(unary), &[positive], &IMAGE));
    }
    let channels = draft.floats(&[1, 4, 1, 1]);
    for binary in ARITHMETIC {
        outputs.push(draft.node(Operator::Binary(binary), &[positive, channels], &IMAGE));
    }
    let unbounded = [(f32::NEG_INFINITY, 0.5), (-0.5, f32::INFINITY)];
    for (low, high) in unbounded {
        outputs.push(draft.node(Operator::Clip { low, high }, &[image], &IMAGE));
    }
    let hard = Operator::HardSigmoid { alpha: 0.25, beta: 0.5 };
    outputs.push(draft.node(hard, &[image], &IMAGE));
    outputs.push(draft.node(Operator::LeakyRelu { alpha: 0.125 }, &[image], &IMAGE));
    let slopes = draft.floats(&[4]);
    outputs.push(draft.node(Operator::PRelu, &[image, slopes], &IMAGE));
}

fn conditions(draft: &mut Draft, image: ValueId, outputs: &mut Vec<ValueId>) {
    let bound = draft.constant(&[], Element::F32, TensorData::new(vec![0.25f32], [1]));
    let bool = Element::Bool;
    let compared = COMPARISONS
        .map(|binary| draft.typed(Operator::Binary(binary), &[image, bound], &IMAGE, bool));
    outputs.extend(compared);
    let [equal, greater, ..] = compared;
    for binary in [Binary::And, Binary::Or] {
        let both = draft.typed(Operator::Binary(binary), &[equal, greater], &IMAGE, bool);
        outputs.push(both);
    }
    let not = draft.typed(Operator::Unary(Unary::Not), &[greater], &IMAGE, bool);
    outputs.push(draft.node(Operator::Where, &[not, image, bound], &IMAGE));
    for element in [Element::I64, Element::I32, Element::Bool] {
        outputs.push(draft.typed(Operator::Cast, &[image], &IMAGE, element));
    }
    outputs.push(draft.node(Operator::Cast, &[not], &IMAGE));
}

fn movements(draft: &mut Draft, image: ValueId, outputs: &mut Vec<ValueId>) {
    outputs.push(draft.node(Operator::Concat { axis: 1 }, &[image, image], &[1, 8, 6, 6]));
    let slice = |ends, steps| Operator::Slice { starts: vec![0, 1, 0, 0], ends, steps };
    let part = slice(vec![1, 3, 6, 6], vec![1, 1, 1, 2]);
    outputs.push(draft.node(part, &[image], &[1, 2, 6, 3]));
    let pad = Operator::Pad { before: vec![0, 0, 1, 0], after: vec![0, 0, 0, 2], value: 0.5 };
    outputs.push(draft.node(pad, &[image], &[1, 4, 7, 8]));
    let permutation = vec![0, 2, 3, 1];
    outputs.push(draft.node(Operator::Transpose { permutation }, &[image], &[1, 6, 6, 4]));
    let channels = draft.node(Operator::GlobalAveragePool, &[image], &[1, 4, 1, 1]);
    outputs.push(draft.node(Operator::Expand, &[channels], &[3, 4, 2, 5]));
    let picked = draft.constant(&[2], Element::I64, TensorData::new(vec![3i64, 0], [2]));
    outputs.push(draft.node(Operator::Gather { axis: 1 }, &[image, picked], &[1, 2, 6, 6]));
    for mode in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
        for align_corners in [false, true] {
            let resize = Operator::Resize { mode, align_corners };
            outputs.push(draft.node(resize, &[image], &[1, 4, 9, 4]));
        }
    }
}
