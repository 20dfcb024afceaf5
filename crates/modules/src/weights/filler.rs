use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Tensor, TensorData, backend::Backend};
use formbench_blueprint::{ConvolutionLayer, Filling, Operation, Step};
use formbench_seed::Stream;

use super::distribution::Uniform;
use crate::ModuleError;
use crate::path::Path;

/// What multiplies the drawn weights of a convolution near identity.
const NEAR_IDENTITY_SCALE: f32 = 0.25;
/// What such a convolution passes on of each pixel: as much as keeps the second moment.
const NEAR_IDENTITY_CENTRE: f32 = 0.9375;

/// The weights of one architecture, as they are filled into its layers.
pub(crate) struct Weights<'a, B: Backend> {
    architecture: &'a str,
    /// Nothing if all are zeros.
    seed: Option<u64>,
    device: &'a B::Device,
    /// The parameter at hand.
    path: Path,
    /// The variance to expect of the layer's input.
    variance: f64,
    /// What its scales are near.
    gain: f64,
    filling: Filling,
    /// The first parameter without a distribution.
    unknown: Option<String>,
}

impl<'a, B: Backend> Weights<'a, B> {
    /// Returns the weights of an architecture under a seed, or zeros.
    pub(crate) fn new(architecture: &'a str, seed: Option<u64>, device: &'a B::Device) -> Self {
        Self {
            architecture,
            seed,
            device,
            path: Path::default(),
            variance: 1.0,
            gain: 1.0,
            filling: Filling::Independent,
            unknown: None,
        }
    }

    /// Returns a step's layer with all its parameters filled, batch-norm statistics included.
    ///
    /// # Errors
    /// A parameter has no distribution.
    pub(crate) fn fill<M: Module<B>>(&mut self, step: &Step, layer: M) -> Result<M, ModuleError> {
        self.path = Path::of(&step.name);
        (self.filling, self.gain) = (Filling::Independent, 1.0);
        match &step.operation {
            Operation::BatchNorm { variance, gain, .. } => {
                (self.variance, self.gain) = (*variance, *gain);
            }
            Operation::Scale { gain, .. } => self.gain = *gain,
            Operation::Convolution(ConvolutionLayer { filling, .. }) => self.filling = *filling,
            _ => {}
        }
        let layer = layer.map(self);
        let architecture = self.architecture.to_owned();
        match self.unknown.take() {
            Some(path) => Err(ModuleError::Parameter { architecture, path }),
            None => Ok(layer),
        }
    }

    /// Returns the values of the parameter at hand, if it has a distribution.
    fn draw(&mut self, shape: &[usize]) -> Option<Vec<f32>> {
        let path = self.path.joined();
        let Some(uniform) = Uniform::of(self.path.field(), shape, [self.variance, self.gain])
        else {
            self.unknown.get_or_insert(path);
            return None;
        };
        let count = shape.iter().product();
        let Some(seed) = self.seed.map(u64::to_le_bytes) else {
            // No memory is touched for them.
            return Some(vec![0.0; count]);
        };
        let key: [&[u8]; 4] = [b"weights", self.architecture.as_bytes(), path.as_bytes(), &seed];
        let mut values = Stream::new(&key).uniform(count, uniform.centre, uniform.half_width);
        if let (Filling::NearIdentity, [to, from, height, width]) = (self.filling, shape) {
            add_identity(&mut values, [*to, *from], height * width);
        }
        Some(values)
    }
}

/// Makes drawn weights small and adds the identity: each channel's own pixel.
///
/// Source: Zagoruyko and Komodakis 2017, arXiv:1706.00388.
fn add_identity(values: &mut [f32], [channels_out, channels_in]: [usize; 2], kernel: usize) {
    values.iter_mut().for_each(|value| *value *= NEAR_IDENTITY_SCALE);
    for channel in 0..channels_out {
        // One filter per channel reads its own alone; of more channels out than in, several read one.
        let own = channel % channels_in;
        values[(channel * channels_in + own) * kernel + kernel / 2] += NEAR_IDENTITY_CENTRE;
    }
}

impl<B: Backend> ModuleMapper<B> for Weights<'_, B> {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, container: &str) {
        self.path.exit(container);
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
    use formbench_blueprint::{Activation::Relu, Blueprint, Convolution, Net};

    use super::*;
    use crate::Network;

    /// A stem, a block near identity with a shortcut, a classifier of two classes.
    fn blueprint() -> Blueprint {
        let mut net = Net::new();
        let images = net.images();
        let stem = net.conv_norm("stem", images, Convolution::new(3, 8).stride(2), Relu);
        let same = Convolution::new(3, 8).near_identity();
        let branch = net.within("blocks.0", |net| net.conv_norm("branch", stem, same, Relu));
        let sum = net.add(&[branch, stem]);
        let sum = net.batch_norm("norm", sum);
        let logits = net.classifier("classifier", sum, 2);
        net.finish(logits)
    }

    /// Path and values of every parameter.
    fn filled<B: Backend>(name: &str, seed: u64) -> Vec<(String, Vec<f32>)> {
        let network = Network::<B>::new(name, &blueprint(), seed, &B::Device::default()).unwrap();
        let values = |(path, primitive)| {
            let primitive = burn::tensor::TensorPrimitive::Float(primitive);
            let data = Tensor::<B, 1>::from_primitive(primitive).into_data();
            (path, data.to_vec().unwrap())
        };
        network.parameters().into_iter().map(values).collect()
    }

    fn of(path: &str) -> Vec<f32> {
        let values = filled::<Flex>("small", 1);
        values.into_iter().find(|(other, _)| other == path).unwrap().1
    }

    #[test]
    fn weights_are_the_same_bits_on_two_backends() {
        assert_eq!(filled::<Flex>("small", 1), filled::<NdArray>("small", 1));
    }

    #[test]
    fn weights_do_not_change() {
        // The checksum was taken from this test's own message when the weights were first drawn:
        // a change of it changes every architecture's weights, and with them all logits on record.
        assert_eq!(
            checksum(&filled::<Flex>("small", 1)),
            "a75e91e9ee28defef0647436347fa2211797c43b3efafd38b003d0d5eba7bb35"
        );
    }

    fn checksum(values: &[(String, Vec<f32>)]) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for (path, values) in values {
            hash.update(path);
            values.iter().for_each(|value| hash.update(value.to_le_bytes()));
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn paths_are_the_steps_and_running_statistics_are_among_them() {
        let variances = of("blocks.0.branch.norm.running_var");
        assert_eq!(variances.len(), 8);
        // The stem's ReLU leaves half of 1, a convolution doubles it: in 1 ± 0.1, none left at 1.
        assert!(variances.iter().all(|v| (0.9..1.1).contains(v) && *v != 1.0));
        // Half of 1 from the branch and half of 1 from the stem.
        assert!(of("norm.running_var").iter().all(|v| (0.9..1.1).contains(v)));
        // The images have a mean square of 1: 2 ± 0.2.
        assert!(of("stem.norm.running_var").iter().all(|v| (1.8..2.2).contains(v)));
    }

    #[test]
    fn a_convolution_near_identity_passes_on_the_centre_of_each_channel() {
        // 8 channels, 3×3: He's half width sqrt(6 / 72) = 0.289, a quarter of it is 0.072; the
        // centre of channel c to channel c is at (c·8 + c)·9 + 4.
        for (at, weight) in of("blocks.0.branch.conv.weight").iter().enumerate() {
            let own = at % 9 == 4 && at / 72 == at / 9 % 8;
            let centre = if own { 0.9375 } else { 0.0 };
            assert!((weight - centre).abs() < 0.0722, "{at}: {weight}");
        }
    }

    #[test]
    fn seeds_paths_and_architectures_draw_different_weights() {
        let values = filled::<Flex>("small", 1);
        for others in [filled::<Flex>("small", 2), filled::<Flex>("other", 1)] {
            assert!(values.iter().zip(others).all(|((_, one), (_, two))| *one != two));
        }
        // Both norms are of one shape, and differ all the same.
        assert_ne!(of("stem.norm.beta"), of("blocks.0.branch.norm.beta"));
    }

    #[test]
    fn a_parameter_without_a_distribution_is_named() {
        let device = Default::default();
        let norm = burn::nn::PReluConfig::new().init::<Flex>(&device);
        let mut weights = Weights::<Flex>::new("small", Some(1), &device);
        let step = &blueprint().steps()[1].clone();
        assert_eq!(
            weights.fill(step, norm).unwrap_err().to_string(),
            "small: parameter `stem.conv.alpha` has no distribution; add its kind to the weights"
        );
    }
}
