//! Single operations of Burn on constants, computed on burn-ndarray.
//!
//! Owns nothing but the instantiation of the whole backend, so that a change to the recorder does
//! not wait minutes for it. Must not know graphs or recordings.

use burn::tensor::backend::{Backend, DTypeUsageSet};
use burn::tensor::{DType, TensorData, try_read_sync};
use burn_ir::{OperationIr, TensorId, TensorIr, TensorStatus};
use burn_ndarray::{NdArray, NdArrayDevice};
use burn_router::{Runner, RunnerClient};

/// Returns the outputs of an operation, in its order.
///
/// # Panics
/// If an input is missing, or burn-ndarray cannot compute the operation.
pub fn outputs(
    operation: &OperationIr,
    inputs: impl IntoIterator<Item = (TensorId, TensorData)>,
) -> Vec<TensorData> {
    computed(operation, inputs.into_iter().collect())
}

fn computed(operation: &OperationIr, inputs: Vec<(TensorId, TensorData)>) -> Vec<TensorData> {
    let runner = Runner::<NdArray>::new(NdArrayDevice::Cpu);
    for (id, data) in inputs {
        runner.register_tensor_data_id(id, data);
    }
    runner.register_op(operation.clone());
    operation.outputs().map(|output| read(&runner, output)).collect()
}

fn read(runner: &Runner<NdArray>, output: &TensorIr) -> TensorData {
    let tensor = TensorIr { status: TensorStatus::ReadWrite, ..output.clone() };
    let data = try_read_sync(runner.read_tensor_async(tensor)).and_then(Result::ok);
    data.expect("burn-ndarray reads at once").convert_dtype(output.dtype)
}

/// Sets the seed of random numbers.
pub fn seed(seed: u64) {
    NdArray::<f32>::seed(&NdArrayDevice::Cpu, seed);
}

/// Returns what elements of a type can be used for.
pub fn dtype_usage(dtype: DType) -> DTypeUsageSet {
    NdArray::<f32>::dtype_usage(&NdArrayDevice::Cpu, dtype)
}
