use std::sync::Arc;

use burn::module::Param;
use burn::nn::conv::Conv2dConfig;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Distribution, Tensor};
use formbench_graph::{GraphRecorder, Recording};

use crate::recording::{constants, kinds, node_names, try_record, value};

#[test]
fn shared_weights_are_one_constant() {
    let recorder = GraphRecorder::new();
    let conv = Conv2dConfig::new([4, 4], [1, 1]).init::<Recording>(recorder.device());
    recorder.name_parameters([(
        "twice.conv.weight".to_owned(),
        conv.weight.val().into_primitive().tensor(),
    )]);
    let forward = |x| conv.forward(conv.forward(x));
    let graph = recorder.record("x", [1, 4, 6, 6], "y", forward).unwrap();
    assert_eq!(node_names(&graph), ["twice.conv", "twice.conv_1"]);
    assert_eq!(constants(&graph).len(), 2);
    // 4 × 4 weights and 4 biases of 4 bytes.
    assert_eq!(graph.weight_bytes(), 80);
}

#[test]
fn operations_on_constants_are_computed() {
    let recorder = GraphRecorder::new();
    let device = recorder.device().clone();
    let mut conv = Conv2dConfig::new([1, 2], [1, 1]).with_bias(false).init::<Recording>(&device);
    let weights = Tensor::from_floats([[[[3.0]]], [[[5.0]]]], &device);
    conv.weight = Param::initialized(conv.weight.id, weights);
    recorder
        .name_parameters([("conv.weight".to_owned(), conv.weight.val().into_primitive().tensor())]);
    let forward = |x| {
        let weight = conv.weight.val();
        let centred = weight.clone() - weight.mean_dim(0);
        conv2d(x, centred, None, ConvOptions::new([1, 1], [0, 0], [1, 1], 1))
    };
    let graph = recorder.record("x", [1, 1, 2, 2], "y", forward).unwrap();
    assert_eq!(node_names(&graph), ["conv"]);
    // 3 and 5 less their mean, 4.
    assert_eq!(value(&graph, "conv.weight.folded").floats().unwrap(), [-1.0, 1.0]);
}

#[test]
fn numbers_everywhere_are_stored_once() {
    let graph = try_record([64, 64], |x, device| x + Tensor::full([64, 64], 2.5, device)).unwrap();
    assert_eq!(kinds(&graph), ["Add"]);
    assert_eq!(graph.weight_bytes(), 4);
    assert_eq!(constants(&graph)[0].floats().unwrap(), [2.5]);
}

#[test]
fn the_same_number_is_one_constant() {
    let graph = try_record([2, 2], |x, _| ((x + 2.0).exp() * 2.0).abs() + 3.0).unwrap();
    let numbers: Vec<_> = constants(&graph).iter().map(|value| value.floats().unwrap()).collect();
    assert_eq!(numbers, [[2.0], [3.0]]);
}

#[test]
fn a_random_tensor_is_drawn_once() {
    let graph = try_record([2, 2], |x, device| {
        x + Tensor::random([2, 2], Distribution::Uniform(4.0, 5.0), device)
    })
    .unwrap();
    let drawn = constants(&graph)[0].floats().unwrap();
    assert_eq!(drawn.len(), 4);
    assert!(drawn.iter().all(|value| (4.0..5.0).contains(value)));
}

#[test]
fn a_graph_shares_the_elements_of_its_constants() {
    let graph = try_record([2, 2], |x, device| {
        x.matmul(Tensor::from_floats([[1.0, 2.0], [3.0, 4.0]], device))
    })
    .unwrap();
    let again = graph.clone();
    let [one, two] = [&graph, &again].map(|graph| constants(graph)[0].constant.clone().unwrap());
    assert!(Arc::ptr_eq(&one, &two));
    // The two graphs and the two handles here: the recording has let go.
    assert_eq!(Arc::strong_count(&one), 4);
}
