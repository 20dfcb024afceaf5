use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorPrimitive, backend::Backend};
use formbench_blueprint::Blueprint;
use thiserror::Error;

use crate::flow::Flow;
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
        let mut weights = Weights::new(architecture, weights_seed, device);
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
        let mut flows: Vec<Option<Flow<B>>> = vec![None; self.layers.len()];
        let mut output = Flow::Planes(images);
        for (at, step) in self.blueprint.steps().iter().enumerate() {
            let last = &self.last_uses[at];
            let mut read = step.inputs.iter().enumerate().filter_map(|(position, input)| {
                let again = step.inputs[position + 1..].contains(input);
                match last.contains(input) && !again {
                    true => flows[*input].take(),
                    false => flows[*input].clone(),
                }
            });
            if let Some(first) = read.next() {
                let others: Vec<Flow<B>> = read.collect();
                output = match &self.layers[at] {
                    Some(layer) => layer.forward(Flow::padded(&step.operation, first)),
                    None => Flow::through(&step.operation, first, others),
                };
            }
            flows[at] = Some(output.clone());
        }
        output.vectors()
    }

    /// Returns every parameter, running statistics included, with its path from the network's root,
    /// as `stages.1.0.last.conv.weight`.
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
