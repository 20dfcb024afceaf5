//! Any blueprint on every Burn backend, behind one type.
//!
//! Owns nothing but the instantiation: all generic code of Burn and of the modules is compiled here,
//! once per backend, so that a change to a network or an engine does not wait minutes for it. Must
//! not know the names of architectures, refusals or the clock.

use burn::tensor::backend::Backend;
use burn::tensor::{Tensor, TensorData};
use formbench_blueprint::Blueprint;
use formbench_modules::{ModuleError, Network};

/// What is loaded: a network with its weights, for images of one shape.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// The architecture's name, from which its weights follow.
    pub architecture: &'a str,
    /// Its layers.
    pub blueprint: &'a Blueprint,
    /// Seed of its weights.
    pub weights_seed: u64,
    /// Shape of the images, NCHW.
    pub shape: [usize; 4],
}

/// A network on one device.
pub trait LoadedModule {
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
pub type Loading = Result<Box<dyn LoadedModule>, ModuleError>;

struct OnDevice<B: Backend> {
    network: Network<B>,
    device: B::Device,
    /// NCHW.
    shape: [usize; 4],
}

impl<B: Backend> LoadedModule for OnDevice<B> {
    fn infer(&mut self, images: &[f32]) -> Result<Vec<f32>, String> {
        let data = TensorData::new(images.to_vec(), self.shape);
        let logits = self.network.forward(Tensor::from_data(data, &self.device));
        let data = logits.try_into_data().map_err(|error| format!("{error:?}"))?;
        data.into_vec().map_err(|error| format!("{error:?}"))
    }
}

fn load<B: Backend>(source: &Source<'_>, device: B::Device) -> Loading {
    let Source { architecture, blueprint, weights_seed, shape } = *source;
    let network = Network::<B>::new(architecture, blueprint, weights_seed, &device)?;
    Ok(Box::new(OnDevice { network, device, shape }))
}

/// Returns the network on ndarray.
///
/// # Errors
/// A parameter has no distribution.
#[cfg(feature = "burn-ndarray")]
pub fn ndarray(source: &Source<'_>) -> Loading {
    load::<burn_ndarray::NdArray>(source, burn_ndarray::NdArrayDevice::Cpu)
}

/// Returns the network on candle.
///
/// # Errors
/// A parameter has no distribution.
#[cfg(feature = "burn-candle")]
#[expect(deprecated, reason = "0.21 is the last Burn with candle, which the study compares")]
pub fn candle(source: &Source<'_>) -> Loading {
    load::<burn_candle::Candle>(source, burn_candle::CandleDevice::Cpu)
}

/// Returns the network on flex.
///
/// # Errors
/// A parameter has no distribution.
#[cfg(feature = "burn-flex")]
pub fn flex(source: &Source<'_>) -> Loading {
    load::<burn_flex::Flex>(source, burn_flex::FlexDevice)
}

/// Returns the network on a graphics device.
///
/// # Errors
/// A parameter has no distribution.
#[cfg(feature = "burn-wgpu")]
pub fn wgpu(source: &Source<'_>, device: burn_wgpu::WgpuDevice) -> Loading {
    load::<burn_wgpu::Wgpu>(source, device)
}
