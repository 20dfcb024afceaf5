//! Records a module of Burn, prints its nodes and writes it as an ONNX file.
//!
//! ```sh
//! cargo run --release -p formbench-graph --example record_a_module -- gate.onnx
//! ```
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::path::PathBuf;

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::activation::{hard_sigmoid, hard_swish};
use burn::tensor::{Tensor, backend::Backend};
use formbench_graph::{Graph, GraphRecorder, Recording, onnx};

/// A convolution whose channels are weighted by what is in the whole image.
#[derive(Module, Debug)]
struct Gate<B: Backend> {
    conv: Conv2d<B>,
    norm: BatchNorm<B>,
    squeeze: Linear<B>,
    excite: Linear<B>,
}

impl<B: Backend> Gate<B> {
    fn new(channels: usize, device: &B::Device) -> Self {
        let conv = Conv2dConfig::new([3, channels], [3, 3])
            .with_stride([2, 2])
            .with_padding(PaddingConfig2d::Same);
        Self {
            conv: conv.init(device),
            norm: BatchNormConfig::new(channels).init(device),
            squeeze: LinearConfig::new(channels, channels / 4).init(device),
            excite: LinearConfig::new(channels / 4, channels).init(device),
        }
    }

    /// Returns gated features.
    ///
    /// # Shapes
    /// - `images`: `[batch, 3, height, width]`
    /// - returns: `[batch, channels, height / 2, width / 2]`, rounded up
    fn forward(&self, images: Tensor<B, 4>) -> Tensor<B, 4> {
        let features = hard_swish(self.norm.forward(self.conv.forward(images)));
        let [batch, channels, ..] = features.dims();
        let means = features.clone().mean_dim(2).mean_dim(3).reshape([batch, channels]);
        let weights = self.excite.forward(self.squeeze.forward(means).clamp_min(0.0));
        features * hard_sigmoid(weights, 0.2, 0.5).reshape([batch, channels, 1, 1])
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let recorder = GraphRecorder::new();
    let gate = Gate::<Recording>::new(16, recorder.device());
    recorder.name_module(&gate);
    let graph = recorder.record("images", [1, 3, 64, 64], "features", |x| gate.forward(x))?;
    print(&graph);
    let path = std::env::args_os().nth(1).map(PathBuf::from);
    let path = path.unwrap_or_else(|| std::env::temp_dir().join("gate.onnx"));
    onnx::write(&graph, &path)?;
    println!("written to {}", path.display());
    Ok(())
}

fn print(graph: &Graph) {
    for node in &graph.nodes {
        let inputs: Vec<_> = node.inputs.iter().map(|id| graph.value(*id).name.as_str()).collect();
        let shape = &graph.value(node.output).shape;
        println!(
            "{:<20} {:<20} {shape:?} ← {}",
            node.name,
            node.operator.kind(),
            inputs.join(", ")
        );
    }
}
