use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Tensor, TensorData, backend::Backend};
use formbench_protocol::Architecture;

use crate::{ArchitectureError, BuiltNetwork, Network};
use formbench_seed::Stream;

use super::distribution::Uniform;

/// The weights of one architecture, as they are filled into a module.
pub(crate) struct Weights<'a, B: Backend> {
    architecture: String,
    seed: u64,
    device: &'a B::Device,
    /// Fields and indices from the network's root to the parameter at hand.
    path: Vec<String>,
    /// The first parameter without a distribution.
    unknown: Option<String>,
}

impl<'a, B: Backend> Weights<'a, B> {
    /// Returns the weights of an architecture under a seed.
    pub(crate) fn new(architecture: &Architecture, seed: u64, device: &'a B::Device) -> Self {
        Self { architecture: architecture.to_string(), seed, device, path: vec![], unknown: None }
    }

    /// Returns where the parameters live.
    pub(crate) fn device(&self) -> &'a B::Device {
        self.device
    }

    /// Returns the network with all its parameters filled, batch-norm statistics included.
    ///
    /// # Errors
    /// A parameter has no distribution.
    pub(crate) fn fill<N: Module<B>>(mut self, network: N) -> Result<N, ArchitectureError> {
        let network = network.map(&mut self);
        let architecture = self.architecture;
        match self.unknown {
            Some(path) => Err(ArchitectureError::Parameter { architecture, path }),
            None => Ok(network),
        }
    }

    /// Returns the filled network behind its trait.
    ///
    /// # Errors
    /// A parameter has no distribution.
    pub(crate) fn fill_boxed<N>(
        self,
        network: N,
    ) -> Result<Box<dyn BuiltNetwork<B>>, ArchitectureError>
    where
        N: Module<B> + Network<B> + 'static,
    {
        Ok(Box::new(self.fill(network)?))
    }

    /// Returns the values of the parameter at hand, if it has a distribution.
    fn draw(&mut self, shape: &[usize]) -> Option<Vec<f32>> {
        let path = self.path.join(".");
        let field = self.path.last().map_or("", String::as_str);
        let Some(uniform) = Uniform::of(field, shape) else {
            self.unknown.get_or_insert(path);
            return None;
        };
        let seed = self.seed.to_le_bytes();
        let key: [&[u8]; 4] = [b"weights", self.architecture.as_bytes(), path.as_bytes(), &seed];
        let count = shape.iter().product();
        Some(Stream::new(&key).uniform(count, uniform.centre, uniform.half_width))
    }
}

impl<B: Backend> ModuleMapper<B> for Weights<'_, B> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    /// Replaces the parameter without running its lazy initialiser.
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<B, D>>) -> Param<Tensor<B, D>> {
        let shape = param.lazy_shape();
        let Some(values) = self.draw(&shape) else {
            return param;
        };
        let tensor = Tensor::from_data(TensorData::new(values, shape), self.device);
        let id = param.id;
        param.transform_for_load(tensor, id)
    }
}

#[cfg(test)]
mod tests {
    use burn_flex::Flex;
    use burn_ndarray::NdArray;

    use super::*;
    use crate::pattern::depthwise_bottleneck::DepthwiseBottleneck;
    use crate::pattern::plain::Plain;
    use crate::pattern::residual::Residual;
    use crate::pattern::{Block, Plan, Stack};
    use crate::probe;

    /// Path and values of every parameter of a pattern of depth 4 and width 8.
    fn filled<B: Backend, K: Block<B> + 'static>(name: &str, seed: u64) -> Vec<(String, Vec<f32>)> {
        let device = B::Device::default();
        let weights = Weights::<B>::new(&probe::pattern(name, 4, 8), seed, &device);
        let network = Stack::<B, K>::new(&Plan::of(name, 4, 8).unwrap(), &device);
        probe::values(&weights.fill(network).unwrap())
    }

    fn residual(seed: u64) -> Vec<(String, Vec<f32>)> {
        filled::<Flex, Residual<_>>("residual", seed)
    }

    #[test]
    fn weights_are_the_same_bits_on_two_backends() {
        let name = "depthwise-bottleneck";
        assert_eq!(residual(1), filled::<NdArray, Residual<_>>("residual", 1));
        assert_eq!(filled::<Flex, Plain<_>>("plain", 1), filled::<NdArray, Plain<_>>("plain", 1));
        assert_eq!(
            filled::<Flex, DepthwiseBottleneck<_>>(name, 1),
            filled::<NdArray, DepthwiseBottleneck<_>>(name, 1)
        );
    }

    #[test]
    fn weights_do_not_change() {
        // The checksum was taken from this test's own message when the weights were first drawn:
        // a change of it changes every architecture's weights, and with them all logits on record.
        assert_eq!(
            probe::checksum(&residual(1)),
            "617beeaf124d85816f2ddc648ffede7910fb3fc9abcb2dd907519b8ed8fe921f"
        );
    }

    #[test]
    fn paths_are_fields_and_indices_and_running_statistics_are_among_them() {
        let values = residual(1);
        let (_, variances) =
            values.iter().find(|(path, _)| path == "stages.1.0.last.norm.running_var").unwrap();
        assert_eq!(variances.len(), 16);
        // Uniform in 1 ± 0.1, none left at a fresh norm's 1.
        assert!(variances.iter().all(|v| (0.9..1.1).contains(v) && *v != 1.0));
    }

    #[test]
    fn gammas_at_the_end_of_a_branch_are_a_quarter() {
        let near = |path: &str, centre: f32| {
            let values = residual(1);
            let (_, gammas) = values.iter().find(|(other, _)| other == path).unwrap();
            gammas.iter().all(|gamma| (gamma / centre - 1.0).abs() <= 0.1)
        };
        assert!(near("stages.0.0.first.norm.gamma", 1.0));
        assert!(near("stages.0.0.last.norm.gamma", 0.25));
        assert!(near("stages.1.0.shortcut.projection.norm.gamma", 1.0));
    }

    #[test]
    fn plain_blocks_pass_on_the_centre_of_each_channel() {
        let values = filled::<Flex, Plain<_>>("plain", 1);
        let (_, weights) =
            values.iter().find(|(path, _)| path == "stages.0.0.last.conv.weight").unwrap();
        // 8 channels, 3×3: He's half width sqrt(6 / 72) = 0.289, a quarter of it is 0.072; the
        // centre of channel c to channel c is at (c·8 + c)·9 + 4.
        for (at, weight) in weights.iter().enumerate() {
            let own = at % 9 == 4 && at / 72 == at / 9 % 8;
            let centre = if own { 0.9375 } else { 0.0 };
            assert!((weight - centre).abs() < 0.0722, "{at}: {weight}");
        }
    }

    #[test]
    fn seeds_paths_and_architectures_draw_different_weights() {
        let values = residual(1);
        assert!(values.iter().zip(residual(2)).all(|((_, one), (_, two))| *one != two));
        // The norms of a block are of one shape, and differ all the same.
        let gamma = |end: &str| values.iter().find(|(path, _)| path.ends_with(end)).unwrap();
        assert_ne!(gamma("0.0.first.norm.beta").1, gamma("0.0.last.norm.beta").1);
        // Stems are alike in every pattern.
        let plain = filled::<Flex, Residual<_>>("plain", 1);
        assert_eq!(values[0].0, plain[0].0);
        assert_ne!(values[0].1, plain[0].1);
    }

    #[test]
    fn a_parameter_without_a_distribution_is_named() {
        let device = Default::default();
        let norm = burn::nn::PReluConfig::new().init::<Flex>(&device);
        let weights = Weights::<Flex>::new(&probe::network("resnet18"), 1, &device);
        assert_eq!(
            weights.fill(norm).unwrap_err().to_string(),
            "resnet18: parameter `alpha` has no distribution; add its kind to the weights"
        );
    }
}
