use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use burn::tensor::backend::{DTypeUsageSet, ExecutionError};
use burn::tensor::{DType, Shape, TensorData};
use burn_ir::{OperationIr, TensorId, TensorIr};
use burn_router::{RouterTensor, RunnerClient};

use super::context::{Context, Task};
use super::device::RecordingDevice;
use super::interruption::{self, Interruption};
use super::names::Names;
use super::operation::{self, Logged};
use super::{Constant, Origin, folding};

/// Keeps what happens on one device.
#[derive(Clone, Debug)]
pub struct RecordingClient {
    device: RecordingDevice,
    context: Arc<Mutex<Context>>,
}

/// A result that is there at once, in the form that Burn asks for.
type Ready<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Numbers of tensors, the same on all devices, so that a tensor is unknown on all but its own.
static TENSORS: AtomicU64 = AtomicU64::new(0);

/// Returns a number that no tensor has.
pub(crate) fn new_id() -> TensorId {
    TensorId::new(TENSORS.fetch_add(1, Ordering::Relaxed))
}

impl RecordingClient {
    pub(crate) fn new(device: RecordingDevice) -> Self {
        Self { device, context: Arc::default() }
    }

    fn context(&self) -> MutexGuard<'_, Context> {
        self.context.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tensor(&self, id: TensorId, shape: Shape, dtype: DType) -> RouterTensor<Self> {
        RouterTensor::new(id, shape, dtype, self.clone())
    }

    /// Returns the constant that a tensor is.
    ///
    /// # Panics
    /// Ends the recording if it depends on the input.
    pub(crate) fn constant(&self, tensor: &TensorIr) -> Arc<Constant> {
        let constant = self.context().constant(tensor.id);
        constant.unwrap_or_else(|| {
            interruption::raise(Interruption::OtherDevice { operation: "ToDevice".to_owned() })
        })
    }

    /// Returns another device's constant as a tensor of this one.
    pub(crate) fn adopt(&self, constant: &Arc<Constant>) -> RouterTensor<Self> {
        let copy = constant.copied(new_id());
        let tensor = self.tensor(copy.id, copy.shape.clone().into(), copy.dtype);
        self.context().keep(copy);
        tensor
    }

    /// Names a tensor after a parameter.
    pub(crate) fn name(&self, path: &str, tensor: RouterTensor<Self>) {
        self.context().name(tensor.into_ir().id, path);
    }

    /// Returns the input of a forward pass.
    pub(crate) fn begin(&self, shape: Shape) -> RouterTensor<Self> {
        let id = new_id();
        self.context().begin(id);
        self.tensor(id, shape, DType::F32)
    }

    /// Forgets everything; returns the log and the names.
    pub(crate) fn finish(&self) -> (Vec<Logged>, Names) {
        self.context().finish()
    }

    fn fold(&self, operation: OperationIr, constants: &[Arc<Constant>]) {
        let path = self.context().path_behind(constants);
        let outputs = folding::outputs(&operation, constants);
        let mut context = self.context();
        context.forget_consumed(&operation);
        for output in outputs {
            context.keep(output.derived_from(path.clone()));
        }
    }
}

impl RunnerClient for RecordingClient {
    type Device = RecordingDevice;

    fn register_op(&self, operation: OperationIr) {
        match &operation {
            OperationIr::Init(_) => return,
            OperationIr::Drop(_) => return self.context().forget_consumed(&operation),
            _ => {}
        }
        let task = self.context().register(&operation);
        match task {
            Task::Logged => {}
            Task::Fold(constants) => self.fold(operation, &constants),
            Task::Refuse => {
                let operation = operation::name(&operation);
                interruption::raise(Interruption::OtherDevice { operation })
            }
        }
    }

    fn read_tensor_async(&self, tensor: TensorIr) -> Ready<Result<TensorData, ExecutionError>> {
        let constant = self.context().constant(tensor.id);
        let data = match constant {
            Some(constant) => Ok(TensorData::clone(&constant.data())),
            None if interruption::is_inside() => interruption::raise(Interruption::ReadsData),
            None => {
                let reason = Interruption::ReadsData.to_string();
                Err(ExecutionError::WithContext { reason })
            }
        };
        Box::pin(std::future::ready(data))
    }

    fn sync(&self) -> Result<(), ExecutionError> {
        Ok(())
    }

    fn create_empty_handle(&self) -> TensorId {
        new_id()
    }

    fn register_tensor_data(&self, data: TensorData) -> RouterTensor<Self> {
        let constant = Constant::new(new_id(), data, Origin::Given);
        let tensor = self.tensor(constant.id, constant.shape.clone().into(), constant.dtype);
        self.context().keep(constant);
        tensor
    }

    fn device(&self) -> RecordingDevice {
        self.device.clone()
    }

    fn seed(&self, seed: u64) {
        formbench_folding::seed(seed);
    }

    fn dtype_usage(&self, dtype: DType) -> DTypeUsageSet {
        formbench_folding::dtype_usage(dtype)
    }
}
