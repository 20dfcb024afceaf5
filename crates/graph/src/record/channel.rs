use std::sync::Arc;

use burn::tensor::{DType, Shape};
use burn_ir::TensorIr;
use burn_router::{BackendRouter, MultiBackendBridge, RouterTensor, RunnerChannel};

use super::Constant;
use super::client::RecordingClient;
use super::device::RecordingDevice;

/// The backend whose operations are recorded: floats of 32 bits, integers of 64.
pub type Recording = BackendRouter<RecordingChannel>;

/// Leads a recording's tensors to its client.
#[derive(Clone, Copy, Debug)]
pub struct RecordingChannel;

/// Carries constants from one recording's device to another's.
#[derive(Clone, Copy, Debug)]
pub struct ConstantBridge;

/// A constant between two devices.
#[derive(Clone, Debug)]
pub struct ConstantHandle(pub(super) Arc<Constant>);

impl RunnerChannel for RecordingChannel {
    type Device = RecordingDevice;
    type Bridge = ConstantBridge;
    type Client = RecordingClient;
    type FloatElem = f32;
    type IntElem = i64;
    type BoolElem = bool;

    fn name(_device: &RecordingDevice) -> String {
        "recording".to_owned()
    }

    fn init_client(device: &RecordingDevice) -> RecordingClient {
        RecordingClient::new(device.clone())
    }

    fn get_tensor_handle(tensor: &TensorIr, client: &RecordingClient) -> ConstantHandle {
        ConstantHandle(client.constant(tensor))
    }

    fn register_tensor(
        client: &RecordingClient,
        handle: ConstantHandle,
        _shape: Shape,
        _dtype: DType,
    ) -> RouterTensor<RecordingClient> {
        client.adopt(&handle.0)
    }
}

impl MultiBackendBridge for ConstantBridge {
    type TensorHandle = ConstantHandle;
    type Device = RecordingDevice;

    fn change_backend_float(
        tensor: ConstantHandle,
        _shape: Shape,
        _target: &RecordingDevice,
    ) -> ConstantHandle {
        tensor
    }

    fn change_backend_int(
        tensor: ConstantHandle,
        _shape: Shape,
        _target: &RecordingDevice,
    ) -> ConstantHandle {
        tensor
    }

    fn change_backend_bool(
        tensor: ConstantHandle,
        _shape: Shape,
        _target: &RecordingDevice,
    ) -> ConstantHandle {
        tensor
    }
}
