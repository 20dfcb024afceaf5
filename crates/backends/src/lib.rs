//! Every architecture on every Burn backend, behind one type.
//!
//! Owns nothing but the instantiation: all generic code of Burn and of the architectures is compiled
//! here, once per backend, so that a change to an engine does not wait minutes for it. Must not know
//! engines, refusals or the clock.

use burn::tensor::backend::Backend;
use burn::tensor::{Tensor, TensorData};
use formbench_architectures::{ArchitectureError, BuiltNetwork, build};
use formbench_protocol::Subject;

/// A network on one device.
pub trait Loaded {
    /// Returns the logits, `[batch, 1000]` in row order, once they are readable on the host.
    ///
    /// # Shapes
    /// - `images`: `[batch, 3, resolution, resolution]` in row order
    ///
    /// # Errors
    /// What the backend said.
    fn infer(&mut self, images: &[f32]) -> Result<Vec<f32>, String>;
}

/// A loaded network, or why there is none.
pub type Loading = Result<Box<dyn Loaded>, ArchitectureError>;

struct OnDevice<B: Backend> {
    network: Box<dyn BuiltNetwork<B>>,
    device: B::Device,
    /// NCHW.
    shape: [usize; 4],
}

impl<B: Backend> Loaded for OnDevice<B> {
    fn infer(&mut self, images: &[f32]) -> Result<Vec<f32>, String> {
        let data = TensorData::new(images.to_vec(), self.shape);
        let logits = self.network.forward(Tensor::from_data(data, &self.device));
        let data = logits.try_into_data().map_err(|error| format!("{error:?}"))?;
        data.into_vec().map_err(|error| format!("{error:?}"))
    }
}

fn load<B: Backend>(subject: &Subject, device: B::Device) -> Loading {
    let network = build::<B>(&subject.architecture, subject.weights_seed, &device)?;
    let side = subject.input.resolution as usize;
    let shape = [subject.input.batch as usize, 3, side, side];
    Ok(Box::new(OnDevice { network, device, shape }))
}

/// Returns the subject's network on ndarray.
///
/// # Errors
/// No such architecture exists.
#[cfg(feature = "burn-ndarray")]
pub fn ndarray(subject: &Subject) -> Loading {
    load::<burn_ndarray::NdArray>(subject, burn_ndarray::NdArrayDevice::Cpu)
}

/// Returns the subject's network on candle.
///
/// # Errors
/// No such architecture exists.
#[cfg(feature = "burn-candle")]
#[expect(deprecated, reason = "0.21 is the last Burn with candle, which the study compares")]
pub fn candle(subject: &Subject) -> Loading {
    load::<burn_candle::Candle>(subject, burn_candle::CandleDevice::Cpu)
}

/// Returns the subject's network on flex.
///
/// # Errors
/// No such architecture exists.
#[cfg(feature = "burn-flex")]
pub fn flex(subject: &Subject) -> Loading {
    load::<burn_flex::Flex>(subject, burn_flex::FlexDevice)
}

/// Returns the subject's network on a graphics device.
///
/// # Errors
/// No such architecture exists.
#[cfg(feature = "burn-wgpu")]
pub fn wgpu(subject: &Subject, device: burn_wgpu::WgpuDevice) -> Loading {
    load::<burn_wgpu::Wgpu>(subject, device)
}
