use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorPrimitive, backend::Backend};

/// A classifier with weights, ready for inference.
pub trait Network<B: Backend>: Send {
    /// Returns class logits.
    ///
    /// # Shapes
    /// - `images`: `[batch, 3, height, width]`
    /// - returns: `[batch, 1000]`, no softmax
    fn forward(&self, images: Tensor<B, 4>) -> Tensor<B, 2>;
}

/// A network as the registry builds it.
pub trait BuiltNetwork<B: Backend>: Network<B> {
    /// Returns every parameter, running statistics included, with its path from the network's root,
    /// as `stages.1.0.last.conv.weight`.
    fn parameters(&self) -> Vec<(String, B::FloatTensorPrimitive)>;
}

impl<B: Backend, N: Network<B> + Module<B>> BuiltNetwork<B> for N {
    fn parameters(&self) -> Vec<(String, B::FloatTensorPrimitive)> {
        let mut collector = Collector::<B> { path: Vec::new(), parameters: Vec::new() };
        self.visit(&mut collector);
        collector.parameters
    }
}

struct Collector<B: Backend> {
    path: Vec<String>,
    parameters: Vec<(String, B::FloatTensorPrimitive)>,
}

impl<B: Backend> ModuleVisitor<B> for Collector<B> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<B, D>>) {
        if let TensorPrimitive::Float(tensor) = param.val().into_primitive() {
            self.parameters.push((self.path.join("."), tensor));
        }
    }
}

#[cfg(test)]
mod tests {
    use burn_flex::Flex;
    use burn_ndarray::NdArray;
    use formbench_protocol::Input;

    use crate::probe;

    const INPUT: Input = Input { batch: 1, resolution: 64, seed: 7 };

    fn largest(values: &[f32]) -> f32 {
        values.iter().fold(0.0, |largest, value| largest.max(value.abs()))
    }

    fn largest_difference(one: &[f32], two: &[f32]) -> f32 {
        largest(&one.iter().zip(two).map(|(one, two)| one - two).collect::<Vec<_>>())
    }

    #[test]
    fn backends_agree() {
        for architecture in probe::every_architecture(6, 8) {
            let flex = probe::logit_values::<Flex>(&architecture, 1, INPUT, 0);
            let ndarray = probe::logit_values::<NdArray>(&architecture, 1, INPUT, 0);
            let difference = largest_difference(&flex, &ndarray);
            assert!(difference <= 1e-3 * largest(&ndarray), "{architecture}: {difference}");
        }
    }

    #[test]
    fn logits_neither_vanish_nor_explode() {
        for depth in [4, 44] {
            for architecture in probe::every_architecture(depth, 16) {
                let largest = largest(&probe::logit_values::<Flex>(&architecture, 1, INPUT, 0));
                assert!((1.0..100.0).contains(&largest), "{architecture}: {largest}");
            }
        }
    }

    #[test]
    fn logits_depend_on_image_and_seed() {
        for architecture in probe::every_architecture(44, 16) {
            let logits =
                |seed, variant| probe::logit_values::<Flex>(&architecture, seed, INPUT, variant);
            let first = logits(1, 0);
            // Ten times the relative tolerance of this crate's comparison of backends.
            let visible = 1e-2 * largest(&first);
            let images = largest_difference(&first, &logits(1, 1));
            assert!(images > visible, "{architecture}: {images} of {visible}");
            assert!(largest_difference(&first, &logits(2, 0)) > visible, "{architecture}");
        }
    }
}
