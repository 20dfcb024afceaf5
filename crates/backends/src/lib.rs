//! Any blueprint and any graph on every Burn backend, behind one type.
//!
//! Owns the instantiation, and how a graph is run operator by operator: all generic code of Burn and of the modules is
//! compiled here, once per backend, so that a change to a network or an engine does not wait minutes for it. Must
//! not know the names of architectures, refusals or the clock.

#[cfg(feature = "burn-flex")]
mod interpreter;

use burn::tensor::backend::Backend;
use burn::tensor::{Tensor, TensorData};
use formbench_blueprint::Blueprint;
use formbench_graph::Graph;
use formbench_modules::Network;
use formbench_protocol::Array;

#[cfg(feature = "burn-flex")]
use interpreter::Interpreter;

/// What is loaded.
#[derive(Clone, Debug)]
pub enum Source<'a> {
    /// A network with its weights, for images of one shape, as Burn's modules.
    Module {
        /// The architecture's name, from which its weights follow.
        architecture: &'a str,
        /// Its layers.
        blueprint: &'a Blueprint,
        /// Seed of its weights.
        weights_seed: u64,
        /// Shape of the images, NCHW.
        shape: [usize; 4],
    },
    /// A graph with its weights, run operator by operator.
    Graph(Graph),
}

/// A model on one device.
pub trait LoadedModel {
    /// Returns the outputs, once they are readable on the host: a module's are its logits, `[batch, 1000]`.
    ///
    /// # Shapes
    /// - `inputs`: a graph's; of a module images, `[batch, 3, resolution, resolution]`
    ///
    /// # Errors
    /// What the backend said, or inputs that are not the model's.
    fn infer(&mut self, inputs: &[Array]) -> Result<Vec<Array>, String>;

    /// Runs a graph and says when: `step` is called before its first operator, and behind each with its node's name and
    /// kind.
    ///
    /// # Errors
    /// As [`LoadedModel::infer`], or the model is no graph.
    fn infer_in_steps(
        &mut self,
        _inputs: &[Array],
        _step: OperatorWatch<'_>,
    ) -> Result<(), String> {
        Err("shows no operators where Burn's modules run; `burn/flex{run=graph}` does".to_owned())
    }
}

/// Is told of each operator that has run; of none before the first.
pub type OperatorWatch<'a> = &'a mut dyn FnMut(Option<(&str, &str)>);

/// A loaded model, or why there is none.
pub type Loading = Result<Box<dyn LoadedModel>, String>;

struct OnDevice<B: Backend> {
    network: Network<B>,
    device: B::Device,
    /// NCHW.
    shape: [usize; 4],
}

impl<B: Backend> LoadedModel for OnDevice<B> {
    fn infer(&mut self, inputs: &[Array]) -> Result<Vec<Array>, String> {
        let images = inputs.first().and_then(Array::as_floats).ok_or("expected images")?;
        let data = TensorData::new(images.to_vec(), self.shape);
        let logits = self.network.forward(Tensor::from_data(data, &self.device));
        let shape = logits.dims();
        let data = logits.try_into_data().map_err(|error| format!("{error:?}"))?;
        let logits = data.into_vec().map_err(|error| format!("{error:?}"))?;
        Ok(vec![Array::floats(&shape, logits)])
    }
}

#[cfg(feature = "burn-flex")]
impl<B: Backend> LoadedModel for Interpreter<B> {
    fn infer(&mut self, inputs: &[Array]) -> Result<Vec<Array>, String> {
        Self::infer(self, inputs, &mut |_| ())
    }

    fn infer_in_steps(&mut self, inputs: &[Array], step: OperatorWatch<'_>) -> Result<(), String> {
        Self::infer(self, inputs, step).map(|_| ())
    }
}

fn load_module<B: Backend>(source: Source<'_>, device: B::Device) -> Loading {
    let Source::Module { architecture, blueprint, weights_seed, shape } = source else {
        let reason = "runs architectures that are defined in Burn; of Burn's engines burn/flex runs ONNX \
                      files";
        return Err(reason.to_owned());
    };
    let network = Network::<B>::new(architecture, blueprint, weights_seed, &device)
        .map_err(|error| error.to_string())?;
    Ok(Box::new(OnDevice { network, device, shape }))
}

/// Returns the network on ndarray.
///
/// # Errors
/// A parameter has no distribution, or the source is a graph: every operation of a backend that is generic in its elements
/// would be compiled here once more.
#[cfg(feature = "burn-ndarray")]
pub fn ndarray(source: Source<'_>) -> Loading {
    load_module::<burn_ndarray::NdArray>(source, burn_ndarray::NdArrayDevice::Cpu)
}

/// Returns the network on candle.
///
/// # Errors
/// A parameter has no distribution, or the source is a graph: candle's pools and convolutions panic on much of what files
/// have.
#[cfg(feature = "burn-candle")]
#[expect(deprecated, reason = "0.21 is the last Burn with candle, which the study compares")]
pub fn candle(source: Source<'_>) -> Loading {
    load_module::<burn_candle::Candle>(source, burn_candle::CandleDevice::Cpu)
}

/// Returns the model on flex, whose operations are compiled once in its own crate.
///
/// # Errors
/// A parameter has no distribution, or a graph has an operator that is not run.
#[cfg(feature = "burn-flex")]
pub fn flex(source: Source<'_>) -> Loading {
    match source {
        Source::Graph(graph) => {
            Ok(Box::new(Interpreter::<burn_flex::Flex>::new(graph, burn_flex::FlexDevice)?))
        }
        module => load_module::<burn_flex::Flex>(module, burn_flex::FlexDevice),
    }
}

/// Returns the network on a graphics device.
///
/// # Errors
/// A parameter has no distribution, or the source is a graph.
#[cfg(feature = "burn-wgpu")]
pub fn wgpu(source: Source<'_>, device: burn_wgpu::WgpuDevice) -> Loading {
    load_module::<burn_wgpu::Wgpu>(source, device)
}
