use burn::module::Param;
use burn::nn::PReluConfig;
use burn::tensor::Tensor;
use burn::tensor::activation::{
    elu, gelu, glu, hard_sigmoid, hard_swish, leaky_relu, log_sigmoid, log_softmax, mish, relu,
    sigmoid, silu, softmax, softplus, softsign, tanh, thresholded_relu,
};
use formbench_graph::{GraphRecorder, Operator, Recording, Unary};

use crate::recording::{Images, kinds, operators, record};

fn of(forward: impl FnOnce(Images) -> Images) -> Vec<String> {
    operators(forward).iter().map(|operator| operator.kind().to_owned()).collect()
}

#[test]
fn activations_with_an_operator_are_one() {
    let unary = |unary| vec![Operator::Unary(unary)];
    assert_eq!(operators(relu), unary(Unary::Relu));
    assert_eq!(operators(sigmoid), unary(Unary::Sigmoid));
    assert_eq!(operators(hard_swish), unary(Unary::HardSwish));
    assert_eq!(operators(tanh), unary(Unary::Tanh));
    assert_eq!(operators(|x| softplus(x, 1.0)), unary(Unary::Softplus));
    assert_eq!(operators(Tensor::sign), unary(Unary::Sign));
    assert_eq!(operators(|x| leaky_relu(x, 0.1)), [Operator::LeakyRelu { alpha: 0.1 }]);
    let hard = Operator::HardSigmoid { alpha: 0.2, beta: 0.5 };
    assert_eq!(operators(|x| hard_sigmoid(x, 0.2, 0.5)), [hard]);
    assert_eq!(operators(|x| softmax(x, 1)), [Operator::Softmax { axis: 1 }]);
}

#[test]
fn clamps_are_clips_and_clips_of_clips_are_one() {
    let clip = |low, high| vec![Operator::Clip { low, high }];
    assert_eq!(operators(|x| x.clamp(0.0, 6.0)), clip(0.0, 6.0));
    assert_eq!(operators(|x| x.clamp_min(-1.5)), clip(-1.5, f32::INFINITY));
    assert_eq!(operators(|x| x.clamp_max(6.0)), clip(f32::NEG_INFINITY, 6.0));
    assert_eq!(operators(|x| x.clamp_min(0.0)), [Operator::Unary(Unary::Relu)]);
    assert_eq!(operators(|x| relu(x).clamp_max(6.0)), clip(0.0, 6.0));
    assert_eq!(operators(|x| relu(relu(x))), [Operator::Unary(Unary::Relu)]);
    // Between 1 and 2, then between 3 and 4: 3 everywhere.
    assert_eq!(operators(|x| x.clamp(1.0, 2.0).clamp(3.0, 4.0)), clip(3.0, 3.0));
}

#[test]
fn hard_sigmoids_scaled_behind_the_clamp_are_recognised() {
    let found = operators(|x| (x + 3.0).clamp(0.0, 6.0) / 6.0);
    // (x + 3) / 6 = x / 6 + 1 / 2.
    assert_eq!(found, [Operator::HardSigmoid { alpha: 1.0 / 6.0, beta: 0.5 }]);
    let swish = operators(|x| x.clone() * ((x + 3.0).clamp(0.0, 6.0) / 6.0));
    assert_eq!(swish, [Operator::Unary(Unary::HardSwish)]);
    // Up to 5/6 only.
    assert_eq!(of(|x| (x + 3.0).clamp(0.0, 5.0) / 6.0), ["Add", "Clip", "Div"]);
}

#[test]
fn activations_without_an_operator_are_their_parts() {
    assert_eq!(of(silu), ["Sigmoid", "Mul"]);
    // Halved by a product, as engines know it.
    assert_eq!(of(gelu), ["Div", "Erf", "Add", "Mul", "Mul"]);
    assert_eq!(of(|x| x.abs() / 2.0), ["Abs", "Div"]);
    assert_eq!(of(mish), ["Softplus", "Tanh", "Mul"]);
    assert_eq!(of(|x| softplus(x, 2.0)), ["Mul", "Softplus", "Div"]);
    assert_eq!(of(softsign), ["Abs", "Add", "Div"]);
    assert_eq!(of(|x| elu(x, 0.5)), ["LessOrEqual", "Exp", "Sub", "Mul", "Where"]);
    assert_eq!(of(|x| thresholded_relu(x, 1.0)), ["LessOrEqual", "Where"]);
    assert_eq!(of(|x| glu(x, 1)), ["Slice", "Slice", "Sigmoid", "Mul"]);
    assert_eq!(of(log_sigmoid), ["Neg", "Relu", "Neg", "Exp", "Sub", "Exp", "Add", "Log", "Sub"]);
    assert_eq!(of(|x| log_softmax(x, 1)), ["ReduceMax", "Sub", "Exp", "ReduceSum", "Log", "Sub"]);
}

#[test]
fn a_sigmoid_by_its_formula_is_recognised() {
    assert_eq!(operators(|x| (x.neg().exp() + 1.0).recip()), [Operator::Unary(Unary::Sigmoid)]);
    // 2 instead of 1 is none.
    assert_eq!(of(|x| (x.neg().exp() + 2.0).recip()), ["Neg", "Exp", "Add", "Reciprocal"]);
}

#[test]
fn a_slope_of_each_channel_stays_a_parameter() {
    let recorder = GraphRecorder::new();
    let mut prelu = PReluConfig::new().with_num_parameters(4).init::<Recording>(recorder.device());
    let slopes = Tensor::from_floats([0.1, 0.2, 0.3, 0.4], recorder.device());
    prelu.alpha = Param::initialized(prelu.alpha.id, slopes);
    recorder
        .name_parameters([("act.alpha".to_owned(), prelu.alpha.val().into_primitive().tensor())]);
    let graph = recorder.record("x", [1, 4, 2, 2], "y", |x| prelu.forward(x)).unwrap();
    assert_eq!(kinds(&graph), ["PRelu"]);
    let slope = graph.value(graph.nodes[0].inputs[1]);
    assert_eq!((slope.name.as_str(), &slope.shape[..]), ("act.alpha", &[1, 4, 1, 1][..]));
    assert_eq!(slope.floats().unwrap(), [0.1, 0.2, 0.3, 0.4]);
    assert_eq!(slope.constant.as_ref().unwrap().shape.to_vec(), [1, 4, 1, 1]);
}

#[test]
fn a_condition_that_is_read_again_is_not_swallowed() {
    let graph = record([1, 4, 2, 2], |x| {
        let negative = x.clone().lower_equal_elem(0.0);
        x.mask_fill(negative.clone(), 0.0) + negative.float()
    });
    assert_eq!(kinds(&graph), ["LessOrEqual", "Where", "Cast", "Add"]);
}
