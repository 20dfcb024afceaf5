use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::backend::BackendTypes;
use burn::tensor::{Bool, Int, Shape, Tensor, TensorPrimitive};
use burn_router::{RouterTensor, get_client};

use super::channel::{Recording, RecordingChannel};
use super::client::RecordingClient;
use super::device::{Lease, RecordingDevice};
use super::lower::{Signature, lower};
use super::naming;
use super::{interruption, place};
use crate::{Graph, GraphRecordError, pattern};

/// One recording of a forward pass, on a device of its own.
///
/// Recordings in several threads do not meet. The module is built on [`GraphRecorder::device`], its
/// parameters loaded, then named, then its forward pass recorded.
#[derive(Debug)]
pub struct GraphRecorder {
    lease: Lease,
    client: RecordingClient,
}

impl Default for GraphRecorder {
    fn default() -> Self {
        Self::new()
    }
}

impl GraphRecorder {
    /// Returns a recorder with a device of its own.
    ///
    /// # Panics
    /// If 65 535 recordings are under way.
    pub fn new() -> Self {
        let lease = Lease::new();
        let client = get_client::<RecordingChannel>(lease.device());
        Self { lease, client }
    }

    /// Returns where the module's parameters, and all tensors of its forward pass, have to be made.
    pub fn device(&self) -> &RecordingDevice {
        self.lease.device()
    }

    /// Names constants after parameters, given with their paths from the module's root.
    pub fn name_parameters(
        &self,
        parameters: impl IntoIterator<
            Item = (String, <Recording as BackendTypes>::FloatTensorPrimitive),
        >,
    ) {
        for (path, tensor) in parameters {
            self.client.name(&path, tensor);
        }
    }

    /// Names all parameters of a module by their paths from its root, such as
    /// `stages.1.conv.weight`.
    pub fn name_module<M: Module<Recording>>(&self, module: &M) {
        module.visit(&mut Namer { client: &self.client, path: Vec::new() });
    }

    /// Returns the graph of a forward pass on an input of 32-bit floats.
    ///
    /// # Errors
    /// An operation has no operator, a tensor is read or is on another device, the forward pass
    /// panics, or the output does not depend on the input.
    pub fn record<const I: usize, const O: usize>(
        self,
        input_name: &str,
        shape: [usize; I],
        output_name: &str,
        forward: impl FnOnce(Tensor<Recording, I>) -> Tensor<Recording, O>,
    ) -> Result<Graph, GraphRecordError> {
        let input = self.client.begin(Shape::new(shape));
        let input_ir = input.clone().into_ir();
        let input = Tensor::from_primitive(TensorPrimitive::Float(input));
        let outcome = interruption::run(|| forward(input).into_primitive().tensor().into_ir());
        let (log, names) = self.client.finish();
        let output =
            outcome.map_err(|payload| interruption::error(payload, place::after(&log, &names)))?;
        let signature = Signature { input: input_ir, input_name, output: output.id, output_name };
        let mut draft = lower(&log, &signature, &names)?;
        drop(log);
        pattern::recognise(&mut draft);
        naming::graph(&draft, &signature, &names)
    }
}

impl Drop for GraphRecorder {
    fn drop(&mut self) {
        self.client.finish();
    }
}

struct Namer<'a> {
    client: &'a RecordingClient,
    path: Vec<String>,
}

impl Namer<'_> {
    fn name(&self, tensor: RouterTensor<RecordingClient>) {
        self.client.name(&self.path.join("."), tensor);
    }
}

impl ModuleVisitor<Recording> for Namer<'_> {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<Recording, D>>) {
        self.name(param.val().into_primitive().tensor());
    }

    fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<Recording, D, Int>>) {
        self.name(param.val().into_primitive());
    }

    fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<Recording, D, Bool>>) {
        self.name(param.val().into_primitive());
    }
}
