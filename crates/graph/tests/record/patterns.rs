use burn::nn::{BatchNormConfig, LayerNormConfig, LinearConfig};
use burn::tensor::Tensor;
use burn::tensor::module::adaptive_avg_pool2d;
use formbench_graph::{GraphRecorder, Operator, Recording, RecordingDevice};

use crate::recording::{constants, kinds, node_names, record, try_record, value};

fn by_channel(floats: [f32; 2], device: &RecordingDevice) -> Tensor<Recording, 4> {
    Tensor::<_, 1>::from_floats(floats, device).reshape([1, 2, 1, 1])
}

#[test]
fn a_norm_without_origin_has_the_square_of_its_deviation() {
    let graph = try_record([1, 2, 3, 3], |x, device| {
        let normalised = (x - by_channel([1.0, 2.0], device)) / by_channel([0.5, 3.0], device);
        normalised * by_channel([5.0, 6.0], device) + by_channel([7.0, 8.0], device)
    })
    .unwrap();
    assert_eq!(graph.nodes.len(), 1);
    assert_eq!(graph.nodes[0].operator, Operator::BatchNormalization { epsilon: 0.0 });
    let parameters: Vec<_> =
        constants(&graph).iter().map(|value| value.floats().unwrap()).collect();
    // Scale, bias, mean, and 0.5² and 3².
    assert_eq!(parameters, [[5.0, 6.0], [7.0, 8.0], [1.0, 2.0], [0.25, 9.0]]);
}

#[test]
fn a_norm_whose_middle_is_read_again_is_not_swallowed() {
    let graph = try_record([1, 2, 3, 3], |x, device| {
        let normalised = (x - by_channel([1.0, 2.0], device)) / by_channel([0.5, 3.0], device);
        let scaled = normalised.clone() * by_channel([5.0, 6.0], device);
        scaled + by_channel([7.0, 8.0], device) + normalised
    })
    .unwrap();
    assert_eq!(kinds(&graph), ["Sub", "Div", "Mul", "Add", "Add"]);
}

#[test]
fn a_norm_along_another_axis_is_none() {
    let graph = try_record([1, 2, 3, 3], |x, device| {
        let rows = |floats: [f32; 3]| {
            Tensor::<Recording, 1>::from_floats(floats, device).reshape([1, 1, 3, 1])
        };
        let normalised = (x - rows([1.0, 2.0, 3.0])) / rows([1.0, 2.0, 3.0]);
        normalised * rows([1.0, 2.0, 3.0]) + rows([1.0, 2.0, 3.0])
    })
    .unwrap();
    assert_eq!(kinds(&graph), ["Sub", "Div", "Mul", "Add"]);
}

#[test]
fn a_fresh_norm_keeps_its_parameters() {
    let recorder = GraphRecorder::new();
    let norm = BatchNormConfig::new(2).init::<Recording>(recorder.device());
    recorder.name_module(&norm);
    let graph = recorder.record("x", [1, 2, 3, 3], "y", |x| norm.forward(x)).unwrap();
    assert_eq!(node_names(&graph), ["BatchNormalization_0"]);
    let names: Vec<_> = constants(&graph).iter().map(|value| value.name.as_str()).collect();
    assert_eq!(names, ["gamma", "beta", "running_mean", "running_var"]);
    assert_eq!(value(&graph, "gamma").floats().unwrap(), [1.0, 1.0]);
    assert_eq!(value(&graph, "gamma").shape, [2]);
}

#[test]
fn a_layer_norm_is_one_operator() {
    let recorder = GraphRecorder::new();
    let norm = LayerNormConfig::new(5).with_epsilon(1e-6).init::<Recording>(recorder.device());
    recorder.name_module(&norm);
    let graph = recorder.record("x", [2, 3, 5], "y", |x| norm.forward(x)).unwrap();
    assert_eq!(graph.nodes.len(), 1);
    let operator = Operator::LayerNormalization { axis: 2, epsilon: 1e-6 };
    assert_eq!(graph.nodes[0].operator, operator);
    assert_eq!(value(&graph, "gamma").shape, [5]);
}

#[test]
fn means_over_planes_are_global_pools() {
    let flat = record([2, 3, 4, 5], |x| x.flatten::<3>(2, 3).mean_dim(2));
    assert_eq!(kinds(&flat), ["GlobalAveragePool", "Reshape"]);
    assert_eq!(flat.value(flat.outputs[0]).shape, [2, 3, 1]);
    assert_eq!(kinds(&record([2, 3, 4, 5], |x| x.mean_dim(2).mean_dim(3))), ["GlobalAveragePool"]);
    assert_eq!(
        kinds(&record([2, 3, 4, 5], |x| adaptive_avg_pool2d(x, [1, 1]))),
        ["GlobalAveragePool"]
    );
    // Channels and rows are no plane.
    let other = record([2, 3, 4, 5], |x| x.flatten::<3>(1, 2).mean_dim(2));
    assert_eq!(kinds(&other), ["Reshape", "ReduceMean"]);
}

#[test]
fn reshapes_of_reshapes_are_one_and_back_to_the_shape_are_none() {
    let once = record([2, 3, 4], |x| x.reshape([6, 4]).reshape([2, 12]).reshape([24]));
    assert_eq!(kinds(&once), ["Reshape"]);
    let back = record([2, 3, 4], |x| x.abs().reshape([6, 4]).reshape([2, 3, 4]).abs());
    assert_eq!(kinds(&back), ["Abs", "Abs"]);
}

#[test]
fn numbers_that_change_nothing_go() {
    let graph = record([2, 3], |x| (x.abs() * 1.0 + 0.0) / 1.0 - 0.0);
    assert_eq!(kinds(&graph), ["Abs"]);
}

#[test]
fn a_linear_layer_is_gemm_on_matrices_and_two_operators_on_more_axes() {
    let recorder = GraphRecorder::new();
    let linear = LinearConfig::new(4, 5).init::<Recording>(recorder.device());
    recorder.name_module(&linear);
    let graph = recorder.record("x", [3, 4], "y", |x| linear.forward(x)).unwrap();
    assert_eq!(graph.nodes[0].operator, Operator::Gemm { transpose_b: false });
    let graph = try_record([2, 3, 4], |x, device| {
        LinearConfig::new(4, 5).init::<Recording>(device).forward(x)
    });
    assert_eq!(kinds(&graph.unwrap()), ["MatMul", "Add"]);
}
