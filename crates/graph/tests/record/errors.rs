use burn::module::Module;
use burn::nn::conv::{Conv1d, Conv1dConfig, Conv2d, Conv2dConfig};
use burn::tensor::module::{adaptive_avg_pool2d, linear};
use burn::tensor::{DType, Tensor, backend::Backend};
use formbench_graph::{Graph, GraphRecordError, GraphRecorder, Recording};

use crate::recording::{Images, record, try_record};

#[derive(Module, Debug)]
struct Layers<B: Backend> {
    conv: Conv2d<B>,
    line: Conv1d<B>,
}

impl<B: Backend> Layers<B> {
    fn new(device: &B::Device) -> Self {
        let conv = Conv2dConfig::new([4, 4], [1, 1]).init(device);
        Self { conv, line: Conv1dConfig::new(4, 4, 1).init(device) }
    }
}

/// Returns the error of what follows a convolution called `conv`.
fn after_conv<const O: usize>(
    then: impl FnOnce(Images, &Layers<Recording>) -> Tensor<Recording, O>,
) -> GraphRecordError {
    let recorder = GraphRecorder::new();
    let layers = Layers::new(recorder.device());
    recorder.name_module(&layers);
    let forward = |x| then(layers.conv.forward(x), &layers);
    recorder.record("x", [1, 4, 6, 6], "y", forward).unwrap_err()
}

#[test]
fn an_unsupported_operation_is_named_with_the_last_module_before_it() {
    assert_eq!(
        after_conv(|x, _| x.exp().cumsum(1)).to_string(),
        "operation `CumSum` after `conv`: there is no operator for it; express it by other \
         operations"
    );
}

#[test]
fn an_unsupported_operation_is_named_with_the_module_of_its_own_parameters() {
    assert_eq!(
        after_conv(|x, layers| layers.line.forward(x.flatten(2, 3))).to_string(),
        "operation `Conv1d` in `line`: there is no operator for it; express it by other operations"
    );
}

#[test]
fn windows_of_several_sizes_are_refused() {
    let error = try_record([1, 2, 7, 7], |x, _| adaptive_avg_pool2d(x, [2, 2])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "operation `AdaptiveAvgPool2d` before the first named module: windows of one size do not \
         cut [7, 7] into [2, 2]; use multiples"
    );
}

#[test]
fn elements_that_graphs_do_not_have_are_refused() {
    let error = try_record([2, 2], |x, _| x.cast(DType::F16).cast(DType::F32)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "operation `Cast` before the first named module: elements are F16, not f32, i64, i32 or \
         bool; convert the tensor"
    );
}

#[test]
fn reading_a_tensor_in_the_forward_pass_is_an_error() {
    let error = after_conv(|x, _| {
        let largest = x.clone().max().into_scalar();
        x / largest
    });
    assert_eq!(error, GraphRecordError::ReadsData { place: "after `conv`".to_owned() });
    assert_eq!(
        error.to_string(),
        "after `conv`, the forward pass reads the numbers of a tensor; a recording knows only \
         shapes: keep the computation in tensors"
    );
}

#[test]
fn reading_a_constant_in_the_forward_pass_is_none() {
    let graph: Graph = try_record([2, 2], |x, device| {
        let number = Tensor::<Recording, 1>::from_floats([3.0, 4.0], device).sum().into_scalar();
        x * number
    })
    .unwrap();
    let factor = graph.value(graph.nodes[0].inputs[1]);
    assert_eq!(factor.floats().unwrap(), [7.0]);
}

#[test]
fn a_module_on_another_device_is_an_error() {
    let layers = Layers::<Recording>::new(&Default::default());
    let recorder = GraphRecorder::new();
    recorder.name_module(&layers);
    let forward = |x| layers.conv.forward(x);
    let error = recorder.record("x", [1, 4, 6, 6], "y", forward).unwrap_err();
    assert_eq!(
        error.to_string(),
        "operation `Conv2d` before the first named module: one of its tensors is not on the \
         recorder's device; build the module and all tensors on `GraphRecorder::device`"
    );
}

#[test]
fn a_tensor_of_an_earlier_recording_is_an_error() {
    let mut kept = None;
    let first = try_record([2, 2], |x, _| {
        kept = Some(x.clone());
        x.abs()
    });
    assert!(first.is_ok());
    // The same device may be used again, but its tensors are other ones.
    let error = try_record([2, 2], |x, _| linear(x, kept.unwrap(), None)).unwrap_err();
    let place = "before the first named module".to_owned();
    assert_eq!(error, GraphRecordError::OtherDevice { operation: "Linear".to_owned(), place });
}

#[test]
fn a_panic_in_the_forward_pass_is_an_error() {
    let error = after_conv(|x, _| -> Images {
        let [_, channels, ..] = x.dims();
        panic!("{channels} channels are odd enough")
    });
    assert_eq!(
        error.to_string(),
        "after `conv`, the forward pass panicked: 4 channels are odd enough"
    );
}

#[test]
fn an_output_that_is_not_computed_is_an_error() {
    let text = "output `output` is not computed from input `input`: there is nothing to record";
    let constant = try_record([2, 2], |_, device| Tensor::<Recording, 2>::ones([2, 2], device));
    assert_eq!(constant.unwrap_err().to_string(), text);
    assert_eq!(try_record([2, 2], |x, _| x * 1.0).unwrap_err().to_string(), text);
}

#[test]
fn a_recording_after_an_error_is_whole() {
    assert!(try_record([2, 2], |x, _| x.cumsum(0)).is_err());
    assert_eq!(record([2, 2], Tensor::abs).nodes.len(), 1);
}
