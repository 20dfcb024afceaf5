//! What graphs built by hand cost.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod draft;

use burn::tensor::TensorData;
use draft::Draft;
use formbench_graph::attributes::inspect;
use formbench_graph::{
    Binary, ConvolutionOperator, Element, Interpolation, Operator, OperatorPadding, PoolOperator,
    Reduction, Unary, ValueId,
};
use formbench_protocol::Layer;

const RELU: Operator = Operator::Unary(Unary::Relu);
const ADD: Operator = Operator::Binary(Binary::Add);

#[test]
fn a_stem_has_the_macs_of_resnet() {
    // Output 64 × 112 × 112 = 802 816 elements, each of 3 × 7 × 7 = 147 MACs: 118 013 952.
    let layer = convolution(3, 64, [224, 112], kernel(7, 2, 3, 1));
    assert_eq!(layer.macs, 118_013_952);
    assert_eq!(layer.flops, 2 * 118_013_952);
    // 64 filters of 147.
    assert_eq!(layer.parameters, 9_408);
    // 3 × 224 × 224 = 150 528 floats and the filters in, 802 816 floats out.
    assert_eq!((layer.bytes_read, layer.bytes_written), (4 * (150_528 + 9_408), 4 * 802_816));
    assert_eq!(layer.detail, "7×7, stride 2, pad 3");
    assert_eq!((layer.inputs, layer.output), (vec![vec![1, 3, 224, 224]], vec![1, 64, 112, 112]));
}

#[test]
fn groups_divide_macs_and_decide_the_kind_of_a_convolution() {
    // 8 × 8 positions: depthwise 16 channels × 9, pointwise 16 × 32, two groups 32 × 8 × 9.
    let cases = [
        (kernel(3, 1, 1, 16), 16, 64 * 16 * 9, [1, 0, 0]),
        (kernel(1, 1, 0, 1), 32, 64 * 16 * 32, [0, 1, 0]),
        (kernel(3, 1, 1, 2), 32, 64 * 32 * 8 * 9, [0, 0, 1]),
        // 1×1 in groups mixes not all channels: it is not pointwise.
        (kernel(1, 1, 0, 2), 32, 64 * 32 * 8, [0, 0, 1]),
    ];
    for (convolution, channels, macs, kinds) in cases {
        let mut draft = Draft::default();
        let output = convolve(&mut draft, 16, channels, [8, 8], convolution);
        let attributes = inspect(&draft.finish(&[output])).attributes;
        assert_eq!(attributes.macs, macs, "{convolution:?}");
        let found = [attributes.depthwise_macs, attributes.pointwise_macs, attributes.dense_macs];
        assert_eq!(found, kinds.map(|kind| kind * macs), "{convolution:?}");
    }
}

#[test]
fn a_class_token_counts_once_however_many_images_there_are() {
    for images in [1, 3] {
        let mut draft = Draft::default();
        let tokens = draft.input(&[images, 4, 6]);
        let class = draft.floats(&[images, 1, 6]);
        let joined = draft.node(Operator::Concat { axis: 1 }, &[class, tokens], &[images, 5, 6]);
        assert_eq!(inspect(&draft.finish(&[joined])).attributes.parameters, 6);
    }
}

#[test]
fn one_channel_in_one_group_is_not_depthwise() {
    let mut draft = Draft::default();
    let output = convolve(&mut draft, 1, 4, [8, 8], kernel(3, 1, 1, 1));
    let attributes = inspect(&draft.finish(&[output])).attributes;
    assert_eq!((attributes.depthwise_macs, attributes.dense_macs), (0, 64 * 4 * 9));
}

#[test]
fn a_transposed_convolution_has_macs_for_each_element_of_its_input() {
    let mut draft = Draft::default();
    let image = draft.input(&[1, 6, 4, 4]);
    let filters = draft.floats(&[6, 3, 2, 2]);
    let operator =
        Operator::ConvTranspose { convolution: kernel(2, 2, 0, 1), output_padding: [0, 0] };
    let output = draft.node(operator, &[image, filters], &[1, 3, 8, 8]);
    // Each of 6 × 16 elements goes into 3 × 2 × 2 products.
    assert_eq!(inspect(&draft.finish(&[output])).attributes.macs, 96 * 12);
}

#[test]
fn a_linear_layer_is_in_the_macs_and_in_no_kind_of_convolution() {
    let mut draft = Draft::default();
    let features = draft.input(&[2, 512]);
    let weights = [draft.floats(&[1000, 512]), draft.floats(&[1000])];
    let gemm = Operator::Gemm { transpose_b: true };
    let logits = draft.node(gemm, &[features, weights[0], weights[1]], &[2, 1000]);
    let found = inspect(&draft.finish(&[logits])).attributes;
    // Two images of 512 000 MACs, and a bias for each of 2 000 logits.
    assert_eq!((found.macs, found.flops), (1_024_000, 2_048_000 + 2_000));
    assert_eq!(found.depthwise_macs + found.pointwise_macs + found.dense_macs, 0);
    assert_eq!((found.parameters, found.weight_bytes), (513_000, 4 * 513_000));
}

#[test]
fn statistics_are_weights_but_no_parameters() {
    let mut draft = Draft::default();
    let image = draft.input(&[1, 8, 2, 2]);
    let constants = [(); 4].map(|()| draft.floats(&[8]));
    let inputs = [&[image], constants.as_slice()].concat();
    let normalize = Operator::BatchNormalization { epsilon: 1e-5 };
    let output = draft.node(normalize, &inputs, &[1, 8, 2, 2]);
    let found = inspect(&draft.finish(&[output]));
    // Scale and bias of 8 channels; all four constants are read.
    assert_eq!((found.attributes.parameters, found.attributes.weight_bytes), (16, 4 * 32));
    assert_eq!((found.layers[0].flops, found.layers[0].bytes_read), (2 * 32, 4 * (32 + 32)));
    assert_eq!(found.layers[0].detail, "epsilon 1e-5");
}

#[test]
fn a_shared_constant_counts_for_the_first_that_uses_it_and_a_setting_for_none() {
    let mut draft = Draft::default();
    let image = draft.input(&[4, 4]);
    let [weights, half] = [draft.floats(&[4, 4]), draft.floats(&[1])];
    let first = draft.node(Operator::MatMul, &[image, weights], &[4, 4]);
    let second = draft.node(Operator::MatMul, &[first, weights], &[4, 4]);
    let output = draft.node(Operator::Binary(Binary::Mul), &[second, half], &[4, 4]);
    let layers = inspect(&draft.finish(&[output])).layers;
    let parameters: Vec<u64> = layers.iter().map(|layer| layer.parameters).collect();
    assert_eq!(parameters, [16, 0, 0]);
}

#[test]
fn a_residual_block_keeps_its_input_until_the_sum() {
    let mut draft = Draft::default();
    let image = draft.input(&[1, 10]);
    let before = draft.node(RELU, &[image], &[1, 10]);
    let wide = draft.node(Operator::Unary(Unary::Exp), &[before], &[1, 10]);
    let view = draft.node(Operator::Reshape, &[wide], &[10, 1]);
    let back = draft.node(Operator::Reshape, &[view], &[1, 10]);
    let sum = draft.node(ADD, &[back, before], &[1, 10]);
    let found = inspect(&draft.finish(&[sum]));
    // At the sum: `before`, `wide` (which both views share) and the sum itself, 40 bytes each.
    assert_eq!(found.attributes.peak_activation_bytes, 120);
    // Reshapes move nothing; the others read 40, 40 and 80 bytes.
    assert_eq!((found.attributes.bytes_read, found.attributes.bytes_written), (160, 120));
    assert_eq!(found.attributes.largest_working_set_bytes, 120);
}

#[test]
fn an_input_dies_at_its_last_use_and_an_output_never() {
    let mut draft = Draft::default();
    let [small, large] = [draft.input(&[10]), draft.input(&[100])];
    let early = draft.node(RELU, &[large], &[100]);
    let late = draft.node(RELU, &[small], &[10]);
    let graph = draft.finish(&[early, late]);
    // First node: both inputs and `early`, 40 + 400 + 400. Second: `early` is an output, so
    // 400 + 40 + 40.
    assert_eq!(inspect(&graph).attributes.peak_activation_bytes, 840);
    let found = inspect(&graph).attributes;
    assert_eq!((found.longest_path, found.parallelism()), (1, 2.0));
}

#[test]
fn the_longer_of_two_branches_is_the_path() {
    let mut draft = Draft::default();
    let image = draft.input(&[1, 4]);
    let short = draft.node(RELU, &[image], &[1, 4]);
    let mut long = image;
    for _ in 0..4 {
        long = draft.node(RELU, &[long], &[1, 4]);
    }
    let output = draft.node(Operator::Concat { axis: 1 }, &[short, long], &[1, 8]);
    let found = inspect(&draft.finish(&[output])).attributes;
    // Four and the concatenation; with the short branch there are six operators.
    assert_eq!((found.longest_path, found.operators, found.parallelism()), (5, 6, 1.2));
    let mix: Vec<_> = found.operator_mix.into_iter().collect();
    assert_eq!(mix, [("Concat".to_owned(), 1), ("Relu".to_owned(), 5)]);
}

#[test]
fn pools_reductions_and_activations_have_the_operations_of_the_table() {
    let pool = pool(3, 2, OperatorPadding::default());
    let clip = |high| Operator::Clip { low: 0.0, high };
    let reduce = |reduction| Operator::Reduce { reduction, axes: vec![2, 3], keep_dims: true };
    let resize = |mode| Operator::Resize { mode, align_corners: true };
    // Each reads 2 × 7 × 7 = 98 elements.
    let cases = [
        // 18 windows of 9: 8 comparisons, or 8 additions and a division.
        (Operator::MaxPool(pool), vec![1, 2, 3, 3], 18 * 8),
        (Operator::AveragePool { pool, count_include_pad: true }, vec![1, 2, 3, 3], 18 * 9),
        (Operator::GlobalAveragePool, vec![1, 2, 1, 1], 98),
        // 98 elements become 2: 96 additions, and for a mean two divisions.
        (reduce(Reduction::Sum), vec![1, 2, 1, 1], 96),
        (reduce(Reduction::Mean), vec![1, 2, 1, 1], 98),
        (Operator::Softmax { axis: 1 }, vec![1, 2, 7, 7], 98 * 5),
        (clip(6.0), vec![1, 2, 7, 7], 98 * 2),
        (clip(f32::INFINITY), vec![1, 2, 7, 7], 98),
        (Operator::Unary(Unary::HardSwish), vec![1, 2, 7, 7], 98 * 5),
        (Operator::Unary(Unary::Sigmoid), vec![1, 2, 7, 7], 98 * 4),
        (Operator::Transpose { permutation: vec![0, 2, 3, 1] }, vec![1, 7, 7, 2], 0),
        (resize(Interpolation::Nearest), vec![1, 2, 2, 2], 0),
        (resize(Interpolation::Linear), vec![1, 2, 2, 2], 8 * 7),
    ];
    for (operator, shape, flops) in cases {
        let layer = single(operator.clone(), &[1, 2, 7, 7], &shape);
        assert_eq!(layer.flops, flops, "{operator:?}");
        assert_eq!(layer.macs, 0);
    }
}

#[test]
fn integers_have_no_floating_point_operations() {
    let mut draft = Draft::default();
    let image = draft.input(&[4]);
    let indices = draft.typed(Operator::Cast, &[image], &[4], Element::I64);
    let one = draft.constant(&[1], Element::I64, TensorData::new(vec![1i64], [1]));
    let next = draft.typed(ADD, &[indices, one], &[4], Element::I64);
    let layers = inspect(&draft.finish(&[next])).layers;
    assert_eq!((layers[1].flops, layers[1].parameters), (0, 0));
    // Four integers of 8 bytes and one more, four out.
    assert_eq!((layers[1].bytes_read, layers[1].bytes_written), (40, 32));
    assert_eq!(layers[0].detail, "to i64");
}

#[test]
fn a_slice_reads_what_it_keeps_and_a_square_reads_once() {
    let slice = Operator::Slice { starts: vec![0, 2], ends: vec![4, 8], steps: vec![1, 3] };
    // Columns 2 and 5 of four rows: 8 floats.
    let layer = single(slice, &[4, 8], &[4, 2]);
    assert_eq!((layer.bytes_read, layer.bytes_written, layer.flops), (32, 32, 0));
    assert_eq!(layer.detail, "axis 1 from 2 to 8 by 3");
    let mut draft = Draft::default();
    let image = draft.input(&[4]);
    let square = draft.node(Operator::Binary(Binary::Mul), &[image, image], &[4]);
    assert_eq!(inspect(&draft.finish(&[square])).layers[0].bytes_read, 16);
}

#[test]
fn details_leave_out_what_is_as_usual() {
    let asymmetric = OperatorPadding { top: 0, left: 1, bottom: 0, right: 2 };
    let rows = ConvolutionOperator {
        kernel: [1, 7],
        stride: [2, 1],
        padding: OperatorPadding { left: 3, right: 3, ..OperatorPadding::default() },
        dilation: [2, 2],
        groups: 1,
    };
    let mean = Operator::AveragePool {
        pool: pool(3, 2, OperatorPadding { top: 1, left: 1, bottom: 1, right: 1 }),
        count_include_pad: true,
    };
    let cases = [
        (Operator::MaxPool(pool(3, 2, OperatorPadding::default())), "3×3, stride 2"),
        (Operator::MaxPool(pool(2, 1, asymmetric)), "2×2, pad 0/1/0/2"),
        (mean, "3×3, stride 2, pad 1, pad counts"),
        (Operator::Clip { low: 0.0, high: 6.0 }, "0 to 6"),
        (Operator::Clip { low: 0.0, high: f32::INFINITY }, "from 0"),
        (Operator::Concat { axis: 1 }, "axis 1"),
        (
            Operator::Pad { before: vec![0, 1], after: vec![0, 2], value: 3.0 },
            "axis 1 by 1/2, with 3",
        ),
        (RELU, ""),
    ];
    for (operator, detail) in cases {
        assert_eq!(single(operator, &[1, 1, 8, 8], &[1, 1, 8, 8]).detail, detail);
    }
    let layer = convolution(4, 4, [8, 8], rows);
    assert_eq!(layer.detail, "1×7, stride 2×1, pad 0×3, dilation 2");
    let layer = convolution(32, 32, [8, 4], kernel(3, 2, 1, 32));
    assert_eq!(layer.detail, "3×3, stride 2, pad 1, groups 32");
}

fn kernel(size: usize, stride: usize, pad: usize, groups: usize) -> ConvolutionOperator {
    let padding = OperatorPadding { top: pad, left: pad, bottom: pad, right: pad };
    ConvolutionOperator {
        kernel: [size; 2],
        stride: [stride; 2],
        padding,
        dilation: [1; 2],
        groups,
    }
}

fn pool(size: usize, stride: usize, padding: OperatorPadding) -> PoolOperator {
    PoolOperator { kernel: [size; 2], stride: [stride; 2], padding, dilation: [1; 2], ceil: false }
}

/// Adds a convolution without bias; `sizes` are the heights of its input and output.
fn convolve(
    draft: &mut Draft,
    from: usize,
    to: usize,
    sizes: [usize; 2],
    convolution: ConvolutionOperator,
) -> ValueId {
    let image = draft.input(&[1, from, sizes[0], sizes[0]]);
    let [rows, columns] = convolution.kernel;
    let filters = draft.floats(&[to, from / convolution.groups, rows, columns]);
    draft.node(Operator::Conv(convolution), &[image, filters], &[1, to, sizes[1], sizes[1]])
}

fn convolution(
    from: usize,
    to: usize,
    sizes: [usize; 2],
    convolution: ConvolutionOperator,
) -> Layer {
    let mut draft = Draft::default();
    let output = convolve(&mut draft, from, to, sizes, convolution);
    inspect(&draft.finish(&[output])).layers.pop().unwrap()
}

/// Returns what one operator costs that reads one activation.
fn single(operator: Operator, input: &[usize], output: &[usize]) -> Layer {
    let mut draft = Draft::default();
    let image = draft.input(input);
    let output = draft.node(operator, &[image], output);
    inspect(&draft.finish(&[output])).layers.pop().unwrap()
}
