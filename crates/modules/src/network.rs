use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorPrimitive, backend::Backend};
use formbench_blueprint::Blueprint;
use thiserror::Error;

use crate::flow::Flow;
use crate::flows::Flows;
use crate::layer::Layer;
use crate::path::Path;
use crate::weights::Weights;

/// Why a blueprint has no network.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ModuleError {
    /// A parameter whose kind the deterministic weights do not know.
    #[error("{architecture}: parameter `{path}` has no distribution; add its kind to the weights")]
    Parameter {
        /// The architecture's name.
        architecture: String,
        /// Path of the parameter from the network's root.
        path: String,
    },
}

/// A classifier with weights, ready for inference.
#[derive(Module, Debug)]
pub struct Network<B: Backend> {
    /// One for each step; a step without weights has none.
    layers: Vec<Option<Layer<B>>>,
    #[module(skip)]
    blueprint: Blueprint,
    /// For each step, the steps whose output it is the last to read.
    #[module(skip)]
    last_uses: Vec<Vec<usize>>,
}

impl<B: Backend> Network<B> {
    /// Returns the network of a blueprint with its weights: a function of the architecture's name,
    /// the layers' paths and `weights_seed`, the same on every backend.
    ///
    /// # Errors
    /// A parameter has no distribution.
    pub fn new(
        architecture: &str,
        blueprint: &Blueprint,
        weights_seed: u64,
        device: &B::Device,
    ) -> Result<Self, ModuleError> {
        Self::filled(blueprint, Weights::new(architecture, Some(weights_seed), device), device)
    }

    /// Returns the network of a blueprint with weights that are all zero, for which no memory is touched: enough to count what
    /// it costs.
    ///
    /// # Errors
    /// A parameter has no distribution, so that [`Network::new`] could not draw it.
    pub fn of_zeros(
        architecture: &str,
        blueprint: &Blueprint,
        device: &B::Device,
    ) -> Result<Self, ModuleError> {
        Self::filled(blueprint, Weights::new(architecture, None, device), device)
    }

    fn filled(
        blueprint: &Blueprint,
        mut weights: Weights<'_, B>,
        device: &B::Device,
    ) -> Result<Self, ModuleError> {
        let mut layers = Vec::with_capacity(blueprint.steps().len());
        for step in blueprint.steps() {
            let layer = Layer::of(&step.operation, device);
            layers.push(layer.map(|layer| weights.fill(step, layer)).transpose()?);
        }
        Ok(Self { layers, blueprint: blueprint.clone(), last_uses: blueprint.last_uses() })
    }

    /// Returns class logits.
    ///
    /// Features are let go of behind the last layer that reads them, so that backends may reuse
    /// their memory.
    ///
    /// # Shapes
    /// - `images`: `[batch, 3, height, width]`
    /// - returns: `[batch, 1000]`, no softmax
    pub fn forward(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        let steps = self.blueprint.steps();
        let mut flows = Flows::of(steps.len());
        let mut images = Some(Flow::Planes(images));
        for (at, step) in steps.iter().enumerate() {
            let mut read = flows.read(&step.inputs, &self.last_uses[at]).into_iter();
            // What is read is held by nobody else while the layer runs, unless it is read again.
            let output = match (read.next(), &self.layers[at]) {
                (None, _) => images.take(),
                (Some(input), Some(layer)) => {
                    Some(layer.forward(Flow::padded(&step.operation, input)))
                }
                (Some(first), None) => Some(Flow::through(&step.operation, first, read.collect())),
            };
            flows.keep(at, output);
        }
        flows.last().vectors()
    }

    /// Returns every parameter, running statistics included, with its path from the network's root,
    /// such as `stages.1.0.last.conv.weight`.
    pub fn parameters(&self) -> Vec<(String, B::FloatTensorPrimitive)> {
        let mut collector = Collector::<B> { path: Path::default(), parameters: Vec::new() };
        for (step, layer) in self.blueprint.steps().iter().zip(&self.layers) {
            collector.path = Path::of(&step.name);
            if let Some(layer) = layer {
                layer.visit(&mut collector);
            }
        }
        collector.parameters
    }
}

struct Collector<B: Backend> {
    path: Path,
    parameters: Vec<(String, B::FloatTensorPrimitive)>,
}

impl<B: Backend> ModuleVisitor<B> for Collector<B> {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, container: &str) {
        self.path.exit(container);
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        if let TensorPrimitive::Float(tensor) = param.val().into_primitive() {
            self.parameters.push((self.path.joined(), tensor));
        }
    }
}
