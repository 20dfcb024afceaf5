use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Tensor, backend::Backend};
use formbench_graph::{GraphRecorder, Recording};

use crate::recording::{node_names, record};

#[derive(Module, Debug)]
struct Stages<B: Backend> {
    stages: Vec<Vec<Conv2d<B>>>,
}

impl<B: Backend> Stages<B> {
    fn forward(&self, mut features: Tensor<B, 4>) -> Tensor<B, 4> {
        for conv in self.stages.iter().flatten() {
            features = relu(conv.forward(features));
        }
        features
    }
}

#[test]
fn paths_have_fields_and_indices() {
    let recorder = GraphRecorder::new();
    let conv = || Conv2dConfig::new([2, 2], [1, 1]).init::<Recording>(recorder.device());
    let net = Stages { stages: vec![vec![conv()], vec![conv(), conv()]] };
    recorder.name_module(&net);
    let graph = recorder.record("x", [1, 2, 2, 2], "y", |x| net.forward(x)).unwrap();
    assert_eq!(
        node_names(&graph),
        ["stages.0.0", "Relu_0", "stages.1.0", "Relu_1", "stages.1.1", "Relu_2"]
    );
    let outputs: Vec<_> =
        graph.nodes.iter().map(|node| graph.value(node.output).name.as_str()).collect();
    // Values are named after their nodes, but the output has its own name.
    assert_eq!(outputs[..5], node_names(&graph)[..5]);
    assert_eq!(outputs[5], "y");
}

#[test]
fn names_are_unique_even_where_an_output_is_called_like_a_node() {
    let recorder = GraphRecorder::new();
    let forward = |x: Tensor<Recording, 2>| x.exp().abs().exp();
    let graph = recorder.record("Exp_0", [2, 2], "Exp_1", forward).unwrap();
    assert_eq!(node_names(&graph), ["Exp_0_1", "Abs_0", "Exp_1_1"]);
    let mut names: Vec<_> = graph.values.iter().map(|value| value.name.clone()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Abs_0", "Exp_0", "Exp_0_1", "Exp_1"]);
}

#[test]
fn what_the_output_does_not_need_is_left_out() {
    let graph = record([2, 2], |x| {
        let _unused = x.clone().exp().cumsum(0);
        x.abs()
    });
    assert_eq!(node_names(&graph), ["Abs_0"]);
}
