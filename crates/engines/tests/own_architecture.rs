//! An architecture that no engine has seen: branches, concatenation, slices, three activations, and
//! dilated, grouped and asymmetrically padded convolutions. Recorded and exported, it gives Burn's
//! own logits on every engine that takes ONNX files.

#![expect(clippy::print_stderr, reason = "a test says what it leaves out")]

use burn::module::{Module, ModuleMapper, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::activation::{hard_swish, relu, silu};
use burn::tensor::module::{avg_pool2d, max_pool2d};
use burn::tensor::{Tensor, TensorData, backend::Backend};
use burn_ndarray::NdArray;
use formbench_engines::{Model, engines};
use formbench_graph::{GraphRecorder, Recording, onnx};
use formbench_protocol::{Architecture, Array, CLASSES, Images, Job, RefusalKind};
use formbench_seed::images;
use formbench_statistics::{Tolerance, disagreement};

const INPUT: Images = Images { batch: 2, resolution: 33, seed: 7 };

#[derive(Module, Debug)]
struct Own<B: Backend> {
    stem: Conv2d<B>,
    dilated: Conv2d<B>,
    grouped: Conv2d<B>,
    norm: BatchNorm<B>,
    classifier: Linear<B>,
}

impl<B: Backend> Own<B> {
    /// Every weight is a function of its place in the module, the same on every backend.
    fn new(device: &B::Device) -> Self {
        let conv = |channels, kernel| Conv2dConfig::new(channels, kernel);
        let padding =
            |top, left, bottom, right| PaddingConfig2d::Explicit(top, left, bottom, right);
        let own = Self {
            stem: conv([3, 16], [3, 5])
                .with_stride([2, 1])
                .with_padding(padding(0, 1, 2, 3))
                .init(device),
            dilated: conv([16, 12], [3, 3])
                .with_dilation([2, 3])
                .with_padding(padding(2, 3, 2, 3))
                .init(device),
            grouped: conv([16, 8], [3, 3])
                .with_groups(4)
                .with_padding(padding(1, 1, 1, 1))
                .with_bias(false)
                .init(device),
            norm: BatchNormConfig::new(24).init(device),
            classifier: LinearConfig::new(24, CLASSES).init(device),
        };
        own.map(&mut Waves(0))
    }

    fn forward(&self, images: Tensor<B, 4>) -> Tensor<B, 2> {
        let [batch, _, _, _] = images.dims();
        let stem = relu(self.stem.forward(images));
        let dilated = hard_swish(self.dilated.forward(stem.clone()));
        let grouped = silu(self.grouped.forward(stem.clone()));
        let kept = stem.slice([0..batch, 4..8]);
        let joined = self.norm.forward(Tensor::cat(vec![dilated, grouped, kept], 1));
        let largest = max_pool2d(joined.clone(), [3, 3], [2, 2], [1, 1], [1, 1], false);
        let mean = avg_pool2d(joined, [3, 3], [2, 2], [1, 1], true, false);
        let features = (largest + mean).flatten::<3>(2, 3).mean_dim(2).flatten::<2>(1, 2);
        self.classifier.forward(features)
    }
}

/// Fills parameters with a wave, positive where variances are.
struct Waves(u32);

impl<B: Backend> ModuleMapper<B> for Waves {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<B, D>>) -> Param<Tensor<B, D>> {
        self.0 += 1;
        let shape = param.lazy_shape();
        let phase = self.0 as f32;
        let wave = |at: usize| {
            let wave = (phase + at as f32 * 0.7).sin();
            if D == 1 { 1.0 + 0.3 * wave } else { 0.3 * wave }
        };
        let values: Vec<f32> = (0..shape.num_elements()).map(wave).collect();
        let device = param.lazy_device();
        let tensor = Tensor::from_data(TensorData::new(values, shape), &device);
        let id = param.id;
        param.transform_for_load(tensor, id)
    }
}

fn shape() -> [usize; 4] {
    let side = INPUT.resolution as usize;
    [INPUT.batch as usize, 3, side, side]
}

fn logits_on_burn(images: Vec<f32>) -> Vec<f32> {
    let device = Default::default();
    let images = Tensor::from_data(TensorData::new(images, shape()), &device);
    let logits = Own::<NdArray>::new(&device).forward(images);
    logits.into_data().to_vec().expect("logits are single precision")
}

fn exported() -> Vec<u8> {
    let recorder = GraphRecorder::new();
    let own = Own::<Recording>::new(recorder.device());
    recorder.name_module(&own);
    let graph = recorder
        .record("images", shape(), "logits", |images| own.forward(images))
        .expect("every operation has a rule");
    onnx::encode(&graph).expect("it has an ONNX form")
}

#[test]
fn a_new_architecture_agrees_on_every_engine_that_takes_onnx_files() {
    let file = exported();
    let mut compared = 0;
    for engine in engines() {
        let job = Job {
            engine: engine.name().to_owned(),
            options: Default::default(),
            architecture: Architecture::Network { name: "own".to_owned() },
            weights_seed: 1,
            input: INPUT.into(),
            threads: 1,
            software_gpu: false,
        };
        if !["tract", "onnxruntime", "openvino"].contains(&engine.name()) {
            continue;
        }
        if let Err(refusal) = engine.check() {
            assert_eq!(refusal.kind, RefusalKind::Unavailable);
            eprintln!("left out: {refusal}");
            continue;
        }
        let mut session =
            engine.prepare(&job, Model::Onnx(file.clone())).unwrap_or_else(|r| panic!("{r}"));
        for variant in [0, 1] {
            let images = images(&INPUT, variant);
            let given = [Array::floats(&INPUT.shape(), images.clone())];
            let outputs = session.infer(&given).unwrap_or_else(|failure| panic!("{failure:?}"));
            let logits = outputs[0].as_floats().expect("logits are single precision");
            let expected = logits_on_burn(images);
            let found = disagreement(&expected, logits, Tolerance::default());
            assert_eq!(found, Ok(None), "{}", engine.name());
        }
        compared += 1;
    }
    // tract is part of every build.
    assert!(compared >= 1);
}
