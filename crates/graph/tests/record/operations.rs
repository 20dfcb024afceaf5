use burn::nn::conv::ConvTranspose2dConfig;
use burn::tensor::module::{adaptive_avg_pool2d, avg_pool2d, interpolate, max_pool2d};
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};
use burn::tensor::{Int, Tensor, s};
use formbench_graph::{
    ConvolutionOperator, Element, Interpolation, Operator, OperatorPadding, PoolOperator,
    Recording, RecordingDevice, Reduction,
};

use crate::recording::{Images, constants, kinds, operators, record, try_record};

#[test]
fn pools_keep_their_numbers() {
    let padding = OperatorPadding { top: 1, left: 0, bottom: 1, right: 0 };
    let pool =
        PoolOperator { kernel: [3, 2], stride: [2, 1], padding, dilation: [1, 1], ceil: true };
    assert_eq!(
        operators(|x| max_pool2d(x, [3, 2], [2, 1], [1, 0], [1, 1], true)),
        [Operator::MaxPool(pool)]
    );
    assert_eq!(
        operators(|x| avg_pool2d(x, [3, 2], [2, 1], [1, 0], true, true)),
        [Operator::AveragePool { pool, count_include_pad: true }]
    );
    // Without padding there is none to count.
    let pool = PoolOperator { padding: OperatorPadding::default(), ..pool };
    assert_eq!(
        operators(|x| avg_pool2d(x, [3, 2], [2, 1], [0, 0], true, true)),
        [Operator::AveragePool { pool, count_include_pad: false }]
    );
}

#[test]
fn adaptive_pools_with_windows_of_one_size_are_average_pools() {
    // 6 × 6 into 3 × 2: windows of 2 × 3.
    let pool = PoolOperator {
        kernel: [2, 3],
        stride: [2, 3],
        padding: OperatorPadding::default(),
        dilation: [1, 1],
        ceil: false,
    };
    assert_eq!(
        operators(|x| adaptive_avg_pool2d(x, [3, 2])),
        [Operator::AveragePool { pool, count_include_pad: false }]
    );
}

#[test]
fn transposed_convolutions_keep_their_numbers() {
    let graph = try_record([1, 4, 5, 5], |x, device| {
        ConvTranspose2dConfig::new([4, 2], [3, 3])
            .with_stride([2, 2])
            .with_padding([1, 1])
            .with_padding_out([1, 1])
            .init::<Recording>(device)
            .forward(x)
    })
    .unwrap();
    let padding = OperatorPadding { top: 1, left: 1, bottom: 1, right: 1 };
    let convolution = ConvolutionOperator {
        kernel: [3, 3],
        stride: [2, 2],
        padding,
        dilation: [1, 1],
        groups: 1,
    };
    let operator = Operator::ConvTranspose { convolution, output_padding: [1, 1] };
    assert_eq!(graph.nodes[0].operator, operator);
    // (5 − 1) · 2 − 2 + 3 + 1 = 10.
    assert_eq!(graph.value(graph.outputs[0]).shape, [1, 2, 10, 10]);
}

#[test]
fn images_are_resized() {
    let resize = |mode, align| {
        let options = InterpolateOptions::new(mode).with_align_corners(align);
        operators(move |x| interpolate(x, [12, 9], options))
    };
    let expected = |mode, align_corners| [Operator::Resize { mode, align_corners }];
    assert_eq!(resize(InterpolateMode::Nearest, true), expected(Interpolation::Nearest, false));
    assert_eq!(resize(InterpolateMode::Bilinear, true), expected(Interpolation::Linear, true));
    assert_eq!(resize(InterpolateMode::Bicubic, false), expected(Interpolation::Cubic, false));
}

#[test]
fn slices_go_backwards_and_in_steps() {
    // Burn takes the range and goes through it backwards: 5, 3, 1 of 0 to 5, and 4, 3, 2.
    let found = operators(|x| x.slice(s![.., .., ..;-2, 2..5;-1]));
    let slice = Operator::Slice {
        starts: vec![0, 0, 5, 4],
        ends: vec![1, 4, -7, 1],
        steps: vec![1, 1, -2, -1],
    };
    assert_eq!(found, [slice]);
    let flipped = operators(|x| x.flip([3]));
    let slice = Operator::Slice {
        starts: vec![0, 0, 0, 5],
        ends: vec![1, 4, 6, -7],
        steps: vec![1, 1, 1, -1],
    };
    assert_eq!(flipped, [slice]);
}

#[test]
fn a_slice_of_everything_is_nothing() {
    assert_eq!(operators(|x| x.slice(s![.., 0..4]).abs()).len(), 1);
}

#[test]
fn channels_are_shuffled_by_shape_and_transposition() {
    let graph = record([1, 4, 6, 6], |x: Images| {
        x.reshape([1, 2, 2, 6, 6]).swap_dims(1, 2).reshape([1, 4, 6, 6])
    });
    assert_eq!(kinds(&graph), ["Reshape", "Transpose", "Reshape"]);
    let permutation = vec![0, 2, 1, 3, 4];
    assert_eq!(graph.nodes[1].operator, Operator::Transpose { permutation });
}

#[test]
fn channels_are_picked_by_constant_indices() {
    let graph = try_record([1, 4, 6, 6], |x, device| {
        x.select(1, Tensor::<Recording, 1, Int>::from_ints([3, 0], device))
    })
    .unwrap();
    assert_eq!(graph.nodes[0].operator, Operator::Gather { axis: 1 });
    assert_eq!((constants(&graph)[0].element, constants(&graph)[0].elements()), (Element::I64, 2));
}

#[test]
fn elements_that_make_whole_slices_are_picked_as_such() {
    fn indices(ints: [[i32; 2]; 2], device: &RecordingDevice) -> Tensor<Recording, 2, Int> {
        Tensor::from_ints(ints, device)
    }
    let graph = try_record([3, 2], |x, device| x.gather(0, indices([[2, 2], [0, 0]], device)));
    let graph = graph.unwrap();
    assert_eq!(graph.nodes[0].operator, Operator::Gather { axis: 0 });
    let picked = constants(&graph)[0].constant.clone().unwrap();
    assert_eq!(picked.as_slice::<i64>().unwrap(), [2, 0]);
    let error = try_record([3, 2], |x, device| x.gather(0, indices([[2, 1], [0, 0]], device)));
    assert!(error.unwrap_err().to_string().starts_with("operation `Gather`"));
}

#[test]
fn axes_of_size_one_are_expanded_and_others_repeated() {
    assert_eq!(kinds(&record([1, 4], |x| x.repeat_dim(0, 3))), ["Expand"]);
    let graph = record([2, 4], |x| x.repeat_dim(0, 3));
    assert_eq!(kinds(&graph), ["Concat"]);
    assert_eq!(graph.nodes[0].inputs.len(), 3);
}

#[test]
fn reductions_of_everything_are_vectors_of_one() {
    let graph = record([2, 4], Tensor::sum);
    assert_eq!(kinds(&graph), ["ReduceSum", "Reshape"]);
    let all = Operator::Reduce { reduction: Reduction::Sum, axes: vec![0, 1], keep_dims: true };
    assert_eq!(graph.nodes[0].operator, all);
    assert_eq!(graph.value(graph.outputs[0]).shape, [1]);
}

#[test]
fn a_part_of_an_axis_is_written_between_its_neighbours() {
    let graph =
        record([2, 4], |x| x.clone().slice_assign([0..2, 1..2], x.exp().slice([0..2, 0..1])));
    assert_eq!(kinds(&graph), ["Exp", "Slice", "Slice", "Slice", "Concat"]);
    assert_eq!(graph.nodes[4].operator, Operator::Concat { axis: 1 });
    let written = graph.nodes[4].inputs[1];
    assert_eq!(written, graph.nodes[1].output);
}

#[test]
fn comparisons_make_numbers_and_choices() {
    let graph = record([2, 4], |x| {
        let above = x.clone().greater(x.clone().neg());
        x.clone().mask_where(above.clone().bool_not(), x.exp()) * above.float()
    });
    assert_eq!(kinds(&graph), ["Neg", "Greater", "Not", "Exp", "Where", "Cast", "Mul"]);
    assert_eq!(graph.value(graph.nodes[1].output).element, Element::Bool);
}

#[test]
fn integers_are_integers_of_64_bits() {
    let graph = record([2, 4], |x| (x.int() + 3).clamp(0, 5).float());
    assert_eq!(kinds(&graph), ["Cast", "Add", "Max", "Min", "Cast"]);
    assert_eq!(graph.value(graph.nodes[1].output).element, Element::I64);
    assert_eq!(graph.value(graph.nodes[1].inputs[1]).element, Element::I64);
}
