//! What the tests of this crate look at: parameters and logits.

use std::fmt::Write;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData, backend::Backend};
use burn_flex::Flex;
use formbench_protocol::{Architecture, ArchitectureKind, Input};
use formbench_seed::images;
use sha2::{Digest, Sha256};

use crate::pattern::{Block, Plan, Stack};
use crate::{build, registry};

/// Returns a pattern at a depth and width.
pub(crate) fn pattern(name: &str, depth: u32, width: u32) -> Architecture {
    Architecture::Pattern { name: name.to_owned(), depth, width }
}

/// Returns a network.
pub(crate) fn network(name: &str) -> Architecture {
    Architecture::Network { name: name.to_owned() }
}

/// Returns all patterns at a depth and width, and all networks.
pub(crate) fn every_architecture(depth: u32, width: u32) -> Vec<Architecture> {
    let infos = registry().into_iter();
    let architecture = infos.map(|info| match info.kind {
        ArchitectureKind::Network => network(&info.name),
        ArchitectureKind::Pattern => pattern(&info.name, depth, width),
    });
    architecture.collect()
}

/// Returns a stack of blocks, its weights not filled.
pub(crate) fn stack<K: Block<Flex>>(depth: u32, width: u32) -> Stack<Flex, K> {
    let plan = Plan::of("pattern", depth, width).unwrap();
    Stack::new(&plan, &Default::default())
}

/// Returns the number of trainable parameters.
pub(crate) fn parameters<M: Module<Flex>>(module: &M) -> usize {
    let mut counter = Counter::default();
    module.visit(&mut counter);
    counter.parameters
}

/// Returns path and values of every parameter, in the order of the modules' fields.
pub(crate) fn values<B: Backend, M: Module<B>>(module: &M) -> Vec<(String, Vec<f32>)> {
    let mut reader = Reader::default();
    module.visit(&mut reader);
    reader.values
}

/// Returns the SHA-256 of paths and values.
pub(crate) fn checksum(values: &[(String, Vec<f32>)]) -> String {
    let mut hash = Sha256::new();
    for (path, values) in values {
        hash.update(path);
        values.iter().for_each(|value| hash.update(value.to_le_bytes()));
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Returns the logits of an architecture under a weights seed.
pub(crate) fn logits<B: Backend>(
    architecture: &Architecture,
    weights_seed: u64,
    input: Input,
    variant: u32,
) -> Tensor<B, 2> {
    let device = B::Device::default();
    let side = input.resolution as usize;
    let data = TensorData::new(images(&input, variant), [input.batch as usize, 3, side, side]);
    let network = build::<B>(architecture, weights_seed, &device).unwrap();
    network.forward(Tensor::from_data(data, &device))
}

/// Returns the logits as numbers, in row order.
pub(crate) fn logit_values<B: Backend>(
    architecture: &Architecture,
    weights_seed: u64,
    input: Input,
    variant: u32,
) -> Vec<f32> {
    logits::<B>(architecture, weights_seed, input, variant).into_data().to_vec().unwrap()
}

/// Asserts that two images give two rows of 1000 logits, at an odd resolution too.
pub(crate) fn assert_output_shape(architecture: &Architecture) {
    for resolution in [32, 45] {
        let input = Input { batch: 2, resolution, seed: 7 };
        assert_eq!(logits::<Flex>(architecture, 1, input, 0).dims(), [2, 1000]);
    }
}

/// Counts parameters, without the running statistics of normalisations.
#[derive(Default)]
struct Counter {
    field: String,
    parameters: usize,
}

impl<B: Backend> ModuleVisitor<B> for Counter {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.field = name.to_owned();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        if !self.field.starts_with("running_") {
            self.parameters += param.lazy_shape().num_elements();
        }
    }
}

/// Reads parameters back from the backend.
#[derive(Default)]
struct Reader {
    path: Vec<String>,
    values: Vec<(String, Vec<f32>)>,
}

impl<B: Backend> ModuleVisitor<B> for Reader {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        self.values.push((self.path.join("."), param.val().into_data().to_vec().unwrap()));
    }
}
