use burn::nn::PaddingConfig2d;
use burn::nn::conv::Conv2dConfig;
use burn::nn::pool::{AvgPool2dConfig, MaxPool2dConfig};
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::{avg_pool2d, max_pool2d};
use burn::tensor::ops::PadMode;
use formbench_graph::{Operator, OperatorPadding, PoolOperator, Recording};

use crate::recording::{Images, kinds, operators, try_record};

const ZERO: PadMode = PadMode::Constant(0.0);
const ALL_ONE: OperatorPadding = OperatorPadding { top: 1, left: 1, bottom: 1, right: 1 };

fn pool(padding: OperatorPadding) -> PoolOperator {
    PoolOperator { kernel: [3, 3], stride: [2, 2], padding, dilation: [1, 1], ceil: false }
}

fn padded_max_pool(x: Images) -> Images {
    max_pool2d(x.pad((1, 1, 1, 1), ZERO), [3, 3], [2, 2], [0, 0], [1, 1], false)
}

#[test]
fn zeros_before_a_max_pool_are_its_padding_behind_relu() {
    let found = operators(|x| padded_max_pool(relu(x)));
    assert_eq!(found[1..], [Operator::MaxPool(pool(ALL_ONE))]);
    let through = operators(|x| {
        padded_max_pool(max_pool2d(x.clamp(0.0, 6.0), [2, 2], [1, 1], [0, 0], [1, 1], false))
    });
    assert_eq!(through[2..], [Operator::MaxPool(pool(ALL_ONE))]);
}

#[test]
fn zeros_before_a_max_pool_stay_where_something_can_be_negative() {
    let kinds: Vec<_> =
        operators(padded_max_pool).iter().map(|operator| operator.kind().to_owned()).collect();
    assert_eq!(kinds, ["Pad", "MaxPool"]);
    let below: Vec<_> = operators(|x| padded_max_pool(x.clamp(-1.0, 6.0)))
        .iter()
        .map(|operator| operator.kind().to_owned())
        .collect();
    assert_eq!(below, ["Clip", "Pad", "MaxPool"]);
}

#[test]
fn minus_infinity_before_a_max_pool_is_its_padding() {
    let config = MaxPool2dConfig::new([3, 3])
        .with_strides([2, 2])
        .with_padding(PaddingConfig2d::Explicit(0, 1, 2, 1));
    let padding = OperatorPadding { top: 0, left: 1, bottom: 2, right: 1 };
    assert_eq!(operators(|x| config.init().forward(x)), [Operator::MaxPool(pool(padding))]);
}

#[test]
fn zeros_before_an_average_pool_are_padding_that_counts() {
    let config = AvgPool2dConfig::new([3, 3])
        .with_strides([2, 2])
        .with_padding(PaddingConfig2d::Explicit(0, 1, 2, 1));
    let padding = OperatorPadding { top: 0, left: 1, bottom: 2, right: 1 };
    assert_eq!(
        operators(|x| config.init().forward(x)),
        [Operator::AveragePool { pool: pool(padding), count_include_pad: true }]
    );
}

#[test]
fn a_window_in_padding_alone_is_not_moved_into_the_pool() {
    // Three rows of zeros above a window of three: ONNX has no such padding.
    let kinds: Vec<_> = operators(|x| {
        max_pool2d(relu(x).pad((0, 0, 3, 0), ZERO), [3, 3], [2, 2], [0, 0], [1, 1], false)
    })
    .iter()
    .map(|operator| operator.kind().to_owned())
    .collect();
    assert_eq!(kinds, ["Relu", "Pad", "MaxPool"]);
}

#[test]
fn one_pad_before_two_convolutions_is_the_padding_of_both() {
    let graph = try_record([1, 4, 6, 6], |x, device| {
        let conv = Conv2dConfig::new([4, 4], [3, 3])
            .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
            .init(device);
        let padded = x.pad((2, 0, 1, 0), ZERO);
        conv.forward(padded.clone()) * conv.forward(padded)
    })
    .unwrap();
    assert_eq!(kinds(&graph), ["Conv", "Conv", "Mul"]);
    let Operator::Conv(conv) = graph.nodes[1].operator else { unreachable!() };
    // Left 2 + 1, above 1 + 1.
    assert_eq!(conv.padding, OperatorPadding { top: 2, left: 3, bottom: 1, right: 1 });
}

#[test]
fn another_number_around_an_image_stays() {
    let found = operators(|x| x.pad([(0, 0), (0, 1), (2, 0), (0, 3)], PadMode::Constant(1.5)));
    let (before, after) = (vec![0, 0, 2, 0], vec![0, 1, 0, 3]);
    assert_eq!(found, [Operator::Pad { before, after, value: 1.5 }]);
}

#[test]
fn a_pad_of_nothing_is_nothing() {
    assert_eq!(operators(|x| relu(x.pad((0, 0, 0, 0), ZERO))).len(), 1);
}

#[test]
fn reflections_are_slices_put_together() {
    let kinds: Vec<_> = operators(|x| x.pad([(1, 0)], PadMode::Reflect))
        .iter()
        .map(|operator| operator.kind().to_owned())
        .collect();
    // The room, the second column, turned round, what is behind the first, both together.
    assert_eq!(kinds, ["Pad", "Slice", "Slice", "Slice", "Concat"]);
}

/// Pools 6×6 pixels with zeros above and to the left, and multiplies the means.
fn corrected_average_pool(factors: [[f32; 3]; 3]) -> Vec<Operator> {
    operators(|x| {
        let means = avg_pool2d(x.pad((1, 0, 1, 0), ZERO), [3, 3], [2, 2], [0, 0], true, false);
        let factors = Tensor::<Recording, 2>::from_data(factors, &means.device());
        means * factors.reshape([1, 1, 3, 3])
    })
}

#[test]
fn means_of_what_is_inside_are_a_pool_whose_padding_does_not_count() {
    let padding = OperatorPadding { top: 1, left: 1, bottom: 0, right: 0 };
    // Of the corner's nine pixels four are inside, of those along the edges six.
    let inside = [[2.25, 1.5, 1.5], [1.5, 1.0, 1.0], [1.5, 1.0, 1.0]];
    assert_eq!(
        corrected_average_pool(inside),
        [Operator::AveragePool { pool: pool(padding), count_include_pad: false }]
    );
    let others = corrected_average_pool([[2.25, 1.5, 1.5], [1.5, 1.0, 1.0], [1.5, 1.0, 1.1]]);
    assert_eq!(
        others.iter().map(|operator| operator.kind().to_owned()).collect::<Vec<_>>(),
        ["AveragePool", "Mul"]
    );
}
