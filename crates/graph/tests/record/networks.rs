use burn::module::{Module, RunningState};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::activation::{hard_swish, relu, silu};
use burn::tensor::{Tensor, backend::Backend};
use formbench_graph::{Graph, GraphRecorder, Operator, OperatorPadding, Recording};

use crate::recording::{constants, kinds, node_names, value};

#[derive(Module, Debug)]
struct Plain<B: Backend> {
    conv: Conv2d<B>,
    norm: BatchNorm<B>,
    pool: MaxPool2d,
    linear: Linear<B>,
}

impl<B: Backend> Plain<B> {
    fn new(channels: usize, device: &B::Device) -> Self {
        let conv = Conv2dConfig::new([3, channels], [3, 3])
            .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1));
        let mut norm = BatchNormConfig::new(channels).with_epsilon(1e-3).init(device);
        let variance = (0..channels).map(|channel| 0.5 + channel as f32).collect::<Vec<_>>();
        norm.running_var = RunningState::new(Tensor::from_floats(variance.as_slice(), device));
        let pool = MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init();
        let linear = LinearConfig::new(channels, 10).init(device);
        Self { conv: conv.init(device), norm, pool, linear }
    }

    fn forward(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        let features = self.pool.forward(relu(self.norm.forward(self.conv.forward(images))));
        let pooled = features.flatten::<3>(2, 3).mean_dim(2).flatten(1, 2);
        self.linear.forward(pooled)
    }
}

fn plain(channels: usize) -> Graph {
    let recorder = GraphRecorder::new();
    let net = Plain::<Recording>::new(channels, recorder.device());
    recorder.name_module(&net);
    recorder.record("images", [2, 3, 8, 8], "logits", |images| net.forward(images)).unwrap()
}

#[test]
fn a_plain_network_is_its_layers() {
    let graph = plain(4);
    assert_eq!(
        kinds(&graph),
        ["Conv", "BatchNormalization", "Relu", "MaxPool", "GlobalAveragePool", "Reshape", "Gemm"]
    );
    let shapes: Vec<_> = graph.nodes.iter().map(|node| &graph.value(node.output).shape).collect();
    assert_eq!(
        shapes,
        [
            &vec![2, 4, 8, 8],
            &vec![2, 4, 8, 8],
            &vec![2, 4, 8, 8],
            &vec![2, 4, 4, 4],
            &vec![2, 4, 1, 1],
            &vec![2, 4],
            &vec![2, 10]
        ]
    );
}

#[test]
fn layers_and_parameters_keep_their_paths() {
    let graph = plain(4);
    assert_eq!(
        node_names(&graph),
        ["conv", "norm", "Relu_0", "MaxPool_0", "GlobalAveragePool_0", "Reshape_0", "linear"]
    );
    let names: Vec<_> = constants(&graph).iter().map(|value| value.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "conv.weight",
            "conv.bias",
            "norm.gamma",
            "norm.beta",
            "norm.running_mean",
            "norm.running_var",
            "linear.weight",
            "linear.bias"
        ]
    );
    let [input, output] = [graph.inputs[0], graph.outputs[0]].map(|id| &graph.value(id).name);
    assert_eq!([input, output], ["images", "logits"]);
}

#[test]
fn a_norm_keeps_its_variance_and_epsilon() {
    let graph = plain(4);
    assert_eq!(graph.nodes[1].operator, Operator::BatchNormalization { epsilon: 1e-3 });
    // Four channels, as the network sets them: not the root that its forward pass takes.
    let variance = value(&graph, "norm.running_var");
    assert_eq!(variance.floats().unwrap(), [0.5, 1.5, 2.5, 3.5]);
    assert_eq!(variance.shape, [4]);
}

#[test]
fn values_are_defined_before_they_are_read_and_all_of_them_are_used() {
    let graph = plain(4);
    let mut known: Vec<bool> = graph.values.iter().map(|value| value.constant.is_some()).collect();
    known[graph.inputs[0].0] = true;
    let mut used = vec![false; known.len()];
    for node in &graph.nodes {
        assert!(node.inputs.iter().all(|id| known[id.0]), "{}", node.name);
        node.inputs.iter().for_each(|id| used[id.0] = true);
        known[node.output.0] = true;
    }
    used[graph.outputs[0].0] = true;
    assert!(known.into_iter().all(|known| known));
    assert!(used.into_iter().all(|used| used));
}

#[test]
fn recordings_in_parallel_do_not_mix() {
    let widths = [2, 3, 5, 7, 2, 3, 5, 7];
    let threads = widths.map(|width| std::thread::spawn(move || plain(width)));
    for (thread, width) in threads.into_iter().zip(widths) {
        let graph = thread.join().unwrap();
        assert_eq!(graph.nodes.len(), 7);
        assert_eq!(value(&graph, "conv.weight").shape, [width, 3, 3, 3]);
        assert_eq!(value(&graph, "linear.weight").shape, [width, 10]);
    }
}

#[derive(Module, Debug)]
struct Branches<B: Backend> {
    stem: Conv2d<B>,
    dilated: Conv2d<B>,
    grouped: Conv2d<B>,
    linear: Linear<B>,
}

impl<B: Backend> Branches<B> {
    fn new(device: &B::Device) -> Self {
        let stem = Conv2dConfig::new([3, 8], [3, 3])
            .with_stride([2, 2])
            .with_padding(PaddingConfig2d::Explicit(0, 1, 2, 3));
        let dilated = Conv2dConfig::new([4, 4], [3, 3])
            .with_dilation([2, 2])
            .with_padding(PaddingConfig2d::Explicit(2, 2, 2, 2));
        let grouped = Conv2dConfig::new([4, 4], [1, 1]).with_groups(2).with_bias(false);
        let (stem, dilated) = (stem.init(device), dilated.init(device));
        let linear = LinearConfig::new(16, 10).init(device);
        Self { stem, dilated, grouped: grouped.init(device), linear }
    }

    fn forward(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        let features = relu(self.stem.forward(images));
        let [n, _, h, w] = features.dims();
        let left = features.clone().slice([0..n, 0..4, 0..h, 0..w]);
        let right = features.clone().slice([0..n, 4..8]);
        let left = hard_swish(self.dilated.forward(left));
        let right = silu(self.grouped.forward(right));
        let joined = Tensor::cat(vec![left, right, features], 1);
        self.linear.forward(joined.mean_dim(3).mean_dim(2).reshape([n, 16]))
    }
}

#[test]
fn branches_slices_and_three_activations_are_recorded() {
    let recorder = GraphRecorder::new();
    let net = Branches::<Recording>::new(recorder.device());
    recorder.name_module(&net);
    let graph = recorder.record("images", [1, 3, 8, 8], "logits", |x| net.forward(x)).unwrap();
    assert_eq!(
        node_names(&graph),
        [
            "stem",
            "Relu_0",
            "Slice_0",
            "Slice_1",
            "dilated",
            "HardSwish_0",
            "grouped",
            "Sigmoid_0",
            "Mul_0",
            "Concat_0",
            "GlobalAveragePool_0",
            "Reshape_0",
            "linear"
        ]
    );
    let Operator::Conv(stem) = graph.nodes[0].operator else { unreachable!() };
    assert_eq!(stem.padding, OperatorPadding { top: 0, left: 1, bottom: 2, right: 3 });
    // (8 + 0 + 2 − 3) / 2 + 1 = 4 rows, (8 + 1 + 3 − 3) / 2 + 1 = 5 columns.
    assert_eq!(graph.value(graph.nodes[0].output).shape, [1, 8, 4, 5]);
    let slice = Operator::Slice {
        starts: vec![0, 4, 0, 0],
        ends: vec![1, 8, 4, 5],
        steps: vec![1, 1, 1, 1],
    };
    assert_eq!(graph.nodes[3].operator, slice);
    let Operator::Conv(dilated) = graph.nodes[4].operator else { unreachable!() };
    assert_eq!((dilated.dilation, dilated.groups), ([2, 2], 1));
    let Operator::Conv(grouped) = graph.nodes[6].operator else { unreachable!() };
    assert_eq!((grouped.dilation, grouped.groups), ([1, 1], 2));
    assert_eq!(graph.nodes[6].inputs.len(), 2);
}
